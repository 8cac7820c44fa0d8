"""Two people at two desks: one asks, the other confirms what was seen (F1)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import (
    EditionState,
    ProposalState,
    State,
    TwoPeople,
    Via,
)
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import (
    InputRefused,
    ItemMoved,
    NotFound,
    StepRefused,
    StoreRefused,
)
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.store.core import logs
from huimin_flow.testing import MORNING, Desk


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [one.code for one in refused.value.reasons]


def with_accounts(book: Rulebook, **accounts: str) -> Rulebook:
    """A rulebook whose posts are held by accounts; "_" stands for "-"."""
    people = tuple(
        replace(one, accounts=(accounts[one.id.replace("-", "_")],))
        if one.id.replace("-", "_") in accounts
        else one
        for one in book.organization.people
    )
    changed = replace(book, organization=replace(book.organization, people=people))
    return rulebook_from_text(rulebook_text(changed))


def test_what_one_asks_for_the_other_confirms(desk: Desk) -> None:
    item = desk.bring(State.STARRED)
    key = desk.frozen(2099)
    values = {"item": item.number, "edition": key, "reason": "确有必要"}
    asked = desk.flow.proposals.propose("supplement", values, by=desk.office)
    assert desk.flow.items.get(item.number).state is State.STARRED
    assert desk.flow.proposals.waiting() == (asked,)
    done = desk.flow.proposals.approve(asked.key, asked.seen[:12], by=desk.second)
    assert done.state is ProposalState.APPROVED
    assert desk.flow.items.get(item.number).state is State.LISTED
    assert desk.flow.proposals.waiting() == ()
    assert door_of(desk.flow).read(verify).clean


def test_nobody_confirms_their_own_wish(desk: Desk) -> None:
    desk.frozen(2099)
    asked = desk.flow.proposals.propose(
        "confirm", {"edition": "list/2099/city"}, by=desk.office
    )
    with pytest.raises(StepRefused) as refused:
        desk.flow.proposals.approve(asked.key, asked.seen, by=desk.office)
    assert codes(refused) == ["same_person"]


def test_what_was_not_seen_is_not_confirmed(desk: Desk) -> None:
    desk.frozen(2099)
    asked = desk.flow.proposals.propose(
        "confirm", {"edition": "list/2099/city"}, by=desk.office
    )
    for seen in ("", asked.seen[:7], "0" * 64):
        with pytest.raises(InputRefused):
            desk.flow.proposals.approve(asked.key, seen, by=desk.second)


def test_a_wish_that_could_never_be_done_is_refused_at_once(desk: Desk) -> None:
    number, key = desk.collect().number, desk.frozen(2099)
    for act, values in (
        ("cancel", {"item": number, "reason": "duplicate"}),
        ("defer", {"item": number, "reason": "duplicate"}),
        ("supplement", {"item": number, "edition": key, "reason": "确有必要"}),
    ):
        with pytest.raises(StepRefused) as refused:
            desk.flow.proposals.propose(act, values, by=desk.office)
        assert codes(refused) == ["no_such_arc"]
    desk.flow.lists.confirm(key, by=desk.office, second=desk.second)
    with pytest.raises(StepRefused) as refused:
        desk.flow.proposals.propose("confirm", {"edition": key}, by=desk.office)
    assert codes(refused) == ["done_already"]
    assert desk.flow.proposals.waiting() == ()


def test_a_wish_that_was_withdrawn_is_confirmed_no_more(desk: Desk) -> None:
    asked = desk.flow.proposals.propose(
        "confirm", {"edition": desk.frozen(2099)}, by=desk.office
    )
    gone = desk.flow.proposals.withdraw(asked.key, by=desk.office)
    assert gone.state is ProposalState.WITHDRAWN
    with pytest.raises(StepRefused) as refused:
        desk.flow.proposals.approve(asked.key, asked.seen, by=desk.second)
    assert codes(refused) == ["proposal_settled"]


def test_a_list_that_changed_after_the_look_is_not_confirmed(desk: Desk) -> None:
    key = desk.frozen(2099)
    asked = desk.flow.proposals.propose("confirm", {"edition": key}, by=desk.office)
    shown = desk.flow.proposals.get(asked.key)
    assert shown.moved == ()
    assert {line.path for line in shown.content} == {"edition", "digest"}
    item = desk.bring(State.STARRED)
    others = desk.actor("coordination-1"), desk.second
    desk.flow.lists.supplement(
        item.number, key, "确有必要", by=others[0], second=others[1]
    )
    with pytest.raises(ItemMoved, match=f"“清单 {key}”已被他人改动") as stale:
        desk.flow.proposals.approve(asked.key, asked.seen, by=desk.second)
    assert stale.value.reasons[0].values["expected"] == 1
    assert desk.flow.proposals.get(asked.key).moved == (key,)
    assert desk.flow.lists.get(key).state is EditionState.FROZEN
    again = desk.flow.proposals.propose("confirm", {"edition": key}, by=desk.office)
    lines = {line.path: line.new for line in desk.flow.proposals.get(again.key).content}
    assert lines[f"{item.number}.title"] == item.title
    assert lines["digest"] == desk.flow.lists.get(key).digest
    desk.flow.proposals.approve(again.key, again.seen, by=desk.second)
    assert desk.flow.lists.get(key).state is EditionState.CONFIRMED
    assert door_of(desk.flow).read(verify).clean


@pytest.mark.parametrize("act", ["cancel", "supplement"])
def test_an_item_that_was_corrected_after_the_look_is_not_moved(
    act: str, desk: Desk
) -> None:
    at = State.LISTED if act == "cancel" else State.STARRED
    number, key = desk.bring(at).number, desk.frozen(2099)
    more = (
        {"reason": "duplicate"}
        if act == "cancel"
        else {"edition": key, "reason": "确有必要"}
    )
    asked = desk.flow.proposals.propose(act, {"item": number} | more, by=desk.office)
    desk.flow.items.amend(number, {"title": "另一件事"}, by=desk.office)
    with pytest.raises(ItemMoved, match=f"“事项 {number}”已被他人改动"):
        desk.flow.proposals.approve(asked.key, asked.seen, by=desk.second)
    assert desk.flow.items.get(number).state is at


def test_the_code_that_confirms_differs_between_databases_and_versions(
    book: Rulebook, tmp_path: Path
) -> None:
    seen = set()
    for n, seed in enumerate((1, 2)):
        clock = RehearsalClock(MORNING, seed=seed)
        url = f"sqlite:///{tmp_path / f'{n}.db'}"
        with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
            desk = Desk(flow, clock)
            values = {"edition": desk.frozen(2099)}
            seen.add(flow.proposals.propose("confirm", values, by=desk.office).seen)
            desk.enlist(desk.bring(State.STARRED).number)
            seen.add(flow.proposals.propose("confirm", values, by=desk.office).seen)
    assert len(seen) == 4


def test_a_rulebook_is_shown_by_what_it_changes_and_stale_once_another_came(
    desk: Desk, book: Rulebook
) -> None:
    stars = replace(book.rules.selection.least_stars, value=2)
    rules = replace(
        book.rules, selection=replace(book.rules.selection, least_stars=stars)
    )
    milder = replace(book, rules=rules)
    asked = desk.flow.proposals.propose_rulebook(milder, by=desk.office)
    changed = {
        one.path: (one.old, one.new)
        for one in desk.flow.proposals.get(asked.key).content
    }
    assert changed == {"rules.selection.least_stars.value": (3, 2)}
    assert desk.flow.rulebook.diff(book) == ()
    other = replace(book, timetable=book.timetable[::-1])
    desk.flow.rulebook.activate(other, by=desk.office, second=desk.second)
    with pytest.raises(ItemMoved, match="“规则库”已被他人改动"):
        desk.flow.proposals.approve(asked.key, asked.seen, by=desk.second)


def test_a_wish_rests_on_the_version_that_was_seen(desk: Desk) -> None:
    item = desk.bring(State.LISTED)
    values = {"item": item.number, "reason": "conditions_not_ready"}
    seen = values | {"version": str(item.version)}
    asked = desk.flow.proposals.propose("defer", seen, by=desk.office)
    moved = desk.flow.items.amend(
        item.number, {"title": "更正后的标题"}, by=desk.office
    )
    with pytest.raises(ItemMoved) as stale:
        desk.flow.proposals.approve(asked.key, asked.seen, by=desk.second)
    assert codes(stale) == ["stale_version"]
    assert desk.flow.items.get(item.number) == moved
    # ... and who asks by an old version is told at once.
    for told, kind in ((seen, ItemMoved), (seen | {"version": "一"}, InputRefused)):
        with pytest.raises(kind):
            desk.flow.proposals.propose("defer", told, by=desk.office)
    now = values | {"version": str(moved.version)}
    again = desk.flow.proposals.propose("defer", now, by=desk.office)
    desk.flow.proposals.approve(again.key, again.seen, by=desk.second)
    assert desk.flow.items.get(item.number).state is State.DEFERRED


@pytest.mark.parametrize("act", TwoPeople)
def test_a_wish_without_what_it_needs_is_refused_in_words(
    act: TwoPeople, desk: Desk
) -> None:
    number = desk.bring(State.LISTED).number
    whole = {
        "item": number, "edition": "list/2099/city", "reason": "duplicate",
        "digest": desk.flow.rulebook.active().digest, "key": "score/2023-01",
        "transaction": "T1", "finding": "误评属实",
    }  # fmt: skip
    for told in ({}, dict.fromkeys(whole, ""), {"version": "9" * 5000}, whole):
        with pytest.raises(InputRefused) as refused:
            desk.flow.proposals.propose(act, told, by=desk.office)
        assert f"提请“{act.label}”" in str(refused.value)
        assert refused.value.code.startswith("asked_")
        assert refused.value.remedy.startswith("请写明")
    assert desk.flow.proposals.waiting() == ()


def test_a_wish_about_what_is_not_there_is_refused(desk: Desk) -> None:
    for act, told in (
        ("activate", {"digest": "0" * 64}),
        ("cancel", {"item": "2023-999999", "reason": "duplicate"}),
        ("defer", {"item": "2023-999999", "reason": "conditions_not_ready"}),
        (
            "supplement",
            {"item": "2023-999999", "edition": "list/2099/city", "reason": "-"},
        ),
        ("set_aside", {"transaction": "T9", "finding": "误评", "version": "9" * 9}),
    ):
        with pytest.raises(NotFound):
            desk.flow.proposals.propose(act, told, by=desk.office)
    for version in ("9" * 10, "-1", "一", "1.0"):
        values = {"item": desk.collect().number, "reason": "conditions_not_ready"}
        with pytest.raises(InputRefused, match="不是数字"):
            desk.flow.proposals.propose(
                "defer", values | {"version": version}, by=desk.office
            )


def test_a_rulebook_is_activated_as_it_was_asked_for(
    desk: Desk, book: Rulebook
) -> None:
    other = with_accounts(book, office_1="zhang")
    asked = desk.flow.proposals.propose_rulebook(other, by=desk.office)
    assert desk.flow.rulebook.active().digest == book.digest
    desk.flow.proposals.approve(asked.key, asked.seen, by=desk.second)
    assert desk.flow.rulebook.active().digest == other.digest
    assert door_of(desk.flow).read(verify).clean


def test_two_posts_of_one_account_are_one_person(file_url: str, book: Rulebook) -> None:
    held = with_accounts(book, office_1="zhang", office_2="zhang", leader_1="li")
    with Flow.found(file_url, held) as flow:
        first = flow.people.identify("zhang", "office-1")
        second = flow.people.identify("zhang", "office-2")
        other = with_accounts(held, coordination_1="wang")
        asked = flow.proposals.propose_rulebook(other, by=first)
        with pytest.raises(StepRefused) as refused:
            flow.proposals.approve(asked.key, asked.seen, by=second)
        assert codes(refused) == ["same_person"]


@pytest.mark.parametrize(
    ("account", "person", "code"),
    [
        ("wang", None, "account_without_post"),
        ("wang", "office-1", "account_without_post"),
        ("zhang", None, "post_unclear"),
        ("li", "office-1", "not_your_post"),
    ],
)
def test_an_account_acts_only_as_a_post_of_its_own(
    file_url: str, book: Rulebook, account: str, person: str | None, code: str
) -> None:
    held = with_accounts(book, office_1="zhang", office_2="zhang", leader_1="li")
    with Flow.found(file_url, held) as flow:
        assert flow.people.identify("li", None).id == "leader-1"
        assert flow.people.identify("zhang", "office-2").via is Via.FILE
        with pytest.raises(StepRefused) as refused:
            flow.people.identify(account, person)
        assert codes(refused) == [code]


def test_a_rehearsal_takes_anyone_at_their_word_and_says_so(desk: Desk) -> None:
    actor = desk.flow.people.identify("nobody", "office-1")
    assert (actor.id, actor.via) == ("office-1", Via.REHEARSAL)
    with pytest.raises(StepRefused):
        desk.flow.people.identify("nobody", "ghost-1")


def test_a_refusal_is_heard_though_it_cannot_be_logged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreRefused(StoreCode.DISK_FULL)

    number = desk.bring(State.COLLECTED).number
    monkeypatch.setattr(logs, "keep_refusal", full)
    with pytest.raises(StepRefused, match="此时可以") as refused:
        desk.flow.items.close(number, by=desk.office)
    assert refused.value.__notes__ == [f"拒绝记录未能写入:{StoreCode.DISK_FULL.label}"]


def test_a_settled_proposal_shows_what_was_decided(desk: Desk, book: Rulebook) -> None:
    """Later acts on the same item or list don't change what it shows."""
    proposals, office = desk.flow.proposals, desk.office

    def shown(key: str) -> dict[str, tuple[object, object]]:
        return {line.path: (line.old, line.new) for line in proposals.get(key).content}

    number, key = desk.bring(State.STARRED).number, desk.frozen(2099)
    title = desk.flow.items.get(number).title
    values = {"item": number, "edition": key, "reason": "确有必要"}
    added = proposals.propose("supplement", values, by=office)
    proposals.approve(added.key, added.seen, by=desk.second)
    confirmed = proposals.propose("confirm", {"edition": key}, by=office)
    proposals.approve(confirmed.key, confirmed.seen, by=desk.second)
    desk.flow.items.amend(number, {"title": "另一件事"}, by=office)
    decided = shown(added.key)
    assert decided["item"] == (None, number)
    assert decided["state"] == ("starred", "listed")
    assert any(path.startswith("places") for path in decided)
    assert "title" not in decided
    assert shown(confirmed.key)[f"{number}.title"] == (None, title)
    gone = proposals.propose(
        "cancel", {"item": number, "reason": "duplicate"}, by=office
    )
    proposals.withdraw(gone.key, by=office)
    assert shown(gone.key) == {"item": (None, number), "reason": (None, "duplicate")}
    rules = replace(
        book.rules,
        selection=replace(
            book.rules.selection,
            least_stars=replace(book.rules.selection.least_stars, value=2),
        ),
    )
    milder = proposals.propose_rulebook(replace(book, rules=rules), by=office)
    proposals.approve(milder.key, milder.seen, by=desk.second)
    desk.flow.rulebook.activate(book, by=office, second=desk.second)
    assert shown(milder.key)["rules.selection.least_stars.value"] == (3, 2)


def test_who_activates_a_rulebook_sees_what_the_coming_lists_would_be(
    desk: Desk, book: Rulebook
) -> None:
    item = desk.bring(State.STARRED)
    assert item.stars is not None
    least = replace(book.rules.selection.least_stars, value=item.stars + 1)
    selection = replace(book.rules.selection, least_stars=least)
    text = rulebook_text(replace(book, rules=replace(book.rules, selection=selection)))
    stricter = rulebook_from_text(text)
    expected = {
        f"list/2024/city {item.number}": (1, None),
        f"list/2024/{item.unit} {item.number}": (1, None),
    }
    changes = desk.flow.rulebook.effects(stricter)
    assert {each.path: (each.old, each.new) for each in changes} == expected
    asked = desk.flow.proposals.propose_rulebook(stricter, by=desk.office)
    content = desk.flow.proposals.get(asked.key).content
    shown = {each.path: (each.old, each.new) for each in content}
    assert expected.items() <= shown.items()
    assert "rules.selection.least_stars.value" in shown
    assert desk.flow.rulebook.effects(book) == ()


def test_a_rulebook_proposed_before_another_was_activated_is_stale(
    desk: Desk, book: Rulebook
) -> None:
    one, other = (with_accounts(book, office_1=who) for who in ("zhang", "li"))
    asked = desk.flow.proposals.propose_rulebook(one, by=desk.office)
    desk.flow.rulebook.activate(other, by=desk.office, second=desk.second)
    assert desk.flow.proposals.get(asked.key).moved == ("rulebook",)
    with pytest.raises(ItemMoved):
        desk.flow.proposals.approve(asked.key, asked.seen, by=desk.second)
    assert desk.flow.rulebook.active().digest == other.digest
