"""Independence of an assessor from the item that it assesses (B7, D4).

``independent`` first collects its inputs, then decides from these alone. So a
verdict's inputs are enough to decide again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import (
    AssessmentKind,
    AssessmentState,
    Relation,
    Role,
    ThirdPartyState,
    UnitKind,
)
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.assessments import Assessment, ThirdParty, bond_code
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.items import Item

RULE: Final = "independence"
REVISION: Final = 1

#: The states of an assessment whose finding was accepted.
_FINISHED: Final = frozenset(
    {AssessmentState.ACCEPTED, AssessmentState.AT_RISK}
    | {AssessmentState.TREATED, AssessmentState.CLEARED}
)

#: The units whose superior is the organization's.
_OF_THE_BUREAU: Final = frozenset({UnitKind.DIVISION, UnitKind.AGENCY, UnitKind.OFFICE})


@value
class Concerned:
    """Who made, executes or is the subject of an item: names, and those of parents."""

    relation: Relation
    name: str
    names: frozenset[str]
    parents: frozenset[str] = frozenset()


def independent(
    asked: Assessment,
    party: ThirdParty | None,
    concerned: Sequence[Concerned],
    *,
    staffed: bool = True,
) -> Verdict:
    """Decide whether an assessor may be asked for an assessment of an item.

    A third party is in the register, has a plan and staff for this engagement, and is
    not bound to the item. Other assessments may be made by a body that no register
    has; one that is registered is tested as well. Its staff is not asked for if it is
    not ``staffed`` yet.
    """
    inputs: dict[str, Plain] = {
        "kind": asked.kind.value,
        "assessor": asked.assessor,
        "registered": party is not None,
        "ended": party is not None and party.state is ThirdPartyState.ENDED,
        "approach": bool(asked.approach.strip()),
        "staff": sum(staff.count for staff in asked.staff) if staffed else None,
    }
    bound = () if party is None else tuple(relations(party, concerned))
    for n, (relation, name) in enumerate(bound, 1):
        inputs |= {f"relation{n}": relation.value, f"party{n}": name}
    return independent_from(inputs)


def independent_from(inputs: Mapping[str, Plain]) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``independent`` did."""
    assessor = inputs["assessor"]
    third = AssessmentKind(str(inputs["kind"])) is AssessmentKind.THIRD_PARTY
    lacks = {
        Code.ASSESSOR_UNREGISTERED: third and not inputs["registered"],
        Code.ASSESSOR_ENDED: inputs["ended"],
        Code.ENGAGEMENT_WITHOUT_PLAN: third and not inputs["approach"],
        Code.ENGAGEMENT_WITHOUT_STAFF: (
            third and inputs["staff"] is not None and int(inputs["staff"]) < 1
        ),
    }
    reasons = [
        Reason.of(code, Role.OFFICE, assessor=assessor)
        for code, lacking in lacks.items()
        if lacking
    ]
    n = 1
    while f"relation{n}" in inputs:
        values = {"relation": inputs[f"relation{n}"], "party": inputs[f"party{n}"]}
        code = bond_code(values["relation"])
        reasons.append(Reason.of(code, Role.OFFICE, assessor=assessor, **values))
        n += 1
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=not reasons,
        reasons=tuple(reasons),
        inputs=dict(inputs),
    )


def party_named(named: str, register: Sequence[ThirdParty]) -> ThirdParty | None:
    """Return the organization of a key or a name; one in the register comes first."""
    fitting = [party for party in register if named in {party.key, party.name}]
    current = [p for p in fitting if p.state is ThirdPartyState.REGISTERED]
    return next(iter([*current, *fitting[::-1]]), None)


def linked(item: Item) -> tuple[str, ...]:
    """Return the numbers of the items that an item continues, answers or comes from."""
    links = (item.continues, item.responds_to, item.arises_from, item.split_from)
    return tuple(dict.fromkeys(number for number in links if number))


def bonds(
    made: Sequence[Assessment],
    register: Sequence[ThirdParty],
    concerned: Sequence[Concerned],
) -> tuple[tuple[str, Relation, str], ...]:
    """Return assessor, relation and party for each bond of an item's assessors.

    Only the last finished assessment of each kind counts. A plan that is made after
    an assessment may bring its assessor in.
    """
    finished = {
        each.kind: each
        for each in sorted(made, key=lambda each: each.key)
        if each.state in _FINISHED
    }
    parties = {party.key: party for party in register}
    return tuple(
        (each.assessor, relation, name)
        for each in finished.values()
        if each.third_party in parties
        for relation, name in relations(parties[each.third_party], concerned)
    )


def relations(
    party: ThirdParty, concerned: Sequence[Concerned]
) -> Iterator[tuple[Relation, str]]:
    """Yield how an organization is bound to those whom an item concerns, each once."""
    seen = set()
    for other in concerned:
        bond: Relation | None = None
        if party.name in other.names:
            bond = other.relation
        elif party.name in other.parents:
            bond = Relation.PARENT
        elif party.parent and party.parent in other.names:
            bond = Relation.CHILD
        elif party.parent and party.parent in other.parents:
            bond = Relation.SIBLING
        if bond is not None and (bond, other.name) not in seen:
            seen.add((bond, other.name))
            yield bond, other.name


def concerned_by(
    item: Item,
    plan: Plan | None,
    makers: Sequence[str],
    organization: Organization,
    register: Sequence[ThirdParty],
) -> tuple[Concerned, ...]:
    """Return who made, executes or is the subject of an item.

    ``makers`` are the codes of the units whose items it continues or answers. Carriers
    and subjects are organizations of the register that the plan or the item names.
    """
    plan = plan or Plan()
    units = [
        (Relation.LEAD, item.unit),
        *((Relation.EXECUTOR, task.unit) for task in plan.tasks),
        *((Relation.EXECUTOR, each.unit) for each in plan.supporting_units),
        *((Relation.MAKER, code) for code in makers),
    ]
    members = [
        name
        for task in plan.tasks
        for indicator in task.indicators
        for name in indicator.members
    ]
    asked = plan.satisfaction_measure.population
    texts = {
        Relation.CARRIER: plan.carrier,
        Relation.SUBJECT: "\n".join((item.title, item.description, asked, *members)),
    }
    named = [
        Concerned(
            relation=relation,
            name=party.name,
            names=frozenset({party.name}),
            parents=frozenset({party.parent}) - {""},
        )
        for relation, text in texts.items()
        for party in register
        if party.name in text
    ]
    # A parent may be no organization of the register, and yet the carrier.
    named += [
        Concerned(relation=relation, name=parent, names=frozenset({parent}))
        for relation, text in texts.items()
        for parent in dict.fromkeys(party.parent for party in register)
        if parent and parent in text
    ]
    return (
        *(
            Concerned(
                relation=relation,
                name=organization.name_of(code),
                names=names_of(code, organization),
                parents=parents_of(code, organization),
            )
            for relation, code in dict.fromkeys(units)
        ),
        *named,
    )


def names_of(code: str, organization: Organization) -> frozenset[str]:
    """Return the code and all names of a unit, and those of its bodies."""
    units = [unit for unit in organization.units if unit.bears(code)]
    names = {code}
    for unit in units:
        names |= {unit.code, unit.name, *unit.aliases}
        names |= {text for body in unit.bodies for text in (body.code, body.name)}
    return frozenset(names)


def parents_of(code: str, organization: Organization) -> frozenset[str]:
    """Return the names of a unit's superior, and of the unit that it is part of."""
    parents: set[str] = set()
    for unit in (unit for unit in organization.units if unit.bears(code)):
        if unit.part_of:
            parents |= names_of(unit.part_of, organization)
        if unit.kind in _OF_THE_BUREAU and organization.superior:
            parents.add(organization.superior)
    return frozenset(parents)
