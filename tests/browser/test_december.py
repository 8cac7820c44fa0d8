"""The December of a merger year, played through the forms of the desk in Chromium.

The story and what is claimed at its end are those of the shell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from huimin_flow.catalogue.terms import Attribute, Criterion, Dimension, Question
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.reports.deciding.editions import edition_file
from tests.acceptance import test_december as claims
from tests.acceptance.december import December
from tests.acceptance.test_december import ASKS, TIMED, Shell, founded
from tests.conftest import CONFIG
from tests.desk.server import Served, served

#: What has no form by design: the timetable's jobs, and what comes from files.
BY_COMMAND = frozenset({"timetable run", "rating import", "list open"})

#: How many appeals are typed; the others come from the channels' files.
TYPED = 2

#: By command: the act of its form, and what the form's address names it by.
FORMS = {
    "item collect": ("items.collect", ""),
    "appeal add": ("appeals.add", ""),
    "item screen": ("items.screen", "number"),
    "meeting convene": ("meetings.convene", ""),
    "meeting begin": ("meetings.begin", "key"),
    "meeting attach": ("meetings.attach", "key"),
    "meeting close": ("meetings.close", "key"),
    "item judge": ("items.judge", "number"),
    "item star": ("items.star", "number"),
    "assessment request": ("assessments.request", "number"),
    "assessment submit": ("assessments.submit", "key"),
    "assessment accept": ("assessments.accept", "key"),
    "item assign": ("items.assign", "number"),
    "item respond": ("items.respond", "number"),
    "ledger decline": ("ledgers.decline", "number"),
    "item progress": ("tasks.report", "number"),
    "item advise": ("items.advise", "number"),
    "advice adopt": ("advice.adopt", "key"),
    "advice decline": ("advice.decline", "key"),
    "advice mend": ("advice.mend", "key"),
    "advice verify": ("advice.verify", "key"),
    "third-party register": ("third_parties.register", ""),
    "list arrange": ("lists.arrange", "key"),
    "list describe": ("lists.describe", "key"),
    "list propose": ("lists.propose", "key"),
    "list consolidate": ("lists.consolidate", ""),
    "list confirm-all": ("lists.confirm_all", ""),
    "list confirm": ("lists.confirm", "key"),
    "list publish": ("lists.publish", "key"),
    "list supplement": ("lists.supplement", "number"),
    "item cancel": ("items.cancel", "number"),
    "item amend": ("items.amend", "number"),
}

#: By command: the input that its word without a name fills, where no address does.
NAMED = {
    "third-party register": "name",
    "list consolidate": "period",
    "list confirm-all": "period",
}

#: By command and option: the input of its form, where it is called otherwise.
INPUTS = {
    ("meeting convene", "on"): "held_on",
    ("meeting convene", "item"): "agenda",
    ("meeting begin", "participant"): "participants",
    ("item judge", "meeting"): "deliberation",
    ("item star", "expected"): "expected.value",
    ("item cancel", "reason"): "reason_code",
    ("list supplement", "list"): "edition",
    ("list describe", "target"): "targets",
}

#: By command: within which value its options are inputs.
WITHIN = {"item collect": "demand.", "appeal add": "appeal.", "item star": "expected."}

CODES = {
    each.spoken: each.value
    for kind in (Attribute, Criterion, Dimension, Question)
    for each in kind
}


def answers(value: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the inputs of a judgment's answers, as 想做=是:已核实."""
    for text in value:
        question, yes, reason = re.split("[=:]", text)
        within = f"judgment.answers.{CODES[question]}"
        yield f"{within}.yes", yes
        yield f"{within}.reason", reason


def points(within: str, value: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the inputs of scores, as 紧迫性=95."""
    for text in value:
        score, _, number = text.partition("=")
        yield f"{within}.{CODES[score]}", number


#: By command and option: how the option's text is spread over inputs.
SPREADS: dict[tuple[str, str], Callable[[Any], Iterator[tuple[str, str]]]] = {
    ("item screen", "score"): partial(points, "scores"),
    ("item judge", "answer"): answers,
    ("item judge", "score"): partial(points, "judgment.scores"),
    ("item star", "score"): partial(points, "scores"),
    ("assessment request", "staff"): lambda text: zip(
        (f"staff[1].{part}" for part in ("role", "qualification", "count")),
        re.split("[:=]", text),
        strict=True,
    ),
    ("item assign", "plan"): lambda file: flat(
        "plan", YAML(typ="safe").load(Path(file))
    ),
    ("item amend", "set"): lambda text: flat(
        "corrections.title", text.partition("=")[2]
    ),
}


def inputs(act: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the inputs of a form with what a command's options say."""
    for name, value in fields.items():
        if spread := SPREADS.get((act, name)):
            yield from spread(value)
        else:
            known = INPUTS.get((act, name), WITHIN.get(act, "") + name)
            yield from flat(known, value)
    if act == "assessment submit":
        yield "high_risk", "否"  # a form asks for it, a command assumes it


def flat(name: str, plain: Any) -> Iterator[tuple[str, str]]:
    """Yield the inputs of a value by their names."""
    if isinstance(plain, dict):
        for key, part in plain.items():
            yield from flat(f"{name}.{key}", part)
    elif isinstance(plain, list):
        for n, part in enumerate(plain, 1):
            yield from flat(f"{name}[{n}]", part)
    else:
        yield name, str(plain)


@dataclass
class Forms:
    """The desk in Chromium: every post has a browser of its own.

    What is asked, and what has no form, goes through commands on the same database.
    """

    shell: Shell
    chromium: Any
    tabs: dict[str, Any] = field(default_factory=dict)
    desk: Served | None = None
    running: ExitStack = field(default_factory=ExitStack)
    complaints: list[str] = field(default_factory=list)
    done: int = 0
    typed: int = 0

    def at(self, moment: str) -> None:
        """Move the clock: a rehearsal's desk stands at the moment of its start."""
        self.close()
        self.shell.at(moment)

    def close(self) -> None:
        """Stop the desk, and close everybody's browser."""
        self.running.close()
        self.tabs, self.desk = {}, None

    def file(self, name: str, text: str) -> str:
        """Write a file that is uploaded."""
        return self.shell.file(name, text)

    def files(self, key: str, edition: int) -> dict[str, bytes]:
        """Return the page of an edition, and the documents that it leads to."""
        tab = self.tab("office-1")
        assert self.desk is not None
        page = edition_file(key, edition)
        stem = page.removesuffix(".html")
        tab.goto(self.desk.address + page)
        links = tab.locator(f'a[href^="{stem}."]:not([href$="html"])').all()
        names = [page, *(link.get_attribute("href") for link in links)]
        files = {}
        for name in names:
            answer = tab.context.request.get(self.desk.address + name)
            assert answer.status == 200, name
            files[name] = answer.body()
        return files

    def tab(self, by: str) -> Any:
        """Return the browser of a post, signed in."""
        if self.desk is None:
            url, folder = self.shell.database, self.shell.folder
            running = served(url, CONFIG, folder, "--now", self.shell.moment)
            self.desk = self.running.enter_context(running)
        if by not in self.tabs:
            browser = self.chromium.context.browser
            context = browser.new_context(java_script_enabled=False, locale="zh-CN")
            self.running.callback(context.close)
            tab = self.tabs[by] = context.new_page()
            tab.set_default_timeout(30_000)
            tab.on("console", lambda said: self.complaints.append(said.text))
            tab.goto(f"{self.desk.address}sign-in.html")
            tab.get_by_role("combobox").select_option(by)
            self.press(tab, "form button")
        return self.tabs[by]

    def __call__(
        self, act: str, *subjects: str, by: str = "office-1", **fields: Any
    ) -> Any:
        """Fill the form of an act, look at its preview, and do it."""
        asks = act.rsplit(maxsplit=1)[-1] in ASKS or act in TIMED
        if asks or act in BY_COMMAND or act == "audit verify":
            return self.shell(act, *subjects, by=by, **fields)
        if act == "proposal approve":
            return self.approve(*subjects, by=by, **fields)
        if act == "appeal add" and self.typed == TYPED:
            return self.shell(act, *subjects, by=by, **fields)
        linked = ""
        if act == "appeal add":
            linked, self.typed = fields.pop("item"), self.typed + 1
        tab = self.filled(act, *subjects, by=by, **fields)
        if tab.locator("button[value=preview]").count():
            self.press(tab, "button[value=preview]")
            shown = tab.locator("main").inner_text()
            assert "还没有办理" in shown, (act, subjects, fields, shown)
        if (sure := tab.locator('[name="sure"]')).count():
            sure.check()
        self.press(tab, "button[value=done]")
        told = self.told(tab, act, subjects, fields)
        if linked:
            self.link(tab, fields, linked)
        return self.made(act, told, *subjects, **fields)

    def press(self, tab: Any, button: str) -> None:
        """Press a button, and wait until the page that answers is there, whole."""
        with tab.expect_navigation():
            tab.locator(button).first.click()

    def told(self, tab: Any, *acting: object) -> str:
        """Return what the desk says was done."""
        done = tab.locator(".done")
        assert done.count() == 1, (acting, tab.locator("main").inner_text())
        self.done += 1
        words: str = done.inner_text()
        return words

    def made(self, act: str, told: str, *subjects: str, **fields: Any) -> Any:
        """Return by what name the story goes on with what was done."""
        if proposal := re.search(r"proposal/[0-9-]+", told):
            return {"key": proposal[0]}
        if act == "meeting convene":
            return self.shell("meeting list", item=fields["item"][0])["rows"][0]
        if act == "assessment request":
            rows = self.shell("assessment list", item=subjects[0])["rows"]
            return next(row for row in rows if row["assessor"] == fields["assessor"])
        number = re.search(r"\d{4}-\d{6}", told)
        return {"number": number[0]} if number else None

    def refused(self, act: str, *subjects: str, by: str, **fields: Any) -> set[str]:
        """Fill the form of an act that is refused; return the codes of its reasons."""
        tab = self.filled(act, *subjects, by=by, **fields)
        self.press(tab, "button[value=preview]")
        said = tab.locator("[data-codes]").all()
        codes = " ".join(each.get_attribute("data-codes") for each in said)
        return set(codes.split())

    def filled(self, act: str, *subjects: str, by: str, **fields: Any) -> Any:
        """Open the form of an act and fill it in."""
        form, about = FORMS[act]
        tab = self.tab(by)
        assert self.desk is not None
        query = f"?{about}={subjects[0]}" if about else ""
        values = dict(inputs(act, fields))
        if act in NAMED:
            values[NAMED[act]] = subjects[0]
        if act == "item progress":
            query += f"&month={fields['month']}"
            values = {"reports[1].value": fields["value"]}
        if act == "meeting attach":
            values = {}  # the file brings its name
        tab.goto(f"{self.desk.address}act-{form}.html{query}")
        for name, value in values.items():
            self.fill(tab, name, value)
        if act == "meeting attach":
            tab.locator('[name="content"]').set_input_files(subjects[1])
        return tab

    def fill(self, tab: Any, name: str, value: Any) -> None:
        """Fill an input, in a new row if there is none of its name."""
        place = tab.locator(f'[name="{name}"]')
        if not place.count():
            rows = name[: name.rindex("[")]
            self.press(tab, f'button[name="add"][value="{rows}"]')
        kinds = place.evaluate_all("all => all.map(each => each.type)")
        assert kinds, (tab.url, name, tab.locator("form").inner_text())
        if kinds[0] == "hidden":
            assert place.input_value() == value, (tab.url, name)
        elif kinds[0] == "radio":
            yes = "yes" if value == "是" else "no"
            tab.locator(f'[name="{name}"][value="{yes}"]').check()
        elif kinds[0].startswith("select"):
            place.select_option(value)
        else:
            place.fill(value)

    def link(self, tab: Any, fields: Mapping[str, Any], number: str) -> None:
        """Link an appeal that came in to its item."""
        assert self.desk is not None
        tab.goto(f"{self.desk.address}act-appeals.link.html?number={number}")
        self.fill(tab, "appeals[1][1]", fields["channel"])
        self.fill(tab, "appeals[1][2]", fields["key"])
        self.press(tab, "button[value=preview]")
        self.press(tab, "button[value=done]")
        self.told(tab, "appeal link", number)

    def approve(self, key: str, *, by: str, seen: str) -> None:
        """Look at a proposal as the second person, and confirm what is shown."""
        tab = self.tab(by)
        assert self.desk is not None
        tab.goto(f"{self.desk.address}{key.replace('/', '-', 1)}.html")
        shown = tab.locator('[name="seen"]')
        assert shown.count() == 1, tab.locator("main").inner_text()
        assert shown.input_value() == seen
        self.press(tab, "button[value=approve]")
        assert not tab.locator("[data-codes]").count(), tab.locator("main").inner_text()
        self.done += 1


@pytest.fixture(scope="module")
def forms(
    book: Rulebook, chromium: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Forms]:
    """A rehearsal at whose desk nothing has happened yet."""
    folder = tmp_path_factory.mktemp("december")
    shell = founded(f"sqlite:///{folder}/huimin.db", book, folder)
    forms = Forms(shell, chromium)
    yield forms
    forms.close()


@pytest.fixture(scope="module")
def story(forms: Forms) -> December:
    """The four months at the desk."""
    story = December(forms)
    story.play()
    return story


@pytest.mark.parametrize(
    "claim",
    [
        claims.test_what_the_ended_districts_owed_stands_with_their_successor,
        claims.test_lists_frozen_five_days_late_are_those_of_the_cutoff,
        claims.test_the_four_editions_differ_only_in_what_was_decided,
        claims.test_every_edition_stays_readable_as_it_was_published,
        claims.test_no_index_jumps_because_codes_ended,
        claims.test_who_may_not_is_refused_with_the_reason,
        claims.test_the_audit_of_the_four_months_is_clean,
    ],
)
def test_what_is_claimed_of_the_shell_holds_at_the_desk(
    claim: Callable[[December], None], story: December
) -> None:
    claim(story)


def test_the_browser_complains_of_nothing_but_the_refusals(
    story: December, forms: Forms
) -> None:
    assert forms.done > 110
    assert len(forms.complaints) == len(story.refusals)
    assert all("responded with a status of 4" in said for said in forms.complaints)
