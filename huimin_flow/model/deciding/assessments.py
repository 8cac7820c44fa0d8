"""The four assessments of an item, and the third parties that make them (B7, D4)."""

from __future__ import annotations

from datetime import date
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import (
    AssessmentKind,
    AssessmentState,
    Relation,
    ThirdPartyKind,
    ThirdPartyState,
)
from huimin_flow.model.core.values import value

#: What says that an assessor is bound to a unit that an item concerns.
_BONDS: Final = {
    Relation.PARENT: Code.ASSESSOR_IS_PARENT,
    Relation.CHILD: Code.ASSESSOR_IS_CHILD,
    Relation.SIBLING: Code.ASSESSOR_IS_SIBLING,
}


def bond_code(relation: object) -> Code:
    """Return the code that says in a sentence how an assessor is bound to an item.

    >>> bond_code("lead").value, bond_code("child").value
    ('assessor_not_independent', 'assessor_is_child')

    """
    return _BONDS.get(Relation(str(relation)), Code.ASSESSOR_NOT_INDEPENDENT)


@value
class Staff:
    """The staff of one role in an engagement; ``count`` people, none by name."""

    role: str
    qualification: str
    count: int


@value
class Treatment:
    """How a high risk is treated: measures, who takes them, and by when."""

    measures: str
    unit: str
    due: date


@value
class Assessment:
    """One of the four assessments of an item (B7).

    ``third_party`` is the assessor's key in the register; it is needed for an
    assessment by a third party, with ``approach`` and ``staff`` of the engagement.
    ``note`` is why the finding, or the treatment of a high risk, was last returned.
    """

    key: str
    item: str
    kind: AssessmentKind
    state: AssessmentState
    assessor: str
    third_party: str | None = None
    approach: str = ""
    staff: tuple[Staff, ...] = ()
    high_risk: bool = False
    finding: str = ""
    note: str = ""
    treatment: Treatment | None = None
    version: int = 1
    #: Who submitted the finding; the same person may not accept it.
    submitted_by: str = ""
    #: Who recorded the treatment; the same person may not accept it.
    treated_by: str = ""


@value
class Treated:
    """A recorded treatment of a finding's high risk: by whom, and what came of it.

    ``returned`` is why it was returned, "" if it was not; ``decided_by`` is who
    returned or accepted it, "" for nobody yet.
    """

    day: date
    by: str
    treatment: Treatment
    returned: str = ""
    decided_by: str = ""


@value
class Finding:
    """A submitted version of an assessment's finding, counted from 1.

    ``returned`` is why it was returned, "" if it was not; ``decided_by`` is who
    returned or accepted it, "" for nobody yet. ``treatments`` are all recorded ones of
    its high risk, in order.
    """

    number: int
    day: date
    by: str
    text: str
    high_risk: bool
    returned: str = ""
    decided_by: str = ""
    treatments: tuple[Treated, ...] = ()


@value
class ThirdParty:
    """An organization of the register of assessors (D4).

    ``parent`` is the name or the unit code of the organization that it belongs to,
    "" for none. ``experience`` is what it has assessed, ``understanding`` what it
    knows of the field.
    """

    key: str
    name: str
    kind: ThirdPartyKind
    experience: str
    understanding: str
    parent: str = ""
    state: ThirdPartyState = ThirdPartyState.REGISTERED
    reason: str = ""
    version: int = 1
