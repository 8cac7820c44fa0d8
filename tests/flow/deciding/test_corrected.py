"""Every act is taken back by a named act, corrected by one, or final for a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Grade, Recommendation, State
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.methods import methods
from huimin_flow.testing import RESULTS, UNIT, Desk

#: By act, the acts that take it back.
UNDONE = {
    "gathering.collect": "gathering.undo",
    "gathering.join": "gathering.undo",
    "gathering.later": "gathering.yes",
    "gathering.run": "gathering.undo",
    "gathering.yes": "gathering.undo",
    "appeals.link": "appeals.unlink",
    "appeals.unlink": "appeals.link",
    "assessments.return_": "assessments.submit",
    "assessments.submit": "assessments.return_",
    "assessments.treat": "assessments.return_",
    "items.assign": "items.return_",
    "items.close": "items.reopen",
    "items.collect": "items.reject",
    "items.defer": "items.revive",
    "items.execute": "items.return_",
    "items.reassign": "items.reassign",
    "items.judge": "meetings.postpone",
    "meetings.call_off": "meetings.convene",
    "meetings.close": "items.return_",
    "meetings.convene": "meetings.call_off",
    "meetings.postpone": "items.judge",
    "meetings.put": "meetings.take_off",
    "meetings.take_off": "meetings.put",
    "items.merge": "items.unmerge",
    "items.reject": "items.reopen",
    "items.reopen": "items.close",
    "items.revive": "items.defer",
    "items.screen": "items.return_",
    "items.transfer": "items.transfer",
    "items.star": "items.return_",
    "items.unmerge": "items.merge",
    "advice.adopt": "advice.decline",
    "advice.decline": "items.advise",
    "advice.mend": "advice.return_",
    "advice.return_": "advice.mend",
    "clock.confirm": "clock.declare",
    "items.advise": "advice.decline",
    "items.doubt": "items.evaluate",
    "surveys.draw": "surveys.call_off",
    "ledgers.decline": "ledgers.reconsider",
    "ledgers.drop": "items.revive",
    "lists.arrange": "lists.leave_out",
    "lists.leave_out": "lists.arrange",
    "lists.propose": "lists.arrange",
    "lists.supplement": "items.defer",
    "proposals.propose": "proposals.withdraw",
    "proposals.propose_rulebook": "proposals.withdraw",
    "proposals.withdraw": "proposals.propose",
    "ratings.answer": "ratings.verify",
    "ratings.object_to": "ratings.settle",
    "feeds.register": "feeds.end",
    "third_parties.register": "third_parties.end",
}

#: By act, the acts whose result counts instead, once they are done.
CORRECTED = {
    "answers.batch": "answers.reopen",
    "answers.close": "answers.reopen",
    "answers.extend": "answers.give",
    "answers.give": "answers.reopen",
    "answers.give_all": "answers.reopen",
    "answers.reopen": "answers.give",
    "answers.transfer": "answers.transfer",
    "gathering.no": "gathering.join",
    "gathering.undo": "appeals.link",
    "measures.amend": "measures.amend",
    "measures.register": "measures.withdraw",
    "measures.withdraw": "measures.register",
    "boards.correct": "boards.correct",
    "boards.publish": "boards.correct",
    "spot_checks.answer": "spot_checks.answer",
    "spot_checks.commit": "spot_checks.commit",
    "spot_checks.correct": "spot_checks.correct",
    "spot_checks.find": "spot_checks.correct",
    "spot_checks.plan": "spot_checks.void",
    "spot_checks.secret": "spot_checks.commit",
    "spot_checks.void": "spot_checks.plan",
    "practices.shelve": "practices.withdraw",
    "practices.withdraw": "practices.shelve",
    "replications.propose": "replications.recall",
    "replications.recall": "replications.propose",
    "replications.adopt": "items.reject",
    "replications.decline": "replications.propose",
    "replications.compare": "replications.compare",
    "reviews.call": "reviews.call_off",
    "reviews.call_off": "reviews.call",
    "digests.reissue": "digests.reissue",
    "decisions.decide": "decisions.drop",
    "decisions.drop": "decisions.decide",
    "decisions.report": "decisions.return_",
    "decisions.return_": "decisions.report",
    "engagements.answer": "engagements.answer",
    "engagements.call_off": "engagements.plan",
    "engagements.correct": "engagements.correct",
    "engagements.decline": "engagements.answer",
    "engagements.enter": "engagements.call_off",
    "engagements.plan": "engagements.call_off",
    "engagements.report": "engagements.correct",
    "orders.answer": "orders.return_",
    "orders.receive": "orders.withdraw",
    "orders.return_": "orders.answer",
    "orders.withdraw": "orders.receive",
    "rectifications.return_": "rectifications.submit",
    "rectifications.submit": "rectifications.return_",
    "feeds.amend": "feeds.amend",
    "feeds.deliver": "tasks.report",
    "feeds.end": "feeds.register",
    "points.add": "points.close",
    "points.add_all": "points.close",
    "points.close": "points.add",
    "points.move": "points.move",
    "policies.amend": "policies.amend",
    "policies.register": "policies.withdraw",
    "policies.withdraw": "policies.register",
    "assessments.accept": "assessments.request",
    "assessments.request": "assessments.submit",
    "items.adjust": "items.adjust",
    "tasks.retain": "items.reassign",
    "tasks.return_": "tasks.retain",
    "items.amend": "items.amend",
    "items.annotate": "items.annotate",
    "items.carry_over": "items.reject",
    "items.evaluate": "items.evaluate",
    "items.respond": "items.reject",
    "items.return_": "items.screen",
    "items.rework": "items.execute",
    "items.split": "items.merge",
    "ledgers.reconsider": "items.reject",
    "lists.confirm": "lists.drop",
    "lists.consolidate": "lists.supplement",
    "lists.confirm_all": "lists.drop",
    "lists.describe": "lists.describe",
    "lists.drop": "items.amend",
    "lists.enter_opening": "lists.supplement",
    "lists.publish": "lists.supplement",
    "meetings.amend": "meetings.amend",
    "meetings.begin": "meetings.amend",
    "meetings.hold": "meetings.amend",
    "ratings.add": "ratings.object_to",
    "resources.cost": "resources.cost",
    "resources.state": "resources.state",
    "rulebook.activate": "rulebook.activate",
    "scores.correct": "scores.correct",
    "tasks.report": "tasks.report",
    "third_parties.amend": "third_parties.amend",
    "surveys.add_answers": "surveys.set_aside",
    "surveys.call_off": "surveys.draw",
    "third_parties.end": "third_parties.register",
}

#: By act, why nothing takes it back.
FINAL = {
    "answers.give_back": "what was handed over is recorded; it may be handed over again",
    "appeals.erase": "two people erased it, and nothing brings it back",
    "appeals.read": "who has read it has read it",
    "changes.acknowledge": "a reader's cursor only goes on; it may read any part again",
    "deliveries.abandon": "the change stays in the feed for whoever needs it",
    "deliveries.retry": "a change that arrives twice has the same key",
    "screening.run": "a round says what waited on its day; the next one replaces it",
    "appeals.add": "what a citizen said stays as it was said",
    "appeals.add_all": "what a citizen said stays as it was said",
    "items.attach": "a file that no report names is evidence of nothing",
    "meetings.attach": "more minutes may be attached; what was attached stays",
    "advice.verify": "another person saw what was mended; further advice may be given",
    "spot_checks.attach": "evidence that no finding names is evidence of nothing",
    "spot_checks.cut": "nobody may choose another population; it is void or goes on",
    "spot_checks.draw": "who could draw again could choose",
    "spot_checks.finish": "it is public; two people correct a finding",
    "spot_checks.reveal": "a secret that is told is told",
    "engagements.attach": "files are kept; a report names the one that counts",
    "engagements.complete": "what is not done well is a finding of the next round",
    "engagements.follow": "a corrected report opens the answers again",
    "orders.discharge": "the authority said so; it demands more by a further order",
    "reviews.hold": "who was there was there; the minutes say what came of it",
    "reviews.attach": "minutes are kept; further ones may be attached",
    "reviews.close": "another meeting decides what is left",
    "digests.send": "what was sent was sent; a corrected edition may follow",
    "decisions.attach": "files are kept; a report names those that count",
    "decisions.accept": "another meeting decides what is left",
    "decisions.remind": "who was reminded was reminded",
    "orders.remind": "who was reminded was reminded",
    "replications.remind": "who was reminded was reminded",
    "rectifications.open": "an item leaves the bad board only by an acceptance",
    "rectifications.accept": "others saw it; a worse figure opens another one",
    "rectifications.open_listed": "an item leaves the bad board only by an acceptance",
    "rectifications.escalate": "a rung that was reached was reached",
    "rectifications.acknowledge": "who was told was told",
    "clock.declare": "two people declared it; a longer span may be declared, too",
    "items.cancel": "two people took it off a list; a new item is collected",
    "bulk.do": "each of its acts has its own way back",
    "proposals.approve": "the approved act has its own way back",
    "ratings.settle": "an objection is settled once, by people of another unit",
    "ratings.verify": "whoever verifies is another person; a wrong answer is returned",
    "surveys.close": "what citizens said stays; a wrong answer is set aside",
    "surveys.set_aside": "the answer stays in the whole; the reason is recorded",
    "tasks.excuse": "it counts only for a task that the result names as not met",
}


def sound(desk: Desk) -> bool:
    return door_of(desk.flow).read(verify).findings == ()


def test_every_act_has_a_way_back_or_a_reason() -> None:
    known = methods(Flow)
    acts = {name for name, made in known.items() if made.case.kind is Kind.ACT}
    ways = [*UNDONE, *CORRECTED, *FINAL]
    assert sorted(ways) == sorted(acts)
    assert {*UNDONE.values(), *CORRECTED.values()} <= acts


def test_a_wrong_appeal_is_taken_off_and_linked_to_another_item(desk: Desk) -> None:
    appeals, office = desk.flow.appeals, desk.office
    number, other = desk.collect().number, desk.collect().number
    wrong, *_ = desk.link_appeals(number, 3)
    pair = (wrong.channel, wrong.key)
    assert appeals.unlink(number, [pair], by=office).appeals == 2
    assert desk.flow.items.tally(number).appeals == 2
    (loose,) = appeals.list(loose=True)
    assert (loose.key, loose.item, appeals.count(loose=True)) == (wrong.key, None, 1)
    trail = appeals.trail(wrong.key, channel=wrong.channel)
    assert (trail.linked_at, trail.items) == (None, ())
    assert sound(desk)
    assert appeals.link(other, [pair], by=office).appeals == 1
    assert appeals.count(loose=True) == 0
    for refused in (number, other):
        taken = partial(appeals.unlink, refused, [pair], by=office)
        if refused == other:
            taken()
        with pytest.raises(InputRefused) as refusal:
            taken()
        assert refusal.value.code == "appeal_not_linked"
        assert wrong.key in str(refusal.value)
    assert sound(desk)


def test_another_units_clerk_takes_no_appeal_off(desk: Desk) -> None:
    number = desk.collect().number
    (appeal,) = desk.link_appeals(number, 1)
    with pytest.raises(StepRefused):
        desk.flow.appeals.unlink(
            number, [(appeal.channel, appeal.key)], by=desk.actor("op-500102")
        )
    own = desk.actor(f"op-{UNIT}")
    pair = (appeal.channel, appeal.key)
    assert desk.flow.appeals.unlink(number, [pair], by=own).appeals == 0
    assert sound(desk)


def test_a_meeting_is_corrected_and_what_was_judged_there_stands(desk: Desk) -> None:
    number = desk.bring(State.JUDGED).number
    meetings, office = desk.flow.meetings, desk.office
    (held,) = meetings.list()
    chair = desk.actor("leader-1").id
    who = [office.id, "deputy-1"]
    new = meetings.amend(held.key, participants=who, minutes="更正", by=office)
    assert new.participants == (chair, *who)
    assert (new.minutes, new.version) == ("更正", held.version + 1)
    assert (new.held_on, new.agenda) == (held.held_on, held.agenda)
    assert meetings.amend(held.key, chair="coordination-1", by=office).participants == (
        "coordination-1",
        *who,
    )
    assert desk.flow.items.get(number).state is State.JUDGED
    for wrong in ({"chair": "nobody"}, {"minutes": " "}, {"participants": ["x"]}):
        with pytest.raises(InputRefused):
            meetings.amend(held.key, by=office, **wrong)
    assert sound(desk)


@pytest.mark.parametrize("state", [State.EVALUATED, State.ADJUSTED])
def test_a_result_is_replaced_until_the_next_step(desk: Desk, state: State) -> None:
    number, items, office = desk.bring(state).number, desk.flow.items, desk.office
    again: Callable[[], object]
    if state is State.EVALUATED:
        worse = (RESULTS[0], replace(RESULTS[1], grade=Grade.NOT_MET))
        again = partial(items.evaluate, number, worse, by=office)
    else:
        grounds, improve = "还有不足", Recommendation.IMPROVE
        again = partial(items.adjust, number, improve, grounds, by=office)
    again()
    item = items.get(number)
    assert item.state is state
    if state is State.EVALUATED:
        assert (item.result, item.evaluation_passed) == (Grade.NOT_MET, False)
        assert items.rework(number, by=office).state is State.ASSIGNED
    else:
        assert item.recommendation is Recommendation.IMPROVE
    assert sound(desk)
