"""What was typed, and what nobody foresaw: kept, and told in a sentence."""

from __future__ import annotations

import fcntl
import io
import re
import shlex
import signal
import sys
from pathlib import Path

import pytest

from huimin_flow.flow import Flow
from huimin_flow.shell.core import drafts, prompt
from huimin_flow.shell.main import huimin, run
from huimin_flow.store import listings
from huimin_flow.timetable import metronome
from tests.shell.terminal import Terminal


def test_a_refused_text_from_standard_input_is_kept_with_its_line(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "零工市场下雨时没有地方候工\n" * 30
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    words = ["item", "collect", "--title", "候工区\x07", "--description", "-"]
    facts = ["--origin", "problem", "--area", "就业创业", "--unit", "500101"]
    assert rehearsal(*words, *facts, "--by", "office-1").code == 1
    (kept,) = rehearsal.bare("drafts", "--json").value
    assert kept["stdin"] == text
    assert "没有地方候工" in rehearsal.bare("drafts").out
    # The next refusal has read nothing.
    assert rehearsal.bare("item", "link", "2026-000009", "media=B2").code == 1
    assert rehearsal.bare("drafts", "--json").value[0]["stdin"] == ""


@pytest.mark.parametrize(
    "line",
    [
        "appeal add --key N1 --channel media --text '我叫诸葛招娣 --a 欠薪,夏侯老板'",
        "appeal add --key N1 --who 诸葛招娣 --village=夏侯家大院 --text=zhuge",
        "appeal add --key N1 --text --zhuge --channel 诸葛招娣",
        "appeal add --key 诸葛招娣 --tex '夏侯 zhuge'",
        "answer give N1 --text '诸葛招娣,夏侯老板'",
        "appeal read media=N1 --reason 诸葛招娣来问 --full",
        "appael add --text 诸葛招娣 --key N1",
        "? appeal add --text 诸葛招娣 --key N1",
        "gather yes media=诸葛招娣 --near media=N1",
        "item suggest --title 诸葛招娣 --text 夏侯",
    ],
)
def test_no_name_stands_in_a_kept_line_or_in_the_history(
    rehearsal: Terminal, line: str
) -> None:
    rehearsal.bare(*shlex.split(line))
    kept = str(rehearsal.bare("drafts", "--json").value)
    for text in (kept, prompt._keepable(line, huimin)):
        assert not re.search("诸葛|招娣|夏侯|zhuge", text)
    assert "N1" not in line or "N1" in prompt._keepable(line, huimin)


def test_a_misspelled_command_about_items_is_kept_whole(rehearsal: Terminal) -> None:
    rehearsal.bare("item", "colect", "--title", "候工区")
    assert "--title '候工区'" in rehearsal.bare("drafts").out
    whole = "item collect --title “候工区” --unit 500101"
    assert prompt._keepable(whole, huimin) == whole


def test_a_piped_text_is_kept_though_the_line_was_refused_before_reading_it(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("会议纪要全文"))
    with pytest.raises(SystemExit) as ended:
        run(["meeting", "hold", "--minutes", "-", "--on", "昨天"])
    assert ended.value.code == 1
    assert rehearsal.bare("drafts", "--json").value[0]["stdin"] == "会议纪要全文"


def test_a_text_of_any_length_is_told_by_its_true_length_and_kept_whole(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "民" * 350_000  # a megabyte
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    facts = ["--origin", "problem", "--area", "就业创业", "--unit", "500101"]
    words = ["item", "collect", "--title", "候工区", "--description", "-", *facts]
    said = rehearsal(*words, "--by", "office-1")
    assert said.code == 1
    assert "有350000个字符" in said.err
    assert "已留存" in said.err
    assert rehearsal.bare("drafts", "--json").value[0]["stdin"] == text
    shown = rehearsal.bare("drafts").out
    assert len(shown) < 2000
    assert "共350000个字符" in shown


def test_what_is_more_than_can_be_kept_is_refused_and_said_to_be_lost(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_READ", 50)
    monkeypatch.setattr(sys, "stdin", io.StringIO("民" * 60))
    words = ["item", "collect", "--title", "候工区", "--description", "-"]
    facts = ["--origin", "problem", "--area", "就业创业", "--unit", "500101"]
    said = rehearsal(*words, *facts, "--by", "office-1")
    assert said.code == 1
    assert "超过50个字符，其余的没有读入，也没有留存" in said.err
    assert rehearsal.bare("drafts", "--json").value[0]["stdin"] == "民" * 50


def test_a_spoilt_line_of_drafts_hides_no_other(rehearsal: Terminal, own: Path) -> None:
    rehearsal.bare("item", "link", "2026-000009", "media=B2")
    path = own / "state" / "huimin" / "refused.jsonl"
    path.write_text("{spoilt\n" + path.read_text("utf-8"), encoding="utf-8")
    shown = rehearsal.bare("drafts")
    assert shown.code == 0
    assert "这一行已损坏" in shown.out
    assert "media=B2" in shown.out


def test_drafts_are_read_newest_first_and_those_of_another_version_too(
    rehearsal: Terminal, own: Path
) -> None:
    rehearsal.bare("item", "link", "2026-000009", "media=B2")
    path = own / "state" / "huimin" / "refused.jsonl"
    other = '{"at": "2020-01-01 00:00:00", "line": "item show 9", "by": "op-500101"}\n'
    path.write_text(other + path.read_text("utf-8"), encoding="utf-8")
    newest, oldest = rehearsal.bare("drafts", "--json").value
    assert "media=B2" in newest["line"]
    assert (oldest["line"], oldest["reason"]) == ("item show 9", "")
    assert rehearsal.bare("drafts", "--json", "--limit", "1").value == [newest]
    assert "损坏" not in rehearsal.bare("drafts").out


def test_what_nobody_foresaw_is_a_sentence_and_its_trace_lies_in_a_file(
    rehearsal: Terminal, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecursionError("deeper than anybody thought")

    monkeypatch.setattr(listings, "item_lines", broken)
    answer = rehearsal("item", "list")
    assert answer.code == 1
    assert "没有料到的情况（RecursionError）" in answer.err
    assert "Traceback" not in answer.err
    (trace,) = (own / "state" / "huimin" / "failures").iterdir()
    assert "deeper than anybody thought" in trace.read_text("utf-8")
    assert str(trace) in answer.err


def test_two_demos_never_share_a_folder(rehearsal: Terminal, own: Path) -> None:
    (own / "out").mkdir()
    with (own / "out" / "demo.part.db.lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        answer = rehearsal.bare("demo", "--into", "out")
    assert answer.code == 1
    assert "另一个进程正在目录" in answer.err
    assert not (own / "out" / "demo.db").exists()


def test_ctrl_c_is_given_back_after_the_service(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    del rehearsal
    before = signal.getsignal(signal.SIGINT)

    class Scheduler:
        def __init__(self, **_: object) -> None:
            self.running = False

        def add_job(self, *_: object, **__: object) -> None:
            self.running = False

        def start(self) -> None:
            signal.raise_signal(signal.SIGTERM)

        def shutdown(self, *, wait: bool) -> None:
            assert wait

    monkeypatch.setattr(metronome, "BackgroundScheduler", Scheduler)
    with Flow.open("sqlite:///t.db") as flow:
        metronome.serve(flow, log=io.StringIO())
    assert signal.getsignal(signal.SIGINT) is before
