"""Forms: what is drawn of an act, and what a browser sends back for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huimin_flow.catalogue.language import Language, speaking
from huimin_flow.catalogue.reasons import Code, DeskCode, InputCode
from huimin_flow.catalogue.reasons.reason import Reason
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    AssessmentKind,
    FeedWay,
    FieldKind,
    Recommendation,
    State,
    ThirdPartyKind,
    TwoPeople,
)
from huimin_flow.clock import SHANGHAI
from huimin_flow.desk.forms.acting import FORMLESS
from huimin_flow.desk.forms.form import Form, Layout, Sent, in_words
from huimin_flow.desk.forms.inputs import Group, Input, draw, place
from huimin_flow.desk.forms.nodes import Node, nodes_of
from huimin_flow.errors import HuiminError, NotFound, StepRefused
from huimin_flow.flow import Flow, Snapshot
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.improving import boards
from huimin_flow.flow.methods import methods
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.items import Effectiveness
from huimin_flow.model.rulebook import Rulebook, rulebook_text
from huimin_flow.model.sensing.policies import Promise, Undertaking
from huimin_flow.testing import UNIT, Desk
from tests.flow.core.improving import prepare_replication
from tests.kept import rehearsal

ACTS = [name for name, made in methods(Flow).items() if made.case.kind is Kind.ACT]

#: Texts as people write them: signs of HTML, both kinds of brackets, several blanks.
TEXTS = st.text(
    st.sampled_from("甲乙丙 <>&\"'{}[]().:;\uff1a\uff08A1"), max_size=12
).map(lambda text: f"甲{text}乙")


def flat(parts: tuple[Input | Group, ...]) -> Iterator[Input | Group]:
    for part in parts:
        yield part
        if isinstance(part, Group):
            yield from flat(part.parts)


def inputs(form: Form) -> dict[str, Input]:
    drawn = flat(draw(form))
    return {part.name: part for part in drawn if isinstance(part, Input)}


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
MOMENTS = st.builds(datetime.combine, DAYS, st.just(time(9, 30, 7)), st.just(SHANGHAI))

#: By kind of a field: what an act may be passed for it.
LEAVES: dict[FieldKind, st.SearchStrategy[Any]] = {
    FieldKind.TEXT: TEXTS,
    FieldKind.YES_NO: st.booleans(),
    FieldKind.FILE: st.binary(max_size=9),
    FieldKind.DAY: DAYS,
    FieldKind.MOMENT: MOMENTS,
    FieldKind.WHOLE: st.integers(0, 100),
    FieldKind.PERCENT: st.integers(0, 100),
}


def leaf(form: Form, node: Node) -> st.SearchStrategy[Any]:
    kind = form.kind_of(node)
    if kind is FieldKind.TERM:
        return st.sampled_from(list(node.hint)).map(str)
    if kind is FieldKind.CODE:
        codes = [each.code for each in form.now.fields.choices(Argument(node.word))]
        return st.sampled_from(codes) if codes else st.nothing()
    return LEAVES[kind]


def values(form: Form, node: Node) -> st.SearchStrategy[Any]:
    """Plain values that a node may have, as the act's JSON would have them."""
    parts = [values(form, part) for part in node.parts]
    named = {part.key: made for part, made in zip(node.parts, parts, strict=True)}
    match node.kind:
        case "leaf":
            return leaf(form, node)
        case "rows":
            return st.lists(parts[0], min_size=1, max_size=2)
        case "map":
            return st.lists(parts[0], min_size=1, max_size=2).map(dict)
        case "tuple":
            return st.tuples(*parts).map(list)
    must = {p.key: named[p.key] for p in node.parts if not p.optional}
    may = {p.key: named[p.key] for p in node.parts if p.optional}
    if must or not (node.optional or node.kind == "keys"):
        return st.fixed_dictionaries(must, optional=may)
    some = (  # something stands there: this one, and any others
        st.fixed_dictionaries(
            {key: of}, optional={k: v for k, v in may.items() if k != key}
        )
        for key, of in may.items()
    )
    filled: st.SearchStrategy[Any] = st.one_of(list(some))
    return filled


def sent_for(node: Node, name: str, plain: Any) -> Iterator[tuple[str, Any]]:
    """What a browser sends for a plain value."""
    inner: list[tuple[Node, str, Any]] = []
    if node.kind in {"rows", "map"}:
        rows = plain.items() if node.kind == "map" else plain
        yield f"{name}[]", str(len(plain))
        inner = [(node.parts[0], f"[{n}]", part) for n, part in enumerate(rows, 1)]
    elif node.kind == "tuple":
        pairs = zip(node.parts, plain, strict=True)
        inner = [(part, f"[{part.key}]", each) for part, each in pairs]
    elif node.parts:
        known = [part for part in node.parts if part.key in plain]
        inner = [(part, f".{part.key}", plain[part.key]) for part in known]
    elif isinstance(plain, bool):
        yield name, "yes" if plain else "no"
    elif isinstance(plain, datetime):
        yield name, f"{plain:%Y-%m-%dT%H:%M:%S}"
    else:
        yield name, plain if isinstance(plain, bytes) else str(plain)
    for part, step, each in inner:
        yield from sent_for(part, name + step, each)


@pytest.mark.parametrize("act", sorted({*ACTS} - FORMLESS))
def test_every_input_has_a_label_of_the_catalogue(act: str) -> None:
    def unlabelled(nodes: tuple[Node, ...]) -> list[str]:
        own = [node.path for node in nodes if node.label.isascii()]
        return own + [path for node in nodes for path in unlabelled(node.parts)]

    assert unlabelled(nodes_of(act)) == []


@pytest.fixture(scope="module")
def now() -> Iterator[Snapshot]:
    with rehearsal() as desk:
        desk.item(State.LISTED)
        number = desk.item(State.ASSIGNED).number
        desk.flow.assessments.request(
            number, AssessmentKind.LEGALITY, "甲", by=desk.office
        )
        desk.flow.items.advise(number, Recommendation.IMPROVE, by=desk.office)
        university = ThirdPartyKind.UNIVERSITY
        desk.flow.third_parties.register("乙", university, "有", "有", by=desk.office)
        promises = [Promise(key="P1", indicator="甲", due=date(2024, 6, 30))]
        policy = desk.flow.policies.register(
            "某部", "1号", "甲", desk.today(), promises, by=desk.office
        ).key
        undertakings = [Undertaking(promise="P1", due=date(2024, 6, 30))]
        desk.flow.measures.register(
            policy, "乙", Area.EMPLOYMENT, UNIT, undertakings, by=desk.office
        )
        desk.flow.feeds.register("a", "甲", "乙", UNIT, FeedWay.FILE, by=desk.office)
        judged(desk, number)
        desk.flow.engagements.plan(
            number, "乙", "走访", date(2099, 1, 1), by=desk.office
        )
        values = {"item": number, "reason": "not_ours"}
        desk.flow.proposals.propose(TwoPeople.CANCEL, values, by=desk.office)
        with desk.flow.snapshot() as snapshot:
            yield snapshot


def judged(desk: Desk, number: str) -> None:
    """Put an item under an order and before a review meeting; replicate another."""
    prepare_replication(desk, {})
    flow, office, today = desk.flow, desk.office, desk.today()
    order = flow.orders.receive(number, "甲", "1号", today, "乙", by=office).key
    flow.rectifications.open(number, "甲", order_key=order, by=office)
    held = flow.reviews.call(today, "leader-1", by=office).key
    flow.reviews.hold(held, ["office-1"], by=office)
    flow.decisions.decide(held, "甲", UNIT, today, by=office)
    quarter = partial(boards.draft, period="2023Q3", by=desk.scheduler)
    door_of(flow).perform(lambda work: quarter(work, cut=work.head, book=work.rulebook))


@pytest.mark.parametrize("act", ACTS)
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_arguments_become_inputs_and_come_back(
    now: Snapshot, act: str, data: st.DataObject
) -> None:
    form = Form(now, act, Layout())
    texts: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    wanted: dict[str, Any] = {}
    for node in nodes_of(act):
        if node.optional and not data.draw(st.booleans()):
            continue
        if node.hint is Rulebook:
            book = now.rulebook.active()
            files[node.key] = ("rulebook.json", rulebook_text(book))
            wanted[node.key] = book
            continue
        plain = data.draw(values(form, node), label=node.key)
        wanted[node.key] = plain
        for name, text in sent_for(node, node.key, plain):
            if isinstance(text, bytes):
                files[name] = ("a.txt", text)
            else:
                texts[name] = text
    back = Form(now, act, Layout(), Sent(texts=texts, files=files))
    read = back.read()
    assert back.refusals == {}
    assert read is not None
    drawn = inputs(back)
    assert {name for name in texts if not name.endswith("[]")} <= drawn.keys()
    for name, text in texts.items():
        assert name.endswith("[]") or drawn[name].text == text
    for key, plain in wanted.items():
        if isinstance(read[key], Actor):
            assert read[key].id == plain
        elif isinstance(read[key], Rulebook | bytes):
            assert read[key] == plain
        else:
            assert covers(to_plain(read[key]), to_plain(plain)), key
    assert read.keys() == wanted.keys()


def covers(whole: Any, part: Any) -> bool:
    """Tell whether a plain value has all that another has; the rest are defaults."""
    if isinstance(part, dict):
        return all(covers(whole.get(key), inner) for key, inner in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(covers, whole, part))
    if isinstance(part, str) and "T" in part and part != whole:
        return datetime.fromisoformat(part) == datetime.fromisoformat(whole)
    return bool(part == whole)


def texts_of(form: Form) -> dict[str, str]:
    """What a browser would send of a form as it is drawn."""
    sent = {name: part.text for name, part in inputs(form).items()}
    groups = (part for part in flat(draw(form)) if isinstance(part, Group))
    return sent | {part.rows: str(part.count) for part in groups if part.rows}


def test_rows_are_added_and_removed_and_keep_what_was_typed(now: Snapshot) -> None:
    layout = Layout(
        begins={"plan.tasks[].key": "T{}", "plan.tasks[].title": "a{}"},
        rows={"plan.tasks": 1},
    )
    form = Form(now, "items.assign", layout)
    sent = texts_of(form) | {"plan.tasks[1].title": "甲", "number": "x"}
    form = Form(now, "items.assign", layout, Sent(texts=sent))
    form.change_rows(add="plan.tasks")
    form.change_rows(add="plan.tasks[2].indicators")
    sent = texts_of(form)
    assert sent["plan.tasks[2].key"] == "T2"
    assert sent["plan.tasks[2].indicators[1].name"] == ""
    sent["plan.tasks[2].title"] = "乙"
    form = Form(now, "items.assign", layout, Sent(texts=sent))
    form.change_rows(remove="plan.tasks[1]")
    sent = texts_of(form)
    assert sent["plan.tasks[1].title"] == "乙"
    assert sent["plan.tasks[1].key"] == "T2"
    assert sent["plan.tasks[]"] == "1"
    assert not any(name.startswith("plan.tasks[2]") for name in sent)


def test_people_write_names_full_width_signs_and_parts_of_names(now: Snapshot) -> None:
    sent = {
        "demand.title": "甲",
        "demand.origin": "问题反映",
        "demand.area": "employment",
        "demand.unit": "万州",
        "occurred_on": "2026年1月5日",
    }
    read = Form(now, "items.collect", Layout(), Sent(texts=sent)).read()
    assert read is not None
    assert (read["demand"].unit, read["demand"].origin) == ("500101", "problem")
    assert str(read["occurred_on"]) == "2026-01-05"
    number = now.items.list()[0].number
    sent = {"number": number, "expected.value": "\uff19\uff18%", "expected.low": "9"}
    sent |= {"expected.high": "\uff19\uff19", "version": "\uff13"}
    read = Form(now, "items.star", Layout(), Sent(texts=sent)).read()
    assert read is not None
    assert read["expected"] == Effectiveness(value=98, low=9, high=99)
    assert read["version"] == 3


def test_each_refusal_stands_beside_its_input_and_the_text_is_kept(
    now: Snapshot,
) -> None:
    sent = {"demand.title": "", "demand.unit": "州", "occurred_on": "昨天"}
    form = Form(now, "items.collect", Layout(), Sent(texts=sent))
    assert form.read() is None
    shown = inputs(form)
    refused = {name for name, part in shown.items() if part.refusals}
    assert refused == {
        *("demand.title", "demand.origin", "demand.area", "demand.unit"),
        "occurred_on",
    }
    assert shown["demand.unit"].text == "州"
    assert "万州区" in shown["demand.unit"].refusals[0].text
    assert shown["occurred_on"].refusals[0].way


def test_reasons_of_an_act_stand_beside_what_they_name(now: Snapshot) -> None:
    form = Form(now, "items.screen", Layout(), Sent(texts={"number": "2026-000001"}))
    reasons = (
        Reason(code="score_missing", values={"criterion": "urgency"}),
        Reason(code="second_person_needed"),
    )
    place(form, StepRefused(reasons))
    assert "紧迫性" in inputs(form)["scores.urgency"].refusals[0].text
    assert [made.text for made in form.refusals[""]] == ["须由另一人复核确认"]
    form = Form(now, "items.judge", Layout(), Sent())
    reason = Reason(code="grounds_missing", values={"question": "wanted"})
    place(form, StepRefused((reason,)))
    groups = {part.name: part for part in flat(draw(form)) if isinstance(part, Group)}
    assert groups["judgment.answers.wanted"].refusals


def test_a_correction_sends_only_what_was_changed(now: Snapshot) -> None:
    begins = {"corrections.title": "甲", "corrections.description": "旧"}
    sent = {
        "number": now.items.list()[0].number,
        "corrections.title": "甲",
        "corrections.description": "",
        "corrections.area": "人才人事",
    }
    layout = Layout(begins=begins)
    form = Form(now, "items.amend", layout, Sent(texts=sent))
    read = form.read()
    assert read is not None
    assert read["corrections"] == {"description": "", "area": "talent"}
    sent["corrections.description"] = "旧"
    del sent["corrections.area"]
    form = Form(now, "items.amend", layout, Sent(texts=sent))
    assert form.read() is None
    assert form.refusals["corrections"]


@pytest.mark.parametrize(
    ("refusal", "way", "english"),
    [
        (
            NotFound(InputCode.ITEM_UNKNOWN, number="1"),
            "用“事项”页查看全部编号",
            "see the page of items for all numbers",
        ),
        (
            StepRefused(Code.DUTY_MISSING, roles="a", duty="b", may="c"),
            "请由有此权限的岗位办理",
            "",
        ),
        (
            StepRefused(DeskCode.LINK_VOID),
            "请再运行一次 huimin desk link",
            "run huimin desk link again",
        ),
    ],
)
def test_a_way_out_on_a_page_leads_to_pages(
    refusal: HuiminError, way: str, english: str
) -> None:
    assert in_words(refusal).way == way
    with speaking(Language.ENGLISH):
        said = in_words(refusal).way
    assert "huimin permissions" not in said
    assert said == (english or said)
