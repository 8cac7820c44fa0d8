"""The December of a merger year, played through the shell (F1, N9, B1-B9, C1, C3)."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from huimin_flow.catalogue.terms import Area
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.shell.main import invoke
from tests.acceptance.december import (
    CITY,
    ENDED,
    NEW,
    NORTH,
    NUMBERS,
    RATED,
    WANZHOU,
    YUBEI,
    December,
)
from tests.databases import fresh
from tests.sampled import NIGHTLY

#: The subjects of the areas' proposals.
AREAS = frozenset(Area)

#: Who only reads needs no post, and mostly no moment.
ASKS = ("show", "list", "awaited", "editions", "explain", "month", "owing", "history")
TIMED = (
    "timetable run",
    "list preview",
    "rating bad",
    "report list",
    "progress owing",
)

#: The words after the mark of a rehearsal that say that an edition is superseded.
MARK = "\uff0c本版已被替代\uff0c仅供查阅".encode()


@dataclass
class Shell:
    """A terminal at which the story is typed, with its clock."""

    database: str
    folder: Path
    moment: str = ""

    def __call__(
        self, act: str, *subjects: str, by: str = "office-1", **fields: Any
    ) -> Any:
        """Type a command, and return the value that it prints."""
        code, out, err = self.typed(act, *subjects, by=by, **fields)
        assert code == 0, (act, subjects, fields, err)
        return json.loads(out or "null")

    def refused(self, act: str, *subjects: str, by: str, **fields: Any) -> set[str]:
        """Type a command that is refused, and return the codes of its reasons."""
        code, _, err = self.typed(act, *subjects, by=by, **fields)
        assert code == 1, (act, subjects, fields, err)
        return {reason["code"] for reason in json.loads(err)["reasons"]}

    def at(self, moment: str) -> None:
        """Move the clock."""
        self.moment = moment

    def file(self, name: str, text: str) -> str:
        """Write a file beside the database."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def files(self, key: str, edition: int) -> dict[str, bytes]:
        """Export an edition, and return its files."""
        into = self.folder / f"exported-{self.moment[:10]}-{edition}"
        code, _, err = self.typed("report list", key, by="", edition=edition, into=into)
        assert code == 0, err
        return {
            path.relative_to(into).as_posix(): path.read_bytes()
            for path in sorted(into.rglob("*"))
            if path.is_file()
        }

    def typed(
        self, act: str, *subjects: str, by: str, **fields: Any
    ) -> tuple[int, str, str]:
        """Run a command's line; return its code and both streams."""
        words = [*act.split(), *subjects]
        for name, value in fields.items():
            for each in value if isinstance(value, list) else [value]:
                words += ["--" + name.replace("_", "-"), str(each)]
        if act in TIMED:
            words += ["--now", self.moment]
        elif act.rsplit(maxsplit=1)[-1] not in ASKS and act != "audit verify":
            words += ["--now", self.moment, "--by", by]
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = invoke([*words, "--json", "--db", self.database])
        return code, out.getvalue(), err.getvalue()


def founded(url: str, book: Rulebook, folder: Path) -> Shell:
    """Found the rehearsal on the story's first day."""
    clock = RehearsalClock(datetime(2025, 10, 1, 1, tzinfo=UTC))
    Flow.found(url, book, rehearsal=True, clock=clock).close()
    return Shell(url, folder)


def played(url: str, book: Rulebook, folder: Path) -> December:
    """Play the story on a new database."""
    story = December(founded(url, book, folder))
    story.play()
    return story


@pytest.fixture(scope="module")
def story(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> December:
    """The four months on SQLite."""
    folder = tmp_path_factory.mktemp("december")
    return played(f"sqlite:///{folder}/huimin.db", book, folder)


def listed(edition: Any) -> list[str]:
    return [place["item"] for place in edition["places"]]


def printed(name: str, content: bytes) -> bytes:
    """Return what a file publishes: without the mark that it is superseded."""
    if name.endswith(".json"):
        return content.replace(b'"state":"superseded"', b'"state":"published"')
    if name.endswith(".html"):
        return b""  # the page leads to all editions there are
    with ZipFile(io.BytesIO(content)) as file:
        parts = [file.read(part) for part in sorted(file.namelist())]
    return b"".join(parts).replace(MARK, b"")


def test_what_the_ended_districts_owed_stands_with_their_successor(
    story: December,
) -> None:
    before, after = story.seen["owed before"], story.seen["owed after"]
    owed = set[str]().union(*(before[unit] for unit in ENDED))
    assert {duty.split()[0] for duty in owed} == {
        "item", "task", "report", "rating", "response",
    }  # fmt: skip
    # One of the three had taken up this demand: the successor has.
    owed.remove(f"response {story.items['青年人才驿站']}")
    assert after[NEW] == owed
    assert after[WANZHOU] == before[WANZHOU]
    assert not set(ENDED) & (after.keys() | story.seen["owed at last"].keys())
    lasting = {duty for duty in owed if duty.split()[0] in {"item", "task", "rating"}}
    assert lasting <= story.seen["owed at last"][NEW]


def test_lists_frozen_five_days_late_are_those_of_the_cutoff(story: December) -> None:
    frozen, then = story.seen["frozen"], story.seen["at the cutoff"]
    expected = {each["key"]: listed(each) for each in then["units"] if each["places"]}
    units = [key for key in frozen if key.rpartition("/")[2] not in AREAS]
    assert {
        key: listed(frozen[key]) for key in units if frozen[key]["places"]
    } == expected
    assert list(expected) == [f"list/2026/{unit}" for unit in (WANZHOU, NEW, "DIV-RCB")]
    assert not {f"list/2026/{unit}" for unit in ENDED} & frozen.keys()
    late = story.items["社区就业服务"]
    assert not any(late in listed(each) for each in frozen.values())
    phase = [story.items["企业用工直播"]]
    assert {key: listed(each) for key, each in story.seen["phase"].items()} == {
        "list/2026Q1/500101": phase, "list/2026Q1/city": phase,
    }  # fmt: skip


def test_the_four_editions_differ_only_in_what_was_decided(story: December) -> None:
    editions = [story.seen[f"edition {n}"] for n in range(1, 5)]
    places = [
        {place["item"]: {**place, "rank": None} for place in each["places"]}
        for each in editions
    ]
    items = story.items
    first = ["夜间招聘会", "灵活就业参保", "快递员工伤保障", "青年人才驿站"]
    assert listed(editions[0]) == [items[name] for name in first]
    added, left, named = (
        items[name] for name in ("社区就业服务", "青年人才驿站", "灵活就业参保")
    )
    assert places[1] == places[0] | {added: places[1][added]}
    assert places[2] == {k: v for k, v in places[1].items() if k != left}
    title = {"title": "灵活就业人员参保服务"}
    assert places[3] == places[2] | {named: places[2][named] | title}
    changes = [[(c["kind"], c["item"]) for c in each["changes"]] for each in editions]
    assert changes == [
        [], [("supplement", added)], [("cancellation", left)], [("correction", named)],
    ]  # fmt: skip
    assert [each["document"] for each in editions] == list(NUMBERS)
    assert [each["edition"] for each in editions] == [1, 2, 3, 4]


def test_every_entry_says_what_it_promises_with_whom_and_by_when(
    story: December,
) -> None:
    for number, files in story.files.items():
        edition = story.seen[f"edition {number}"]
        for place in edition["places"]:
            assert place["text"].endswith("全覆盖")
            assert place["targets"] == ["服务500人", "满意度90%"]
            assert [each["name"] for each in place["supporting"]] == ["沙坪坝区"]
            assert place["due"] == "2026-12-31"
        (docx,) = (files[name] for name in files if name.endswith(".docx"))
        with ZipFile(io.BytesIO(docx)) as file:
            text = file.read("word/document.xml").decode()
        for words in ("服务500人", "沙坪坝区", "2026年12月31日"):
            assert text.count(words) == len(edition["places"]), words


def test_every_edition_stays_readable_as_it_was_published(story: December) -> None:
    do = story.do
    for number, then in story.files.items():
        shown = do("list show", CITY, edition=number)
        state = "published" if number == 4 else "superseded"
        assert shown == story.seen[f"edition {number}"] | {"state": state}
        now = do.files(CITY, number)
        assert {name.rpartition(".")[2] for name in then} == {
            "docx", "html", "json", "xlsx",
        }  # fmt: skip
        assert {name: printed(name, content) for name, content in now.items()} == {
            name: printed(name, content) for name, content in then.items()
        }
    shown = [line["edition"] for line in do("list editions", CITY)]
    assert shown == [1, 2, 3, 4]


def test_no_index_jumps_because_codes_ended(story: December) -> None:
    months = [
        {
            line["unit"]: line
            for group in shown["scores"]["groups"].values()
            for line in group
        }
        for shown in story.seen["scores"].values()
    ]
    before, after, *later = months
    # Their facts are the same each month; channels of complaints were silent later.
    for unit in RATED.keys() - {*ENDED, WANZHOU}:
        assert before[unit]["index"] == after[unit]["index"]
        assert len({month[unit]["index"] for month in later}) == 1
        for part in ("caseload", "satisfaction"):
            assert len({month[unit]["parts"][part] for month in months}) == 1
    assert NEW not in before
    assert not any({*ENDED} & month.keys() for month in (after, *later))
    successor = after[NEW]
    for part, reading in successor["readings"].items():
        for side in ("numerator", "denominator"):
            former = [before[unit]["readings"][part][side] for unit in (NORTH, YUBEI)]
            assert reading[side] == sum(former), part
    # Nobody knows yet how many people live there: that is said, and it is not ranked.
    assert successor["missing"] == ["caseload"]
    assert successor["index"] is None


def test_who_may_not_is_refused_with_the_reason(story: December) -> None:
    assert story.refusals == {
        "assessor below the executor": {"assessor_is_child"},
        "an area is silent": {"list_areas_silent"},
        "organs have ended": {"unit_not_at_work"},
    }


def test_the_audit_of_the_four_months_is_clean(story: December) -> None:
    assert not story.do("audit verify")["findings"]


@pytest.mark.skipif(
    not NIGHTLY,
    reason="make nightly: plays the four months once more; by day tests of each part"
    " of them (editions, successions, jobs, ratings) run on both databases",
)
def test_the_same_story_on_postgresql_gives_the_same_lists(
    story: December,
    server: str,
    book: Rulebook,
    config: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = shutil.copytree(config, tmp_path / "config")
    settings = (own / "huimin.yaml").read_text("utf-8")
    files = f"attachments: {tmp_path}/files"  # a server's database has no folder
    settings = settings.replace("# attachments: files", files)
    (own / "huimin.yaml").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("HUIMIN_CONFIG", str(own))
    url = f"{server}/{fresh(server)}"
    other = played(url, book, tmp_path)
    assert other.seen == story.seen
    assert other.files == story.files
    assert not other.do("audit verify")["findings"]
