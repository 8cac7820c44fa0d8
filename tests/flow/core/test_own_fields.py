"""Own fields of extensions: entered by an act, shown, found, taken back, replayed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import BaseModel, Field, field_serializer, field_validator

from huimin_flow.audit.replay import replay
from huimin_flow.catalogue.reasons import ExtensionCode, InputCode, Reason, Wording
from huimin_flow.catalogue.terms import FieldKind, State, Step
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.advance import advance
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.evidence import OwnEvidence
from huimin_flow.model.extensions import Extension, Facts
from huimin_flow.model.items import OwnField
from huimin_flow.reports.items import item_facts
from huimin_flow.store.core.tables import OWN_FIELDS
from huimin_flow.testing import Desk
from tests.flow.core.test_extensions import audited, in_force


class Source(StrEnum):
    """Where the money comes from."""

    CITY = "city"
    DISTRICT = "district"


class Money(BaseModel):
    """The own fields of an extension."""

    code: str = Field(title="资金编号", json_schema_extra={"english": "fund"})
    amount: int = Field(default=0, title="金额", ge=0)
    source: Source | None = None
    until: date | None = None
    shared: bool = False
    places: list[str] = []
    note: str = ""

    @field_validator("code")
    @classmethod
    def _long(cls, code: str) -> str:
        if code == "boom":
            raise RuntimeError
        if code == "leave":
            raise SystemExit
        return "13800138000" if code == "person" else code

    @field_serializer("note")
    def _written(self, note: str) -> str:
        raise RuntimeError(note)


def has_money(facts: Facts) -> Any:
    """Refuse to go on without money."""
    if not facts.own.get("amount"):
        yield Reason(code="no_money")


FUNDS = Extension(
    name="funds",
    label="资金",
    english="funds",
    revision=1,
    fields=Money,
    guards={Step.CLOSE: has_money},
    texts={"no_money": Wording("没有资金", "no money", "填写金额", "enter the amount")},
)

ENTERED = {
    "funds.code": "A-1",
    "funds.amount": "50",
    "funds.source": "city",
    "funds.until": "2027-05-01",
    "funds.shared": "true",
    "funds.places": '["甲","乙"]',
}


def annotate(desk: Desk, number: str, **own: str) -> Any:
    """Enter own fields of the extension."""
    named = {f"funds.{name}": text for name, text in own.items()}
    return desk.flow.items.annotate(number, named, by=desk.operator)


def test_own_fields_are_kept_shown_found_and_replayed(desk: Desk) -> None:
    in_force(desk, FUNDS)
    number, other = desk.collect().number, desk.collect().number
    made = desk.flow.items.annotate(number, ENTERED, by=desk.operator)
    annotate(desk, other, code="A-2")
    assert made.own_of("funds") == {
        "code": "A-1", "amount": 50, "source": "city", "until": "2027-05-01",
        "shared": True, "places": ("甲", "乙"),
    }  # fmt: skip
    assert desk.flow.items.get(number) == made
    listed = partial(desk.flow.items.list)
    assert [each.number for each in listed(own={"funds.code": "A-2"})] == [other]
    assert listed(own={"funds.code": "A-1", "funds.amount": "50"}) == [made]
    assert listed(own={"funds.code": "A-1", "funds.amount": "51"}) == []
    assert desk.flow.items.count(own={"funds.shared": "true"}) == 1
    with desk.flow.snapshot() as now:
        facts = item_facts(now, made)
    assert ("资金编号", "A-1") in facts
    assert ("funds.places", "甲、乙") not in facts
    assert audited(desk.flow, FUNDS).clean
    assert door_of(desk.flow).read(partial(replay, stream=f"item/{number}")).same


def test_an_empty_text_clears_a_field_and_the_others_stay(desk: Desk) -> None:
    in_force(desk, FUNDS)
    number = desk.collect().number
    annotate(desk, number, code="A-1", amount="5")
    made = annotate(desk, number, amount="")
    assert made.own == (OwnField(key="funds.code", value="A-1"),)
    assert desk.flow.items.list(own={"funds.amount": "5"}) == []
    assert annotate(desk, number, code="").own == ()


UNFIT = {
    "funds.amount=-1": ExtensionCode.FIELD_UNFIT,
    "funds.amount=viel": ExtensionCode.FIELD_UNFIT,
    "funds.source=village": ExtensionCode.FIELD_UNFIT,
    "funds.code=boom": ExtensionCode.FIELD_UNFIT,
    "funds.amount=99999999999999999": ExtensionCode.FIELD_UNFIT,
    "funds.nothing=1": ExtensionCode.FIELD_UNKNOWN,
    "title=1": ExtensionCode.FIELD_UNKNOWN,
    "funds.code=张三13800138000": InputCode.NAMES_A_PERSON,
    "funds.code=leave": ExtensionCode.FIELD_UNFIT,
    "funds.code=person": InputCode.NAMES_A_PERSON,
    "funds.note=x": ExtensionCode.FIELD_UNFIT,
    r'funds.places=["1380013800\u0030"]': InputCode.NAMES_A_PERSON,
    r'funds.places=["\u0000"]': InputCode.TEXT_UNFIT,
    r'funds.places=["\ud800"]': InputCode.TEXT_UNFIT,
    "funds.places=" + "[" * 2000: ExtensionCode.FIELD_UNFIT,
}


@pytest.mark.parametrize("pair", UNFIT)
def test_what_the_model_does_not_accept_is_refused(desk: Desk, pair: str) -> None:
    in_force(desk, FUNDS)
    item = desk.collect()
    key, _, text = pair.partition("=")
    own = {"funds.code": "A", key: text}
    with pytest.raises(InputRefused) as refused:
        desk.flow.items.annotate(item.number, own, by=desk.operator)
    assert refused.value.code == UNFIT[pair].value
    assert desk.flow.items.get(item.number) == item
    assert "13800138000" not in str(refused.value)


def test_fields_of_what_is_not_in_force_are_refused(desk: Desk) -> None:
    in_force(desk, FUNDS)
    number = desk.collect().number
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.annotate(number, {"other.code": "1"}, by=desk.operator)
    assert refused.value.code == ExtensionCode.NOT_IN_FORCE
    with pytest.raises(StepRefused) as refused:
        annotate(desk, number, code="")
    assert refused.value.code == ExtensionCode.NOTHING_CHANGES


def test_a_filter_by_a_misspelt_field_is_refused_and_finds_not_nothing(
    desk: Desk,
) -> None:
    in_force(desk, FUNDS)
    for ask in (desk.flow.items.list, desk.flow.items.count):
        with pytest.raises(InputRefused, match=r"funds\.amount") as refused:
            ask(own={"funds.amuont": "50"})
        assert refused.value.code == ExtensionCode.FIELD_UNKNOWN
    assert desk.flow.items.list(own={"left.long": "ago"}) == []


def test_a_guard_reads_own_fields_and_the_item_goes_on_with_them(desk: Desk) -> None:
    in_force(desk, FUNDS)
    number = desk.item(State.ADJUSTED).number
    with pytest.raises(StepRefused, match="没有资金"):
        desk.flow.items.close(number, by=desk.office)
    annotate(desk, number, code="A-1", amount="5")
    assert desk.flow.items.close(number, by=desk.office).own_of("funds")["amount"] == 5
    assert audited(desk.flow, FUNDS).clean


def test_the_last_entry_can_be_taken_back(desk: Desk) -> None:
    in_force(desk, FUNDS)
    number = desk.collect().number
    annotate(desk, number, code="A-1", amount="5")
    annotate(desk, number, amount="7", shared="true")
    undo = desk.flow.items.undo(number, desk.operator)
    assert undo.step is Step.ANNOTATE
    assert undo.former == {"funds.amount": "5", "funds.shared": ""}
    desk.flow.items.annotate(number, undo.former, by=desk.operator)
    assert desk.flow.items.get(number).own_of("funds") == {"code": "A-1", "amount": 5}


def test_a_door_asks_for_them_as_the_model_describes(desk: Desk) -> None:
    in_force(desk, FUNDS)
    number = desk.collect().number
    annotate(desk, number, code="A-1", amount="5")
    entries = {each.key: each for each in desk.flow.items.own(number)}
    code, amount = entries["funds.code"], entries["funds.amount"]
    assert (code.label, code.english, code.required) == ("资金编号", "fund", True)
    assert (amount.kind, amount.text) == (FieldKind.WHOLE, "5")
    assert entries["funds.source"].choices == ("city", "district")
    assert entries["funds.until"].kind is FieldKind.DAY
    json.dumps([dict(each.schema) for each in entries.values()])


def test_the_step_is_there_only_with_an_extension(desk: Desk) -> None:
    number = desk.collect().number
    steps = {each.step for each in desk.flow.items.possible(number, desk.operator)}
    assert Step.ANNOTATE not in steps
    in_force(desk, FUNDS)
    (one,) = desk.flow.items.possible(number, desk.operator, Step.ANNOTATE)
    assert one.possible


def test_an_item_waits_for_the_own_fields_that_its_next_step_asks_about(
    desk: Desk,
) -> None:
    in_force(desk, replace(FUNDS, guards={Step.SCREEN: has_money}))
    number = desk.collect().number

    def waits(by: Actor) -> list[tuple[object, str]]:
        return [
            (entry.step, entry.act)
            for entry in desk.flow.people.todo(by)
            if entry.subject == number
        ]

    assert waits(desk.office) == [(Step.ANNOTATE, "items.annotate")]
    annotate(desk, number, code="A-1", amount="5")
    assert waits(desk.office) == [(Step.SCREEN, "items.screen")]
    annotate(desk, number, code="", amount="")
    in_force(desk, FUNDS)  # its guard asks about another step
    assert waits(desk.office) == [(Step.SCREEN, "items.screen")]


def test_an_own_field_that_was_changed_in_the_database_is_found(desk: Desk) -> None:
    in_force(desk, FUNDS)
    number = desk.collect().number
    annotate(desk, number, code="A-1")
    with door_of(desk.flow).own.begin() as connection:
        connection.execute(sa.update(OWN_FIELDS).values(text="A-9"))
    (finding,) = audited(desk.flow, FUNDS).findings
    assert finding.law == "extensions 3"
    again = door_of(desk.flow).read(partial(replay, stream=f"item/{number}"))
    assert not again.same


def test_values_of_an_extension_that_left_stay_readable(desk: Desk) -> None:
    in_force(desk, FUNDS)
    number = desk.collect().number
    made = annotate(desk, number, code="A-1")
    in_force(desk)
    assert desk.flow.items.get(number) == made
    with desk.flow.snapshot() as now:
        assert ("funds.code", "A-1") in item_facts(now, made)
    in_force(desk, replace(FUNDS, fields=None))
    with pytest.raises(InputRefused) as refused:
        annotate(desk, number, code="A-2")
    assert refused.value.code == ExtensionCode.FIELD_UNKNOWN


def test_the_way_itself_refuses_fields_of_what_is_not_in_force(desk: Desk) -> None:
    item = desk.collect()

    def act(work: Work) -> None:
        changes = {"own": (OwnField(key="ghost.a", value=1),)}
        for keys in ((), ("ghost.a",)):
            evidence = OwnEvidence(keys=keys, in_force=frozenset())
            with pytest.raises(StepRefused) as refused:
                advance(
                    work, item, Step.ANNOTATE, evidence, by=desk.operator,
                    changes=changes,
                )  # fmt: skip
            assert refused.value.code.startswith("extension_")

    door_of(desk.flow).perform(act)
    assert desk.flow.items.get(item.number) == item
