"""A rehearsal of what follows a plan, and what another hand finds in its rows.

It goes through the shell and the desk, by day on SQLite, by night on PostgreSQL, too;
the audit ends it.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.policy import default
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.terms import (
    BoardGround,
    RectificationState,
    ReplicationState,
    Role,
    State,
    TaskReturnState,
)
from huimin_flow.flow import Flow
from huimin_flow.reports.core.render import Frame, draw
from huimin_flow.reports.pages import page_of
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick
from huimin_flow.timetable.sending import send_due
from tests.acceptance import carried_out
from tests.acceptance import carried_out_months as months
from tests.acceptance import recompute_carried_out as again
from tests.acceptance import recompute_digests as digests
from tests.acceptance import recompute_effects as effects
from tests.acceptance.carried_out import BAD, Story
from tests.acceptance.recompute import check
from tests.acceptance.recompute_rows import Raw
from tests.acceptance.test_spot_checks import by_the_script
from tests.conftest import CONFIG, Founded, usual_clock
from tests.desk.serving import serving
from tests.flow.improving.test_digests import mail
from tests.flow.test_wire import same
from tests.sampled import NIGHTLY
from tests.timetable.receivers import mail_server

ADDRESS = "wanzhou@example.gov.cn"


def played(desk: Desk, url: str, folder: Path) -> Story:
    """Play the rehearsal from October until April."""
    story = Story(desk, url, folder)
    october, november, december = months.MONTHS
    carried_out.planned(story)
    months.planned(story)
    carried_out.checked(story)
    months.told(story, october)
    carried_out.carried_out(story)
    story.at(date(2023, 11, 20))
    tick(desk.flow)
    months.told(story, november)
    story.at(carried_out.YEAR_END)
    months.told(story, december)
    carried_out.evaluated(story)
    story.at(carried_out.CUT)
    carried_out.published(story)
    carried_out.replicated(story)
    carried_out.compared(story)
    carried_out.reviewed(story)
    carried_out.doubted(story)
    carried_out.rectified(story)
    story.at(date(2024, 4, 12))
    tick(desk.flow)
    return story


#: What the rehearsal publishes, by the commands that show it: without the numbers of
#: next year's items, which may have gaps on PostgreSQL.
PUBLISHED = (
    *(("score", "month", month) for month in months.MONTHS),
    *(("burden", "show", month) for month in months.MONTHS),
    ("score", "quarter", "2023Q4"),
    ("board", "published", "2023Q4"),
)


@pytest.fixture(scope="module")
def story(
    founded: Founded, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """The rehearsal on SQLite, for who only looks."""
    folder = tmp_path_factory.mktemp("carried_out")
    url = f"sqlite:///{shutil.copy(founded.file, folder / 'huimin.db')}"
    clock = usual_clock()
    clock._random.setstate(founded.drawn)
    with Flow.open(url, clock=clock) as flow:
        yield played(Desk(flow, clock), url, folder)


@pytest.fixture(scope="module")
def raw(story: Story) -> Raw:
    """The rows of the rehearsal, for another hand."""
    return Raw(story.url.removeprefix("sqlite:///"))


@pytest.mark.skipif(not NIGHTLY, reason="make nightly: by day on SQLite")
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_the_rehearsal_is_clean_on_postgresql_and_says_the_same(
    story: Story,
    desk: Desk,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, files = shutil.copytree(CONFIG, tmp_path / "config"), tmp_path / "files"
    with (own / "huimin.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"\nattachments: {files}\n")
    monkeypatch.setenv("HUIMIN_CONFIG", str(own))
    with Flow.open(url, clock=desk.clock, attachments=files) as flow:
        there = played(Desk(flow, desk.clock), url, tmp_path)
        assert "无异常" in there.say("audit", "verify", by=None)
        # Another hand holds the figures of the one; the other has the same.
        for words in PUBLISHED:
            assert there.told(*words, by=None) == story.told(*words, by=None), words


def test_the_rehearsal_is_clean(story: Story) -> None:
    assert "无异常" in story.say("audit", "verify", by=None)


def test_a_split_item_is_sent_back_fed_excused_and_carried_out(story: Story) -> None:
    flow, known = story.desk.flow, story.known
    sent = flow.tasks.returned(known["returned"]).made
    assert (sent.task, sent.state) == ("T2", TaskReturnState.REASSIGNED)
    (fed,) = flow.feeds.figures("jobs-center")
    assert (fed.figure.item, fed.figure.task) == (known["split"], "T3")
    item = flow.items.get(known["split"])
    excused = [(each.task, each.excused_by) for each in item.results if not each.met]
    assert (item.state, excused) == (State.EXECUTED, [("T5", "leader-1")])
    assert flow.items.coverage(item.number).passed


def test_one_evaluation_is_good_one_fails_and_one_is_corrected(story: Story) -> None:
    flow, known = story.desk.flow, story.known
    good, bad, corrected = (
        flow.items.get(known[name])
        for name in (BoardGround.SATISFIED, BoardGround.DISLIKED, "corrected")
    )
    assert (good.evaluation_passed, bad.evaluation_passed) == (True, False)
    steps = [each.event.step for each in flow.items.history(corrected.number)]
    assert steps[-4:] == ["evaluate", "doubt", "evaluate", "rework"]
    assert (corrected.state, corrected.rounds) == (State.ASSIGNED, 1)


def test_five_bad_grounds_stand_on_the_board_each_alone(story: Story) -> None:
    boards, known = story.desk.flow.boards, story.known
    board = boards.published("2023Q4")
    assert {e.item: e.grounds for e in board.bad} == {known[g]: (g,) for g in BAD}
    good = {known[BoardGround.SATISFIED], known["corrected"]}
    assert {e.item for e in board.good} == good
    # What was corrected after the cut is named beside the board.
    assert [each.item for each in boards.late("2023Q4")] == [known["corrected"]]


def test_one_is_put_right_one_returned_and_one_goes_up(story: Story) -> None:
    flow, known = story.desk.flow, story.known
    accepted, returned, escalated = (
        flow.rectifications.get(known[name]).rectification
        for name in ("accepted", "turned back", "escalated")
    )
    assert (accepted.state, returned.state, escalated.state) == (
        RectificationState.ACCEPTED,
        RectificationState.RETURNED,
        RectificationState.OPENED,
    )
    assert [(rung.role, rung.acknowledged_by) for rung in escalated.rungs] == [
        (Role.UNIT_HEAD, ""),
        (Role.OFFICE, ""),
        (Role.DEPUTY_LEADER, "deputy-1"),
    ]
    left = {entry.entry.item for entry in flow.boards.bad_entries()}
    assert left == {known[ground] for ground in BAD} - {accepted.item}


def test_a_good_practice_is_adopted_by_one_and_declined_by_another(
    story: Story,
) -> None:
    flow, known = story.desk.flow, story.known
    adopted, declined = (
        flow.replications.get(known[name]).replication
        for name in ("adopted", "declined")
    )
    item = flow.items.get(adopted.successor)
    assert adopted.state is ReplicationState.COMPARED
    assert (item.unit, item.responds_to) == ("500106", known[BoardGround.SATISFIED])
    assert (declined.state, declined.reason) == (ReplicationState.DECLINED, "无此需求")


def test_a_spot_check_is_drawn_again_and_takes_points_off(story: Story) -> None:
    repeated = by_the_script(story.known["record"])
    drawn = {each for ids in repeated["drawn"].values() for each in ids}
    assert repeated["same"]
    assert drawn == {line["id"] for line in story.known["drawn"]}
    score, tree = story.desk.flow.scores.explain(UNIT, "2023-10")
    assert (tree.op, score.index is not None) == ("less", True)


def test_a_digest_reaches_a_mail_server(story: Story) -> None:
    with mail_server() as box:
        send_due(story.desk.flow, mail(box.port, **{UNIT: ADDRESS}), "a")
    letters = [message_from_bytes(lines, policy=default) for _, lines in box.mails]
    (digest,) = (each for each in letters if "2024年3月月报" in str(each["Subject"]))
    page = digest.get_body(("html",))
    assert page is not None
    assert story.known["escalated"] in page.get_content()
    assert {to for each, _ in box.mails for to in each} == {ADDRESS}


def test_what_it_has_is_answered_alike_behind_a_service(
    story: Story, tmp_path: Path
) -> None:
    known = story.known
    keys = {
        "feeds.get feeds.figures": "feed/jobs-center",
        "orders.get": "supervision_order/2023-0001",
        "tasks.returned": known["returned"],
        "spot_checks.get spot_checks.view spot_checks.record": known["check"],
        "rectifications.get": known["accepted"],
        "practices.get": known["practice"],
        "replications.get": known["adopted"],
        "reviews.get reviews.files reviews.pack": known["review"],
        "decisions.get decisions.files": known["decision"],
    }
    near, path = story.desk.flow, tmp_path / "desk.sock"
    with serving(near, path) as service, Flow.open(service.url) as far:
        for names, key in keys.items():
            for name in names.split():
                here, there = (attrgetter(name)(flow)(key) for flow in (near, far))
                assert same(here, there, texts=True), name
        assert service.failures == []


def test_another_hand_counts_what_citizens_answered(story: Story, raw: Raw) -> None:
    flow, surveys = story.desk.flow, again.shares(raw)
    assert len(surveys) == 5
    for key, found in surveys.items():
        survey = flow.surveys.get(key)
        assert survey.result is not None
        told = survey.result.share
        whole = (told.answers, told.satisfied, told.percent, told.low, told.high)
        assert whole == found, key
        assert flow.items.get(survey.item).satisfaction == told.percent


def test_another_hand_evaluates(story: Story, raw: Raw) -> None:
    seen = Counter(result for *_, result, _ in effects.evaluations(raw))
    assert seen == {"met": 3, "not_met": 2, "partly": 1}
    for _, event, found, result, good in effects.evaluations(raw):
        told, number = event["public"]["changes"], event["stream"][5:]
        if (
            number != story.known["corrected"]
        ):  # what is reworked has no result any more
            told = story.told("item", "show", number, by=None)
        mine = (str(found.fulfilment), str(found.satisfaction), result, good)
        names = ("fulfilment", "satisfaction", "result", "evaluation_passed")
        assert mine == tuple(told[name] for name in names), number
        assert [each["grade"] for each in told["outcomes"]] == [*found.grades], number


def test_another_hand_compares_effects(story: Story, raw: Raw) -> None:
    compared = [*effects.comparisons(raw)]
    # Of one the satisfaction is lower beyond chance, of the other not.
    assert [(passes, found[-1][0]) for _, passes, found in compared] == [
        (False, "effect_lower"), (True, "effect_chance"),
    ]  # fmt: skip
    for value, passes, found in compared:
        shown = story.told("replication", "show", value["key"], by=None)
        verdict = shown["replication"]["verdict"]
        told = [
            (each["code"], each["values"]["practice"], each["values"]["replica"])
            for each in verdict["reasons"]
        ]
        assert (verdict["passed"], told) == (passes, found)


def test_another_hand_finds_what_the_tasks_promise(story: Story, raw: Raw) -> None:
    flow, number = story.desk.flow, story.known["split"]
    day, moments = story.desk.today(), [place for place, _ in raw.events]
    covered = str(again.coverage(raw, number, day, moments[-1]))
    assert covered == flow.items.coverage(number).score == "100.00"


def test_another_hand_makes_the_boards(raw: Raw) -> None:
    boards = [value for _, value in raw.published("board")]
    assert [(each["period"], each["edition"]) for each in boards] == [
        ("2023Q4", 0), ("2023Q4", 1), ("2024Q1", 0),
    ]  # fmt: skip
    for value in boards:
        good, bad, seen = again.boards(raw, value)
        assert value["considered"] == seen
        assert {e["item"]: set(e["grounds"]) for e in value["good"]} == good
        assert {e["item"]: set(e["grounds"]) for e in value["bad"]} == bad


def test_another_hand_gets_every_score_color_and_place(raw: Raw) -> None:
    taken: Counter[str] = Counter()
    for _, value in raw.published("score"):
        book = raw.books[value["rulebook"]]
        off = again.points(raw, value["period"], value["cut"], book)
        units = [unit for group in value["groups"].values() for unit in group]
        told = {unit["unit"]: unit["points_off"] for unit in units}
        assert {unit: points for unit, points in told.items() if points} == off
        taken.update(off)
    assert taken == {UNIT: 10, months.SURE: 6}
    path = raw.db.execute("PRAGMA database_list").fetchone()[2]
    assert check(path) == []


def test_what_another_hand_found_is_what_screens_and_pages_say(
    story: Story, raw: Raw
) -> None:
    with story.desk.flow.snapshot() as now:
        pages = {
            period: draw(page_of(f"{kind}-{period}.html")(now), Frame(rehearsal=True))
            for kind, of in (("month", months.MONTHS), ("quarter", ("2023Q4",)))
            for period in of
        }
    scores, colors = of_units(raw, "score"), of_units(raw, "colors")
    for month in months.MONTHS:
        told = story.told("score", "month", month, by=None)
        for name, published in (("scores", scores), ("colors", colors)):
            units = {each["unit"]: each for each in told[name]["groups"]["district"]}
            assert units == published[month]
        indices = {each["index"] for each in scores[month].values()} - {None}
        assert all(index in pages[month] for index in indices), month
    told = story.told("score", "quarter", "2023Q4", by=None)
    ranking = of_units(raw, "ranking")["2023Q4"]
    assert {each["unit"]: each for each in told["groups"]["district"]} == ranking
    assert all(
        each["value"] in pages["2023Q4"] for each in ranking.values() if each["value"]
    )
    board = story.told("board", "published", "2023Q4", by=None)
    last = [value for _, value in raw.published("board") if value["edition"]]
    for end in ("good", "bad"):
        assert [(each["item"], each["grounds"]) for each in board[end]] == [
            (each["item"], each["grounds"]) for each in last[-1][end]
        ]


def of_units(raw: Raw, kind: str, group: str = "district") -> dict[str, Any]:
    """By period and unit, what was published of a group's units."""
    return {
        value["period"]: {each["unit"]: each for each in value["groups"][group]}
        for _, value in raw.published(kind)
    }


def test_the_rehearsal_has_colors_places_and_who_is_beside_them(raw: Raw) -> None:
    october, november, december = months.MONTHS
    colors, scores = of_units(raw, "colors"), of_units(raw, "score")
    shown = [unit for month in months.MONTHS for unit in colors[month].values()]
    assert {unit["color"] for unit in shown} == {
        "red", "yellow", "blue", "green", None,
    }  # fmt: skip
    certain = {
        month: {unit: each["spread"]["certainty"] for unit, each in of.items() if "spread" in each}
        for month, of in colors.items()
    }  # fmt: skip
    # What chance can't move: the best one, and one that reported nothing.
    assert (
        certain[november][months.SURE] == certain[november][months.SILENT] == "steady"
    )
    assert certain[december][months.KEPT] == "within_error"
    # Below the band of its color, but not far enough to leave it.
    kept = colors[november][months.KEPT]
    assert (kept["color"], kept["before"]) == ("blue", "blue")
    assert 77 <= float(kept["index"]) < 80
    assert [each["code"] for each in kept["reasons"]] == ["color_kept"]
    assert certain[november][months.KEPT] == "steady"
    assert scores[december][months.FEW]["standing"] == "insufficient"
    assert colors[december][months.FEW]["color"] is None
    # Of its only task it was excused.
    assert scores[october]["500105"]["standing"] == "not_measurable"
    zone = of_units(raw, "score", "zone")[october][months.ZONE]
    assert (zone["index"], zone["missing"]) == (None, ["caseload", "complaint_rate"])
    ranking = of_units(raw, "ranking")["2023Q4"]
    places = {unit: each["place"] for unit, each in ranking.items() if each["place"]}
    assert [*places] == [
        months.SURE, months.FEW, months.STEADY, months.KEPT, months.SILENT, UNIT,
    ]  # fmt: skip
    assert [*places.values()] == [1, 2, 3, 4, 5, 6]
    # It has an index in October alone.
    assert scores[october]["500102"]["index"] is not None
    assert ranking["500102"]["place"] is None


def test_another_hand_draws_up_the_digests(story: Story, raw: Raw) -> None:
    published: dict[str, dict[str, Any]] = {}
    for _, value in raw.published("digest"):
        mine = digests.digest(raw, value)
        parts = {each["part"]["unit"]: each for each in value["parts"]}
        assert mine.keys() <= parts.keys(), value["period"]
        for unit, each in parts.items():
            lines = [
                (
                    heading,
                    *(
                        line[name]
                        for name in ("kind", "subject", "count", "days", "figure")
                    ),
                )
                for heading in ("late", "owed", "faults", "well")
                for line in each["part"][heading]
            ]
            assert Counter(lines) == mine[unit], (value["period"], unit)
            counts: Counter[str] = Counter()
            for (heading, _, _, many, _, _), times in mine[unit].items():
                counts[heading] += many * times
            assert all(told == counts[name] for name, told in each["counts"].items())
        published[value["period"]] = parts
    assert len(published) == 8
    shown = story.told("digest", "show", "2024-01", UNIT, by=None)
    assert shown["counts"] == published["2024-01"][UNIT]["counts"]
    assert shown["before"] == published["2023-12"][UNIT]["counts"]


#: Months whose burden is counted, each with the one before.
BEFORE = {"2023-10": "2023-09", "2023-12": "2023-11", "2024-01": "2023-12"}


@pytest.mark.parametrize("month", BEFORE)
def test_another_hand_counts_the_burden(story: Story, raw: Raw, month: str) -> None:
    counts, last = again.burden(raw, month), BEFORE[month]
    earlier = {
        unit: again.burdened(of, 0)["load"]
        for unit, of in again.burden(raw, last).items()
    }
    lines = story.told("burden", "show", month, by=None)
    units = {*counts, *earlier}
    mine = {unit: again.burdened(counts[unit], earlier.get(unit, 0)) for unit in units}
    assert {UNIT, "OFFICE"} <= {line["unit"] for line in lines} <= units
    for line in lines:
        names = ("fields", "uploads", "checks")
        asking = {
            each["kind"]: tuple(each[n] for n in names) for each in line["asking"]
        }
        told = line | {"asking": asking}
        assert {name: told[name] for name in mine[line["unit"]]} == mine.pop(
            line["unit"]
        )
    assert not any(
        left["load"] or left["steps"] or left["more"] for left in mine.values()
    )
