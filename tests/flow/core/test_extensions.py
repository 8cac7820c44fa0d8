"""What a host adds: it can say no, it is kept in history, and the audit asks it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine

from huimin_flow.audit.findings import AuditReport
from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.language import Language, speaking
from huimin_flow.catalogue.reasons import EXTENDED, ExtensionCode, Reason, Wording
from huimin_flow.catalogue.terms import State, Step
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.extensions import Extension, Facts
from huimin_flow.settings import config_folder, load_rulebook
from huimin_flow.testing import Desk, rehearsal
from tests.flow.core.test_host import DEMAND


class Section(BaseModel):
    """The figures of an extension."""

    model_config = ConfigDict(extra="forbid")
    most: int


def short_enough(facts: Facts) -> Iterator[Reason]:
    """Refuse a title that is too long."""
    title = (facts.changes or {}).get("title", "")
    if len(title) > facts.section.most:
        yield Reason(code="too_long", values={"length": len(title)})


def measured(facts: Facts) -> Verdict:
    """Find how long a title is."""
    title = (facts.changes or {}).get("title", "")
    return Verdict(rule="", revision=0, passed=False, score=str(len(title)))


TEXTS = {
    "too_long": Wording("标题有{length}个字", "a title of {length}", "改短", "cut")
}
TITLES = Extension(
    name="titles",
    label="标题",
    english="titles",
    revision=1,
    section=Section,
    guards={Step.COLLECT: short_enough, Step.AMEND: short_enough},
    rules={Step.COLLECT: measured},
    texts=TEXTS,
)


def in_force(
    desk: Desk, *extensions: Extension, most: int = 20, **section: Any
) -> None:
    """Give a desk extensions, and activate a rulebook that names them."""
    door_of(desk.flow).extensions = extensions
    figures = {"most": most, **section}
    named = {each.name: figures if each.section else {} for each in extensions}
    name_in_force(desk, named)


def name_in_force(desk: Desk, named: Mapping[str, Mapping[str, Any]]) -> None:
    """Activate a rulebook that names extensions."""
    book = replace(desk.flow.rulebook.active(), extensions=named)
    desk.flow.rulebook.activate(book, by=desk.office, second=desk.second)


def audited(flow: Flow, *extensions: Extension) -> AuditReport:
    """Verify a database, with extensions of a host."""
    return door_of(flow).read(partial(verify, extensions=extensions))


def amend(desk: Desk, number: str, title: str) -> Any:
    """Correct a title."""
    return desk.flow.items.amend(number, {"title": title}, by=desk.operator)


def test_a_guard_of_a_host_says_no_in_both_languages(desk: Desk) -> None:
    in_force(desk, TITLES)
    item = desk.collect()
    with pytest.raises(StepRefused) as refused:
        amend(desk, item.number, "长" * 21)
    assert refused.value.code == "titles.too_long"
    assert "21个字" in str(refused.value)
    assert refused.value.remedy == "改短"
    with speaking(Language.ENGLISH):
        assert "a title of 21" in str(refused.value)
    assert desk.flow.items.get(item.number) == item
    (kept,) = desk.flow.records.refusals(limit=1)
    assert kept.reasons == refused.value.reasons
    assert amend(desk, item.number, "长" * 20).version == 2


def test_a_process_that_never_asked_a_guard_says_its_reasons(
    desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(desk, TITLES)
    number = desk.collect().number
    with pytest.raises(StepRefused):
        amend(desk, number, "长" * 21)
    monkeypatch.delitem(EXTENDED, "titles.too_long")
    with Flow.open(url, clock=desk.clock, extensions=[TITLES]) as flow:
        (kept,) = flow.records.refusals(limit=1)
        assert str(kept.reasons[0]) == "标题有21个字"


def test_what_it_found_is_in_the_event_and_the_audit_finds_it_again(desk: Desk) -> None:
    in_force(desk, TITLES)
    number = desk.collect().number
    (first,) = desk.flow.items.history(number)
    said = first.event.public["extensions"]["titles"]
    assert said["revision"] == 1
    rule, guard = said["verdicts"]
    assert (rule["rule"], rule["passed"]) == ("titles.rule.collect", False)
    assert (guard["rule"], guard["passed"]) == ("titles.guard.collect", True)
    report = audited(desk.flow, TITLES)
    assert report.clean
    assert report.absent == ()


def test_an_absent_extension_is_named_and_is_no_false_alarm(desk: Desk) -> None:
    in_force(desk, TITLES)
    desk.collect()
    for known in ((), (replace(TITLES, revision=2),)):
        report = audited(desk.flow, *known)
        assert report.clean
        (absent,) = report.absent
        assert (absent.extension, absent.revision, absent.verdicts) == (
            "titles",
            "1",
            2,
        )


def test_the_same_revision_that_says_something_else_is_a_finding(desk: Desk) -> None:
    in_force(desk, TITLES)
    desk.collect()
    other = replace(
        TITLES,
        rules={Step.COLLECT: lambda _: Verdict(rule="", revision=1, passed=True)},
    )
    report = audited(desk.flow, other)
    assert [finding.law for finding in report.findings] == ["extensions 2"]


def test_a_guard_never_permits_what_the_engine_refuses(desk: Desk) -> None:
    yes = replace(TITLES, guards={step: lambda _: () for step in Step}, rules={})
    in_force(desk, yes)
    item = desk.collect()
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.close(item.number, by=desk.office)
    assert refused.value.code == "no_such_arc"


def test_what_is_not_installed_stops_acts_and_no_question(desk: Desk) -> None:
    item = desk.collect()
    name_in_force(desk, {"nowhere": {}})
    with pytest.raises(StepRefused) as refused:
        amend(desk, item.number, "改")
    assert refused.value.code == ExtensionCode.MISSING
    assert desk.flow.items.list() == [item]
    for each in desk.flow.items.possible(item.number, desk.office):
        assert not each.possible


_calls = count()


def _raises(_: Facts) -> Any:
    raise RuntimeError("张三13800138000")


def _forgets(_: Facts) -> Any:
    return [Reason(code="unheard")]


def _counts(_: Facts) -> Any:
    return [Reason(code="too_long", values={"length": next(_calls)})]


def _changes(facts: Facts) -> Any:
    facts.section.most = 1
    return ()


def _leaves(_: Facts) -> Any:
    raise SystemExit


BAD = {
    _raises: ExtensionCode.GUARD_FAILED,
    _leaves: ExtensionCode.GUARD_FAILED,
    _forgets: ExtensionCode.GUARD_FAILED,
    _counts: ExtensionCode.NOT_PURE,
    _changes: ExtensionCode.FACTS_CHANGED,
}


@pytest.mark.parametrize("guard", BAD, ids=lambda guard: guard.__name__)
def test_a_bad_guard_is_refused_by_its_name(desk: Desk, guard: Any) -> None:
    item = desk.collect()
    in_force(desk, replace(TITLES, guards={Step.AMEND: guard}))
    with pytest.raises(StepRefused) as refused:
        amend(desk, item.number, "改")
    (reason,) = refused.value.reasons
    assert reason.code == BAD[guard].value
    assert reason.values["guard"] == "titles.guard.amend"
    assert "张三" not in str(refused.value)
    assert desk.flow.items.get(item.number) == item


@pytest.mark.parametrize("way", ["acts", "acts as another", "asks", "tries"])
def test_a_guard_opens_no_door_while_it_is_asked(desk: Desk, way: str) -> None:
    """Its act would wait for the one that asks, or stay if that one is refused."""
    item, flow = desk.collect(), desk.flow

    def opens(_: Facts) -> Any:
        if way == "asks":
            flow.items.list()
        elif way == "tries":
            with flow.dry() as dry:
                dry.items.reject(item.number, "not_ours", by=desk.office)
        elif way == "acts":
            amend(desk, item.number, "乙")
        else:
            flow.items.collect(DEMAND, by=desk.operator)
        return ()

    in_force(desk, replace(TITLES, guards={Step.AMEND: opens}))
    with pytest.raises(StepRefused) as refused:
        amend(desk, item.number, "甲")
    (reason,) = refused.value.reasons
    assert reason.code == ExtensionCode.GUARD_FAILED
    assert reason.values["detail"] == ExtensionCode.GUARD_ACTS.value
    assert flow.items.list() == [item]


def test_what_is_possible_knows_the_guards_of_a_host(desk: Desk) -> None:
    never = {Step.AMEND: lambda _: [Reason(code="too_long", values={"length": 0})]}
    in_force(desk, replace(TITLES, guards=never))
    number = desk.collect().number
    (one,) = desk.flow.items.possible(number, desk.operator, Step.AMEND)
    assert [reason.code for reason in one.reasons] == ["titles.too_long"]
    with desk.flow.dry() as dry, pytest.raises(StepRefused):
        dry.items.amend(number, {"title": "改"}, by=desk.operator)


def test_a_section_that_does_not_fit_is_not_activated_and_stops_acts(
    desk: Desk,
) -> None:
    with pytest.raises(InputRefused) as unfit:
        in_force(desk, TITLES, odd=1)
    assert unfit.value.code == ExtensionCode.SECTION_UNFIT
    door_of(desk.flow).extensions = ()
    name_in_force(desk, {"titles": {"most": 1, "odd": 1}})
    door_of(desk.flow).extensions = (TITLES,)
    with pytest.raises(StepRefused) as refused:
        desk.collect()
    assert refused.value.code == ExtensionCode.SECTION_UNFIT
    assert refused.value.reasons[0].values["path"] == "titles.odd"


def test_two_extensions_of_one_name_are_refused(url: str, desk: Desk) -> None:
    del desk
    with pytest.raises(InputRefused) as refused:
        Flow.open(url, extensions=[TITLES, replace(TITLES, revision=2)])
    assert refused.value.code == ExtensionCode.TWICE
    with pytest.raises(InputRefused) as refused:
        Flow.open("unix:/nowhere", extensions=[TITLES])
    assert refused.value.code == ExtensionCode.AT_HOME


@pytest.mark.parametrize(
    "odd", [TITLES, "titles", ["titles"]], ids=["one", "name", "names"]
)
def test_extensions_that_are_not_several_are_refused_by_what_to_write(odd: Any) -> None:
    with pytest.raises(InputRefused, match="Extension") as refused:
        Flow.open("sqlite:///nowhere.db", extensions=odd)
    assert refused.value.code == ExtensionCode.NOT_SEVERAL
    assert "extensions=(" in refused.value.remedy


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ({"titels": {"most": 9}}, ExtensionCode.MISSING),
        ({"titles": {"mots": 9}}, ExtensionCode.SECTION_UNFIT),
    ],
)
def test_a_misspelt_extension_or_figure_founds_no_database(
    tmp_path: Path, named: Any, code: ExtensionCode
) -> None:
    url, book = f"sqlite:///{tmp_path / 'new.db'}", load_rulebook(config_folder())
    odd = replace(book, extensions=named)
    with pytest.raises(InputRefused) as refused:
        Flow.found(url, odd, extensions=[TITLES])
    assert refused.value.code == code
    right = replace(book, extensions={"titles": {"most": 9}})
    with Flow.found(url, right, extensions=[TITLES]) as flow:
        assert dict(flow.rulebook.active().extensions) == {"titles": {"most": 9}}


def test_a_host_tests_its_extension_in_one_line() -> None:
    book = replace(load_rulebook(config_folder()), extensions={"titles": {"most": 3}})
    with rehearsal(book=book, extensions=[TITLES]) as desk:
        with pytest.raises(StepRefused) as refused:
            desk.collect("太长的标题")
        (reason,) = refused.value.reasons
        assert (str(reason), reason.remedy) == ("标题有5个字", "改短")
        with speaking(Language.ENGLISH):
            assert (str(reason), reason.remedy) == ("a title of 5", "cut")


def test_a_host_brings_its_extension_through_every_door(desk: Desk, url: str) -> None:
    in_force(desk, TITLES)
    number = desk.collect().number
    with Flow.open(url, clock=desk.clock, extensions=[TITLES]) as flow:
        flow.items.amend(number, {"title": "甲"}, by=desk.operator)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        bound = Flow.bind(connection, clock=desk.clock, extensions=[TITLES])
        bound.items.amend(number, {"title": "乙"}, by=desk.operator)
    engine.dispose()
    assert desk.flow.items.get(number).title == "乙"


def test_a_whole_life_goes_through_the_extension(desk: Desk) -> None:
    in_force(desk, replace(TITLES, guards={step: lambda _: () for step in Step}))
    item = desk.item(State.CLOSED)
    assert all(
        "titles" in recorded.event.public["extensions"]
        for recorded in desk.flow.items.history(item.number)
    )
    known = door_of(desk.flow).extensions
    assert audited(desk.flow, *known).clean
