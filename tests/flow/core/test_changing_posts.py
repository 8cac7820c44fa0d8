"""People change posts, stand in for each other, and get accounts later (F1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    Area,
    ProposalState,
    Recommendation,
    Role,
    State,
    Step,
    TwoPeople,
    Via,
)
from huimin_flow.errors import StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.organization import Actor, Deputy, Person
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.states.authority import authorize
from huimin_flow.testing import Desk
from tests.flow.core.test_two_desks import codes, with_accounts


def clean(flow: Flow) -> bool:
    return door_of(flow).read(verify).clean


def with_post(book: Rulebook, person: str, **changes: object) -> Rulebook:
    """A rulebook with other facts about a post."""
    people = tuple(
        replace(post, **changes) if post.id == person else post  # type: ignore[arg-type]
        for post in book.organization.people
    )
    changed = replace(book, organization=replace(book.organization, people=people))
    return rulebook_from_text(rulebook_text(changed))


def activate(desk: Desk, book: Rulebook) -> None:
    leader = desk.post(Role.LEADER)
    desk.flow.rulebook.activate(book, by=leader, second=desk.office)
    desk.clock.advance(timedelta(minutes=1))


def test_a_founded_database_gets_its_first_accounts_by_init_and_later_ones_by_two(
    url: str, book: Rulebook
) -> None:
    Flow.found(url, book).close()
    held = with_accounts(book, office_1="zhang", office_2="li")
    other = replace(held.rules, judging=replace(held.rules.judging, on_no={}))
    with Flow.found(url, replace(held, rules=other)) as flow:
        active = flow.rulebook.active()
        assert flow.people.identify("zhang", None).id == "office-1"
        assert active.rules == book.rules, "only accounts are added"
        assert clean(flow)
    later = with_accounts(held, office_1="wang", office_2="li")
    with Flow.found(url, later) as flow:
        assert flow.rulebook.active() == active, "two people could do it now"
        first, second = (flow.people.identify(who, None) for who in ("zhang", "li"))
        flow.rulebook.activate(later, by=first, second=second)
        assert flow.people.identify("wang", None).id == "office-1"
        assert clean(flow)


def test_a_founder_who_changes_more_than_accounts_is_found(
    url: str, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    Flow.found(url, with_accounts(book, office_1="zhang", office_2="li")).close()
    patched = "huimin_flow.flow.core.rulebook.admits"
    monkeypatch.setattr(patched, lambda *_: True)
    with Flow.found(url, with_accounts(book, office_1="wang", office_2="wang")) as flow:
        report = door_of(flow).read(verify)
    assert not report.clean


def test_who_proposed_and_then_changed_posts_does_not_confirm_it_but_who_came_may(
    desk: Desk, book: Rulebook
) -> None:
    activate(desk, with_accounts(book, office_1="zhang", office_2="li"))
    item = desk.bring(State.STARRED)
    key = desk.frozen(2099)
    values = {"item": item.number, "edition": key, "reason": "冬季用工集中"}
    asked = desk.flow.proposals.propose("supplement", values, by=desk.office)
    assert desk.office.id == "office-1"
    # zhang goes to office-2, and li comes to office-1
    activate(desk, with_accounts(book, office_1="li", office_2="zhang"))
    zhang = desk.flow.people.actor("office-2")
    assert not [each for each in desk.flow.todo(zhang) if each.subject == asked.key]
    with pytest.raises(StepRefused) as refused:
        desk.flow.proposals.approve(asked.key, asked.seen, by=zhang)
    assert codes(refused) == ["same_person"]
    third = with_accounts(book, office_1="zhang", office_2="li")
    activate(desk, third)
    li = desk.flow.people.actor("office-2")
    done = desk.flow.proposals.approve(asked.key, asked.seen, by=li)
    assert done.state is ProposalState.APPROVED
    assert clean(desk.flow)


def test_one_person_under_two_accounts_is_one_person(
    desk: Desk, book: Rulebook
) -> None:
    held = with_accounts(book, office_1="zhang", office_2="zhang2")
    for post in ("office-1", "office-2"):
        held = with_post(held, post, holder="p-17")
    activate(desk, held)
    desk.frozen(2099)
    asked = desk.flow.proposals.propose(
        TwoPeople.CONFIRM, {"edition": "list/2099/city"}, by=desk.office
    )
    with pytest.raises(StepRefused) as refused:
        desk.flow.proposals.approve(
            asked.key, asked.seen, by=desk.flow.people.actor("office-2")
        )
    assert codes(refused) == ["same_person"]


def test_a_deputy_has_the_absent_posts_rights_on_the_days_and_no_longer(
    desk: Desk, book: Rulebook
) -> None:
    day = desk.today()
    deputy = Deputy(
        post="head-500101",
        deputy="op-500101",
        valid_from=day,
        valid_to=day + timedelta(days=2),
        source="ours",
    )
    organization = replace(book.organization, deputies=(deputy,))
    text = rulebook_text(replace(book, organization=organization))
    desk.flow.rulebook.activate(
        rulebook_from_text(text), by=desk.post(Role.LEADER), second=desk.office
    )
    item = desk.bring(State.EVALUATED)
    stands_in = desk.flow.people.actor("op-500101", Via.HOST)
    assert Role.UNIT_HEAD in stands_in.roles
    adjusted = desk.flow.items.adjust(
        item.number, Recommendation.CONTINUE, "按月达标", by=stands_in
    )
    assert adjusted.state is State.ADJUSTED
    assert clean(desk.flow)
    desk.clock.advance(timedelta(days=2))
    after = desk.flow.people.actor("op-500101", Via.HOST)
    assert after.roles == {Role.OPERATOR}
    with pytest.raises(StepRefused):
        desk.flow.items.adjust(
            item.number, Recommendation.STOP, "不再需要", by=stands_in
        )


def test_a_leader_returns_items_of_the_areas_they_are_in_charge_of_only(
    book: Rulebook,
) -> None:
    book = with_post(book, "deputy-1", areas=(Area.TALENT,))
    organization, day = book.organization, date(2026, 3, 2)
    assert organization.in_charge(Area.TALENT) == ("deputy-1",)
    leader = organization.actor("deputy-1", Via.HOST, day)
    assert isinstance(leader, Actor)
    # the office itself leads the general area
    for area in set(Area) - {Area.GENERAL}:
        refused = authorize(leader, Step.RETURN, "500101", area, organization, day=day)
        assert bool(refused) is (area is not Area.TALENT)
        assert [why.code for why in refused] == ["area_not_in_charge"] * len(refused)
    assert isinstance(organization.post("deputy-1"), Person)
