"""Extensions: what a host adds, its guards, its rules and its figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, Field

from huimin_flow.api import (
    Area,
    Demand,
    Extension,
    Facts,
    Flow,
    Origin,
    Reason,
    RehearsalClock,
    State,
    Step,
    StepRefused,
    Verdict,
    Wording,
    tick,
    verify,
)
from huimin_flow.testing import MORNING, UNIT, Desk, at_hour


class Money(BaseModel):
    """The fields that the extension adds to an item."""

    code: str = Field(title="资金编号", json_schema_extra={"english": "fund"})


class Section(BaseModel):
    """The figures of the extension, in the rulebook."""

    most: int


def add_a_guard_and_a_rule(desk: Desk) -> None:
    """Give a Flow an extension, and put it in force by the rulebook that names it."""

    def short_enough(facts: Facts) -> Iterator[Reason]:
        """Refuse a title that is too long."""
        title = (facts.changes or {}).get("title", "")
        if len(title) > facts.section.most:
            yield Reason(code="too_long", values={"length": len(title)})

    def measured(facts: Facts) -> Verdict:
        """Keep in history how long a title is."""
        title = (facts.changes or {}).get("title", "")
        return Verdict(rule="", revision=0, passed=True, score=str(len(title)))

    titles = Extension(
        name="titles",
        label="标题",
        english="titles",
        revision=1,
        fields=Money,
        section=Section,
        guards={Step.COLLECT: short_enough},
        rules={Step.COLLECT: measured},
        texts={
            "too_long": Wording(
                "标题有{length}个字", "a title of {length}", "改短", "cut"
            )
        },
    )

    with TemporaryDirectory() as folder:
        url, clock = f"sqlite:///{Path(folder) / 'host.db'}", desk.clock
        book = desk.flow.rulebook.active()
        Flow.found(url, book, rehearsal=True, clock=clock).close()

        flow = Flow.open(url, clock=clock, extensions=(titles,))
        named = replace(book, extensions={"titles": {"most": 20}}, digest="")
        flow.rulebook.activate(named, by=desk.office, second=desk.second)

        demand = Demand(
            title="长" * 21, origin=Origin.PROBLEM, area=Area.EMPLOYMENT, unit=UNIT
        )
        try:
            flow.items.collect(demand, by=desk.operator)
        except StepRefused as refused:
            assert refused.code == "titles.too_long"

        item = flow.items.collect(replace(demand, title="候工区"), by=desk.operator)
        (recorded,) = flow.records.events(f"item/{item.number}")
        print(recorded.event.public["extensions"])

        own = {"titles.code": "A-1"}
        item = flow.items.annotate(item.number, own, by=desk.operator)
        (entry,) = flow.items.own(item.number)
        assert flow.items.list(own=own) == [item]
        print(item.own, entry)
        flow.close()

        with Flow.open(url, clock=clock) as without:  # where it is not installed
            (absent,) = verify(without).absent
            print(absent.extension, absent.revision, absent.verdicts)


def see_a_job_fail(desk: Desk) -> None:
    """See which job failed because of a guard that raises; it is tried again."""

    def broken(facts: Facts) -> Iterator[Reason]:
        raise LookupError(facts.step)

    unfit = Extension(
        name="unfit", label="有错", english="unfit", revision=1,
        guards={Step.ENLIST: broken},
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'host.db'}"
        book, clock = desk.flow.rulebook.active(), RehearsalClock(MORNING)
        Flow.found(url, book, rehearsal=True, clock=clock).close()
        flow = Flow.open(url, clock=clock, extensions=(unfit,))
        other = Desk(flow, clock)
        named = replace(book, extensions={"unfit": {}}, digest="")
        flow.rulebook.activate(named, by=other.office, second=other.second)

        other.bring(State.STARRED)
        clock.set(at_hour(date(2023, 12, 18), 9))
        try:
            tick(flow)  # does all else that is due, then raises the first failure
        except StepRefused as refused:
            print(refused.code, refused.remedy)
        (failure,) = flow.timetable.failures()
        assert (failure.job, failure.period) == ("listing", "2024")
        flow.close()
