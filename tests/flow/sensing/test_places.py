"""A place in any spelling is one place in prevalence and in every rate (A1, A2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Criterion
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import rulebook_from_text, rulebook_text
from huimin_flow.reports.core.lists import Sight
from huimin_flow.reports.core.present import tally_notes
from huimin_flow.reports.sensing.appeals import place_words
from huimin_flow.testing import Desk
from tests.flow.scoring.test_counting import at, rated, reading
from tests.flow.sensing.test_appeals import appeal
from tests.model.core.test_places import SPELLINGS

DAY = at_hour(date(2023, 10, 5), 10)


def linked(desk: Desk, *districts: str) -> str:
    """Link an appeal of each district to a new item; return its number."""
    item = desk.collect().number
    batch = [
        appeal(f"{item}-{k}", who=f"p{k}", district=district, at=DAY)
        for k, district in enumerate(districts)
    ]
    desk.flow.appeals.add_all(batch, by=desk.office)
    pairs = [(each.channel, each.key) for each in batch]
    desk.flow.appeals.link(item, pairs, by=desk.office)
    return item


def test_thirty_spellings_are_one_place_in_prevalence_and_in_every_rate(
    desk: Desk,
) -> None:
    rated(desk, "500106")
    rated(desk, "500101")
    once = linked(desk, "500101", *["500106"] * len(SPELLINGS))
    item = linked(desk, *SPELLINGS)
    plain = linked(desk, *["500106"] * len(SPELLINGS))
    tallies = {number: desk.flow.items.tally(number) for number in (item, plain)}
    assert {(each.places, each.unplaced) for each in tallies.values()} == {(1, 0)}
    assert desk.flow.items.tally(once).places == 2
    scores = {Criterion.URGENCY: 50, Criterion.FUNDAMENTALITY: 50}
    previews = [desk.flow.items.screening(each, scores) for each in (item, plain)]
    assert previews[0].prevalence == previews[1].prevalence
    at(desk, 2023, 11, 9)
    rate = reading(desk, "2023-10", "complaint_rate", "500106")
    assert rate is not None
    assert (rate.numerator, rate.unplaced) == (3 * len(SPELLINGS), 0)
    assert desk.flow.appeals.count(district="500106") == 3 * len(SPELLINGS)
    desk.screen(item)
    assert door_of(desk.flow).read(verify).clean


def test_thirty_spellings_are_one_place_of_hot_problems_points_and_answers(
    desk: Desk,
) -> None:
    count = len(SPELLINGS)
    item = linked(desk, *SPELLINGS)
    linked(desk, "500101", "A3区")
    flow = desk.flow
    (problem,) = (each for each in flow.gathering.groups() if each.item == item)
    assert (problem.places, problem.unplaced, problem.appeals) == (1, 0, count)
    covered = {each.unit: each for each in flow.points.coverage().districts}
    assert covered["500106"].appeals == count
    assert flow.points.coverage().unplaced == 1
    # those without an item are answered by the unit of their place
    loose = [appeal(f"l{n}", district=s, at=DAY) for n, s in enumerate(SPELLINGS)]
    flow.appeals.add_all(loose, by=desk.office)
    received = {each.unit: each.received for each in flow.answers.rates()}
    assert received["500106"] == count
    (again,) = flow.answers.rates(unit="500106")
    assert (again.received, again.open) == (count, count)


def test_unknown_places_are_counted_beside_what_they_could_change(desk: Desk) -> None:
    item = linked(desk, "500101", "万州区", "A3区", "太平镇")
    tally = desk.flow.items.tally(item)
    assert (tally.places, tally.unplaced) == (1, 2)
    assert tally_notes(tally) == ("其中2条地点不明,未计入地数",)
    nowhere = desk.flow.items.tally(linked(desk, "A3区", "B市"))
    assert (nowhere.places, nowhere.unplaced) == (1, 2)


def test_an_alias_that_is_added_later_places_what_was_kept_as_written(
    desk: Desk,
) -> None:
    rated(desk, "500103")
    rated(desk, "500101")
    item = linked(desk, "500101", "大阳沟", "大阳沟")
    assert desk.flow.items.tally(item).unplaced == 2
    assert desk.flow.appeals.count(district="500103") == 0
    book = desk.flow.rulebook.active()
    places = book.organization.places
    assert places is not None
    places = replace(places, aliases={"500103005": ("大阳沟",)})
    more = replace(book, organization=replace(book.organization, places=places))
    more = rulebook_from_text(rulebook_text(more))
    desk.flow.rulebook.activate(more, by=desk.office, second=desk.second)
    tally = desk.flow.items.tally(item)
    assert (tally.places, tally.unplaced) == (2, 0)
    assert desk.flow.appeals.count(district="500103") == 2
    assert {each.district for each in desk.flow.appeals.list(district="500103")} == {
        "大阳沟"
    }
    at(desk, 2023, 11, 9)
    rate = reading(desk, "2023-10", "complaint_rate", "500103")
    assert rate is not None
    assert (rate.numerator, rate.unplaced) == (2, 0)
    # the facts stay as they were, and so does what was decided before
    again = [appeal(f"{item}-1", who="p1", district="大阳沟", at=DAY)]
    intake = desk.flow.appeals.add_all(again, by=desk.office)
    assert (intake.known, intake.others) == (1, ())
    assert door_of(desk.flow).read(verify).clean


def test_town_and_village_are_kept_with_the_district(desk: Desk) -> None:
    written = [
        appeal("a", district="重庆市万州区高笋塘街道某某社区居委会"),
        appeal("b", district="万州区", town="高笋塘街道", village="某某社区"),
        appeal("c", district="500101", town="500101001"),
        appeal("d", district="高笋塘街道"),
        appeal("e", district="万州区", town="没有这个镇"),
    ]
    desk.flow.appeals.add_all(written, by=desk.office)
    rows = door_of(desk.flow).read(
        lambda c: c.exec_driver_sql(
            "SELECT district, town, village FROM huimin_appeal ORDER BY key"
        ).all()
    )
    assert [tuple(row) for row in rows] == [
        ("500101", "500101001", "?"),
        ("500101", "500101001", "?"),
        ("500101", "500101001", ""),
        ("500101", "500101001", ""),
        ("500101", "?", ""),
    ]
    (read,) = desk.flow.appeals.read(
        [(written[1].channel, "b")], "挂接", full=True, by=desk.office
    )
    assert read.contact is not None
    assert read.contact.other == "某某社区"
    kept = desk.flow.appeals.add_all(written, by=desk.office)
    assert (kept.kept, kept.others) == (0, ())


def test_a_town_that_its_district_lacks_is_kept_and_told(desk: Desk) -> None:
    batch = [
        appeal("a", district="九龙坡", town="高笋塘街道"),
        appeal("b", district="九龙坡", town="火星镇"),
        appeal("c", district="万州区", town="高笋塘街道"),
    ]
    kept = desk.flow.appeals.add_all(batch, by=desk.office)
    assert (kept.kept, kept.unplaced) == (3, ())
    assert kept.strange == ("九龙坡区高笋塘街道", "九龙坡区?")
    with desk.flow.snapshot() as now:
        sight = Sight(now, now.rulebook.active().organization.names)
        shown = {each.key: place_words(sight, each) for each in now.appeals.list()}
    assert {key for key, text in shown.items() if "镇街不明" in text} == {"a", "b"}
    assert "?" in shown["b"]
