"""The evidence for steps with engagements, orders, rectifications and replications."""

from __future__ import annotations

from huimin_flow.model.core.values import value
from huimin_flow.model.evidence import Evidence
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.model.improving.replication import Practice, Replication
from huimin_flow.model.items import Item


@value
class EngagementEvidence(Evidence):
    """The item of a third party's engagement, and the last one of the same round."""

    item: Item
    before: Engagement | None = None


@value
class OrderedEvidence(Evidence):
    """The current item on which an authority has given an order."""

    item: Item


@value
class RectifiedEvidence(Evidence):
    """The current item that a rectification is about.

    For an opening ``open`` is the key of one that is not accepted yet, and ``caused``
    tells whether an entry on the bad board (``listed``) or an open order is a reason
    for it.
    """

    item: Item
    open: str | None = None
    caused: bool = False
    listed: bool = False


@value
class ShelvingEvidence(Evidence):
    """The current item of a practice; ``shelved`` is the key of one on the shelf."""

    item: Item
    shelved: str | None = None


@value
class ReplicationEvidence(Evidence):
    """What a step with a replication rests on.

    ``item`` and ``practice`` are what is replicated, ``unit`` is the one asked. For a
    proposal ``before`` is one to the same unit that stands, ``open`` how many units
    have not answered, of ``most`` at once. ``replica`` is the unit's own item.
    """

    item: Item
    practice: Practice
    unit: str = ""
    before: Replication | None = None
    open: int = 0
    most: int = 0
    replica: Item | None = None
