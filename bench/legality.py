"""Legality: is a person entitled, and may the step be taken? No database.

The limit looks the arc up in a dict and calls the same guards.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bench import worlds
from bench.harness import Line, Size, Variant, compare, figure, run, turns
from huimin_flow.catalogue.terms import Area, Origin, State, Step, Via
from huimin_flow.model.evidence import Acting, AmendmentEvidence
from huimin_flow.model.items import Item
from huimin_flow.settings import load_rulebook
from huimin_flow.states.authority import authorize
from huimin_flow.states.machine import permit
from huimin_flow.states.table import ITEM

DAY = date(2023, 10, 9)


def measure(size: Size, folder: Path) -> list[Line]:  # noqa: ARG001 - no file
    """Return the line of a question, and how many a second."""
    pieces = size.pick(10_000, 100)
    organization = load_rulebook(worlds.CONFIG).organization
    actor = organization.actor(worlds.BY, Via.HOST)
    if actor is None:
        raise SystemExit(f"config has no post {worlds.BY}")
    item = Item(
        number="2023-000001",
        title="零工市场缺少候工区",
        origin=Origin.PROBLEM,
        area=Area.EMPLOYMENT,
        unit="500101",
        state=State.COLLECTED,
        version=1,
        collected_on=DAY,
    )
    acting = Acting(actor=actor, day=DAY, organization=organization)
    evidence = AmendmentEvidence(changes=worlds.title(1))
    arcs = {(arc.step, arc.source): arc for arc in ITEM.arcs}

    def ours(_: int) -> None:
        for _ in range(pieces):
            authorize(actor, Step.AMEND, item.unit, item.area, organization, day=DAY)
            permit(ITEM, item.state, Step.AMEND, acting, evidence, subject=item)

    def bare(_: int) -> None:
        for _ in range(pieces):
            for guard in arcs[Step.AMEND, item.state].guards:
                guard(item, acting, evidence)

    variants = [Variant("ours", ours, pieces), Variant("bare", bare, pieces)]
    samples = turns(variants, size.blocks)
    rates = [1 / sample.cpu for sample in samples["ours"]]
    return [
        compare("authorize + permit", samples, "ours", "bare", by="CPU"),
        figure(
            "authorize + permit", rates, "a second",
            by="CPU", bound=60_000, at_least=True,
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    run(measure)
