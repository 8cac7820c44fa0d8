"""Files of refused ratings: mended by an operator, and brought in again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.shell.services.test_ratings import BY, HEAD, row
from tests.shell.services.test_ratings import written as file_of
from tests.shell.terminal import Terminal


def test_refused_rows_come_in_once_they_are_mended(
    rehearsal: Terminal, own: Path
) -> None:
    rows = [row(1), row(2, item="nothing"), row(3, "还行", person="=p3"), "T4,x"]
    name = file_of(own, *rows)
    assert rehearsal("rating", "import", name, *BY).code == 1
    beside = own / "r.refused.csv"
    unmended = rehearsal("rating", "import", "r.refused.csv", *BY, "--json")
    assert (unmended.value["kept"], unmended.value["refused"]) == (0, 3)
    text = beside.read_text(encoding="utf-8-sig")
    assert "'=p3" in text
    mended = text.replace("nothing", "startup_grant").replace("还行", "满意")
    beside.write_text(mended.replace("T4,x", row(4)), encoding="utf-8")
    again = rehearsal("rating", "import", "r.refused.csv", *BY, "--json")
    assert (again.code, again.value["kept"]) == (0, 3), again.out
    people = rehearsal("rating", "show", "2026-10", "--per", "person", "--json").value
    assert [one["of"] for one in people] == [["500101", "=p3"]]


def test_refused_objects_come_in_once_they_are_mended(
    rehearsal: Terminal, own: Path
) -> None:
    good = dict(zip(HEAD.split(","), row(1).split(","), strict=True))
    told = [good | {"办件编号": "T2", "事项": "nothing"}, good]
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in told)
    (own / "r.jsonl").write_text(text + "{not json}\n", encoding="utf-8")
    assert rehearsal("rating", "import", "r.jsonl", *BY).code == 1
    beside = own / "r.refused.jsonl"
    kept = [json.loads(one) for one in beside.read_text("utf-8").splitlines()]
    assert [one["行"] for one in kept] == [1, 3]
    assert kept[1]["原文"] == "{not json}"
    beside.write_text(
        json.dumps(kept[0] | {"事项": "startup_grant"}, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    again = rehearsal("rating", "import", "r.refused.jsonl", *BY, "--json")
    assert (again.code, again.value["kept"]) == (0, 1)


def test_a_line_that_was_cut_cannot_come_in_unmended(
    rehearsal: Terminal, own: Path
) -> None:
    (own / "r.csv").write_text("\n".join([HEAD, row(1), row(2)]), encoding="utf-8")
    assert rehearsal("rating", "import", "r.csv", *BY).code == 1
    again = rehearsal("rating", "import", "r.refused.csv", *BY, "--json")
    assert (again.value["kept"], again.value["refused"]) == (0, 1)


def test_a_file_that_was_mended_by_hand_is_never_written_over(
    rehearsal: Terminal, own: Path
) -> None:
    name = file_of(own, row(1), row(2, item="nothing"), row(3, "还行"))
    first = rehearsal("rating", "import", name, *BY, "--json").value
    beside, second = own / "r.refused.csv", own / "r.refused-2.csv"
    assert (first["refused_file"], first["refused_before"]) == (beside.name, [])
    whole = beside.read_bytes()
    # The same lines again are the same file.
    again = rehearsal("rating", "import", name, *BY, "--json").value
    assert (again["refused_file"], again["refused_before"]) == (beside.name, [])
    assert (beside.read_bytes(), second.exists()) == (whole, False)
    # One that an interrupt left unfinished is finished.
    beside.write_bytes(whole[:-20])
    rehearsal("rating", "import", name, *BY)
    assert (beside.read_bytes(), second.exists()) == (whole, False)
    mended = whole.replace(b"nothing", b"startup_grant")
    beside.write_bytes(mended)
    said = rehearsal("rating", "import", name, *BY)
    assert said.code == 1
    assert f"未收的各行在 {second.name}" in said.out
    assert f"此前未收的各行仍在 {beside.name}，没有改动" in said.out
    assert (beside.read_bytes(), second.read_bytes()) == (mended, whole)
    assert second.stat().st_mode & 0o077 == 0


def test_who_brings_in_what_was_mended_is_told_of_the_file_that_is_left(
    rehearsal: Terminal, own: Path
) -> None:
    name = file_of(own, row(1), row(2, item="nothing"))
    assert rehearsal("rating", "import", name, *BY).code == 1
    file_of(own, row(1), row(2))
    said = rehearsal("rating", "import", name, *BY)
    assert said.code == 0
    assert "此前未收的各行仍在 r.refused.csv" in said.out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.csv", f"{HEAD}\n"),
        ("r.csv", f"{HEAD}\n\n\n"),
        ("r.jsonl", ""),
        ("r.jsonl", "\n\n"),
    ],
)
def test_a_file_without_a_rating_is_refused_in_words(
    name: str, text: str, rehearsal: Terminal, own: Path
) -> None:
    (own / name).write_text(text, encoding="utf-8")
    said = rehearsal("rating", "import", name, *BY)
    assert (said.code, said.out) == (1, "")
    assert f"{name} 里没有一行评价" in said.err
