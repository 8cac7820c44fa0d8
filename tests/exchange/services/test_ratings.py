from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import RatingCode, RowCode, sentence, spoken
from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core import records
from huimin_flow.exchange.core.cells import LEVELS, marked
from huimin_flow.exchange.core.portions import Portion
from huimin_flow.exchange.core.records import encoding_of
from huimin_flow.exchange.services import ratings
from huimin_flow.exchange.services.ratings import (
    read_ratings,
    source_of_ratings,
)
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.services.admission import Admission
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.ratings import Rating
from huimin_flow.testing import Desk
from tests.ratings import any_ratings, rating, some

HEAD = "办件编号,单位,事项,渠道,评价,时间,窗口,人员,评价人\n"
ROW = "T{0},500101,startup_grant,hall_device,满意,2023-09-04 10:00,W01,p1,c1\n"
TEXT = HEAD + "".join(ROW.format(k) for k in range(3))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "评价.csv"


def read(path: Path, data: bytes | str) -> Portion[Rating]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    portions = list(read_ratings(source_of_ratings(path)))
    assert len(portions) <= 1
    return portions[0] if portions else Portion(facts=(), lines=(), refused=())


def codes(portion: Portion[Rating]) -> list[tuple[int, str]]:
    return [(one.line, one.reason.code) for one in portion.refused]


def as_csv(ratings: list[Rating]) -> str:
    out = io.StringIO()
    fields = list(Rating.__dataclass_fields__)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    for one in ratings:
        row = {name: str(getattr(one, name)) for name in fields}
        row["at"] = one.at.isoformat()
        writer.writerow([marked(text) for text in row.values()])
    return out.getvalue()


def as_jsonl(ratings: list[Rating]) -> str:
    fields = list(Rating.__dataclass_fields__)
    rows = ({name: str(getattr(one, name)) for name in fields} for one in ratings)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@given(any_ratings())
@example([rating(1, who="'="), rating(2, who="''=1"), rating(3, who="=1")])
@example([rating(4, who="'"), rating(5, who="'s"), rating(6, person="'\uff1d")])
def test_what_is_written_as_csv_or_jsonl_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, ratings: list[Rating]
) -> None:
    folder = tmp_path_factory.mktemp("both")
    for name, text in (("a.csv", as_csv(ratings)), ("a.jsonl", as_jsonl(ratings))):
        portion = read(folder / name, text)
        assert list(portion.facts) == ratings
        assert portion.refused == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_is_read_in_each_of_its_encodings(
    file: Path, encoding: str, end: str
) -> None:
    portion = read(file, TEXT.replace("\n", end).encode(encoding))
    assert [one.transaction for one in portion.facts] == ["T0", "T1", "T2"]
    assert portion.lines == [2, 3, 4]
    assert {one.level for one in portion.facts} == {RatingLevel.SATISFIED}
    assert {one.at.isoformat() for one in portion.facts} == {
        "2023-09-04T10:00:00+08:00"
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_jsonl_file_is_read_in_each_of_its_encodings(
    tmp_path: Path, encoding: str
) -> None:
    lines = TEXT.splitlines()
    names = lines[0].split(",")
    rows = [dict(zip(names, one.split(","), strict=True)) for one in lines[1:]]
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
    portion = read(tmp_path / "r.jsonl", text.encode(encoding))
    assert [one.transaction for one in portion.facts] == ["T0", "T1", "T2"]
    assert (portion.lines, portion.refused) == ([1, 2, 3], ())


def test_characters_that_cannot_be_told_are_refused_by_their_byte(file: Path) -> None:
    data = TEXT.encode() + b"\xff\xff\n"
    with pytest.raises(InputRefused) as refused:
        read(file, data)
    assert f"utf-8 {len(TEXT.encode()) + 1}" in str(refused.value)
    assert refused.value.remedy


def test_the_byte_is_right_where_a_character_spans_two_blocks(file: Path) -> None:
    filled = b"x" * ((1 << 20) - 1) + "惠".encode()
    file.write_bytes(filled + b"\xff\xff")
    with pytest.raises(InputRefused, match=f"utf-8 {len(filled) + 1}、"):
        encoding_of(file)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe"])
def test_a_mark_at_the_beginning_is_held_to(file: Path, mark: bytes) -> None:
    file.write_bytes(mark + b"\x00\xd8\x00\xd8\xff\xff\x00")
    with pytest.raises(InputRefused, match="编码无法识别"):
        encoding_of(file)


@given(at=st.integers(1, len(TEXT.encode())))
def test_a_file_cut_anywhere_gives_whole_rows_and_names_its_last_line(
    tmp_path_factory: pytest.TempPathFactory, at: int
) -> None:
    data = TEXT.encode()[:at]
    file = tmp_path_factory.mktemp("cut") / "a.csv"
    whole = data.count(b"\n")
    if whole == 0:
        return
    portion = read(file, data)
    assert [one.transaction for one in portion.facts] == [
        f"T{k}" for k in range(whole - 1)
    ]
    cut = not data.endswith(b"\n")
    assert codes(portion) == ([(whole + 1, RowCode.LINE_CUT)] if cut else [])


@given(at=st.integers(1, len(as_jsonl(some(3)).encode())))
def test_a_jsonl_file_cut_anywhere_gives_whole_rows_and_names_its_last_line(
    tmp_path_factory: pytest.TempPathFactory, at: int
) -> None:
    text = as_jsonl(some(3)).encode()
    data = text[:at]
    portion = read(tmp_path_factory.mktemp("cut") / "a.jsonl", data)
    assert list(portion.facts) == some(3)[: len(portion.facts)]
    ends = [k for k in range(at + 1) if text[k - 1 : k] == b"}"]
    assert len(portion.facts) == len(ends)
    left = data[ends[-1] if ends else 0 :].strip()
    assert codes(portion) == ([(len(ends) + 1, RowCode.LINE_CUT)] if left else [])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("满意", "很好", RatingCode.UNKNOWN_LEVEL),
        ("2023-09-04 10:00", "2023-09-31 10:00", RowCode.TIME_UNREADABLE),
        ("2023-09-04 10:00", "2023-09", RowCode.TIME_UNREADABLE),
        ("满意", "4", RatingCode.LEVEL_CODE_UNKNOWN),
        ("2023-09-04 10:00", "\u0662023-09-04 10:00", RowCode.TIME_UNREADABLE),
        ("2023-09-04 10:00", "昨天", RowCode.TIME_UNREADABLE),
        (",W01", "", RowCode.LINE_MISSHAPED),
        (",W01", ',W"01', RowCode.LINE_UNREADABLE),
        (",W01", ',"W"01', RowCode.LINE_UNREADABLE),
        ("T0,", "T0,,", RowCode.LINE_MISSHAPED),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_the_others_are_read(
    file: Path, old: str, new: str, code: RatingCode
) -> None:
    head, first, *rest = TEXT.splitlines(keepends=True)
    portion = read(file, head + "\n" + first.replace(old, new, 1) + "".join(rest))
    assert codes(portion) == [(3, code)]
    assert spoken(portion.refused[0].reason) != code
    assert [one.transaction for one in portion.facts] == ["T1", "T2"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("[]", RowCode.LINE_UNREADABLE),
        ("{", RowCode.LINE_UNREADABLE),
        ("[" * 100_000, RowCode.LINE_UNREADABLE),
        ('{"level": 4.5}', RowCode.TEXT_UNFIT),
        ('{"level": "满意", "unit": 500101}', RowCode.TEXT_UNFIT),
        ('{"level": 5}', RatingCode.LEVEL_CODE_UNKNOWN),
        ('{"level": true}', RatingCode.UNKNOWN_LEVEL),
        ('{"level": null}', RowCode.TEXT_UNFIT),
        ('{"level": "满意", "at": "2023-02-30T10:00"}', RowCode.TIME_UNREADABLE),
    ],
)
def test_a_bad_object_is_named_by_its_line(
    tmp_path: Path, line: str, code: RatingCode
) -> None:
    good = as_jsonl(some(2)).splitlines()
    portion = read(tmp_path / "a.jsonl", f"{good[0]}\n{line}\n{good[1]}\n")
    assert codes(portion) == [(2, code)]
    assert len(portion.facts) == 2


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ('{"transaction": "T1", "办件编号": "T2"}', "办件编号"),
        ('{"level": 5, "评价等级": "满意"}', "评价"),
        ('{"transaction": "T1", "level": "5", "transaction": "T1"}', "办件编号"),
        ('{"level": 5, "level": 4}', "评价"),
        ('{"level": 5, "\\u006cevel": 4}', "评价"),
        ('{"备注": 1, "备注": "\\"", "level": "5"}', "备注"),
    ],
)
def test_an_object_that_says_a_field_twice_is_refused_by_the_fields_name(
    tmp_path: Path, said: str, field: str
) -> None:
    first, second = as_jsonl(some(2)).splitlines()
    added = second.removesuffix("}") + ', "备注": 1, "说明": {"level": "\\"", "b": []}}'
    portion = read(tmp_path / "a.jsonl", f"{first}\n{said}\n{added}\n")
    assert codes(portion) == [(2, RowCode.FIELD_TWICE)]
    assert spoken(portion.refused[0].reason).startswith(f"“{field}”")
    assert list(portion.facts) == some(2)


@pytest.mark.parametrize("taken", [("5星", 0), ("4星", 1), ("基本满意", 2)])
def test_a_level_may_be_a_word_or_its_stars(taken: tuple[str, int]) -> None:
    assert LEVELS[taken[0]] is list(RatingLevel)[taken[1]]


def test_quoted_fields_and_columns_in_another_order_are_read(file: Path) -> None:
    text = (
        "备注,评价时间,评价等级,渠道,事项代码,单位代码,办件编号\n"
        '"好,很好",2023-09-04T02:00:00Z,5星,pc,startup_grant,500101,"T""1"\n'
    )
    (one,) = read(file, text).facts
    assert (one.transaction, one.level) == ('T"1', RatingLevel.VERY_SATISFIED)
    assert (one.window, one.person, one.who) == ("", "", "")


@pytest.mark.parametrize(
    "text",
    ["单位,事项\n", HEAD.replace("窗口", "单位"), TEXT.replace(",", "/")],
)
def test_a_file_without_its_columns_is_refused(file: Path, text: str) -> None:
    with pytest.raises(InputRefused, match="列不对"):
        read(file, text)


@pytest.mark.parametrize("text", ["", "\n", ",,,\n"])
def test_a_file_without_a_head_is_empty(file: Path, text: str) -> None:
    with pytest.raises(InputRefused, match="是空的"):
        read(file, text)


def test_a_file_of_another_kind_or_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK")
    with pytest.raises(InputRefused, match="不支持"):
        list(read_ratings(source_of_ratings(tmp_path / "a.docx")))
    with pytest.raises(InputRefused, match="不存在"):
        list(read_ratings(source_of_ratings(tmp_path / "b.csv")))


def test_portions_hold_what_they_are_told_and_lose_no_line(file: Path) -> None:
    lines = [ROW.format(k) if k % 7 else "broken\n" for k in range(100)]
    file.write_text(HEAD + "".join(lines), encoding="utf-8")
    portions = list(read_ratings(source_of_ratings(file), portion=30))
    assert [len(one.facts) + len(one.refused) for one in portions] == [30, 30, 30, 10]
    numbers = [k for one in portions for k in one.lines]
    numbers += [row.line for one in portions for row in one.refused]
    assert sorted(numbers) == list(range(2, 102))


def test_a_file_taken_in_twice_or_after_it_was_cut_gives_each_rating_once(
    desk: Desk, file: Path
) -> None:
    def bring(data: bytes) -> tuple[int, int, int]:
        file.write_bytes(data)
        sums = [0, 0, 0]
        for one in read_ratings(source_of_ratings(file), portion=40):
            taken = desk.flow.ratings.add(
                one.facts, by=desk.office, lines=one.lines, refused=one.refused,
                source=f"{file.name} sha256:{encoding_of(file).digest}",
            )  # fmt: skip
            for k, count in enumerate((taken.kept, taken.known, len(taken.refused))):
                sums[k] += count
        return sums[0], sums[1], sums[2]

    data = as_csv(some(100)).encode()
    assert bring(data[: len(data) // 2])[2] == 1
    kept, known, refused = bring(data)
    assert (kept + known, refused) == (100, 0)
    assert bring(data) == (0, 100, 0)
    assert door_of(desk.flow).read(verify).clean


QUOTED = (
    "办件编号,单位,事项,渠道,评价,时间,窗口,人员,评价内容\n"
    'C2,500101,startup_grant,app,1星,2023-10-02 10:00,,,"太慢了\n'
    "CFORGED-1,500101,startup_grant,app,5星,2023-10-02 10:00,,,x\n"
    '谢谢"\n'
    "C3,500101,startup_grant,app,满意,2023-10-02 10:00,,,好\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_of_a_comment_is_never_a_rating(
    file: Path, encoding: str, end: str
) -> None:
    portion = read(file, QUOTED.replace("\n", end).encode(encoding))
    assert [(one.transaction, one.level) for one in portion.facts] == [
        ("C2", RatingLevel.VERY_DISSATISFIED),
        ("C3", RatingLevel.SATISFIED),
    ]
    assert (portion.lines, portion.refused) == ([2, 5], ())


def test_a_return_in_a_comment_without_quotes_makes_no_rating(file: Path) -> None:
    text = QUOTED.replace('"太慢了\n', "太慢了\r").replace('x\n谢谢"', "x\r谢谢")
    portion = read(file, text)
    assert [one.transaction for one in portion.facts] == ["C3"]
    assert codes(portion) == [(2, RowCode.LINE_UNREADABLE)]


def test_what_an_open_quote_swallows_is_refused_line_by_line(file: Path) -> None:
    rows = [ROW.format(k) for k in range(4)]
    rows[1] = rows[1].replace(",W01", ',"W01')
    portion = read(file, HEAD + "".join(rows))
    assert [one.transaction for one in portion.facts] == ["T0"]
    swallowed = [(line, RowCode.LINE_IN_QUOTES) for line in (3, 4, 5)]
    assert codes(portion) == swallowed
    assert {one.reason.values["opened"] for one in portion.refused} == {3}


def test_behind_an_open_quote_no_line_of_a_comment_is_a_rating(file: Path) -> None:
    broken = QUOTED.splitlines(keepends=True)
    broken.insert(1, 'C1,500101,startup_grant,app,满意,2023-10-02 10:00,,,"好\n')
    portion = read(file, "".join(broken))
    assert list(portion.facts) == []
    assert [line for line, _ in codes(portion)] == [2, 3, 4, 5, 6]


def test_a_million_lines_behind_an_open_quote_are_not_held(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LONGEST", 1000)
    rows = [ROW.format(k) for k in range(60_000)]
    rows[1] = rows[1].replace(",W01", ',"W01')
    file.write_text(HEAD + "".join(rows), encoding="utf-8")
    source = source_of_ratings(file)
    tracemalloc.start()
    try:
        portions = read_ratings(source, portion=100)
        refused = sum(len(one.refused) for one in portions)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert refused == 59_999


def test_rows_that_were_cleared_are_passed_over(file: Path) -> None:
    cleared = [",,,,,,,,\n", ",,\n", '"","",,,,,,,\n', " ,\u3000,,,,,,,\n"]
    portion = read(file, TEXT + "".join(cleared))
    assert (len(portion.facts), portion.refused) == (3, ())
    portion = read(file, TEXT + ",,,,,,,,c9\n")
    assert codes(portion) == [(5, RatingCode.UNKNOWN_LEVEL)]


def test_a_code_of_a_level_is_what_the_rulebook_says_of_its_channel(
    file: Path, book: Rulebook
) -> None:
    codes_ = {"app": {"1": RatingLevel.SATISFIED, "3": RatingLevel.DISSATISFIED}}
    channels = replace(book.channels, rating_codes=codes_)
    rows = [
        f"T{k},500101,startup_grant,{channel},{code},2023-09-04 10:00,,,\n"
        for k, (channel, code) in enumerate(
            [("app", "1"), ("APP", "\uff13"), ("app", "2"), ("pc", "1"), ("pc", "5星")]
        )
    ]
    file.write_text(HEAD + "".join(rows), encoding="utf-8")
    (portion,) = read_ratings(source_of_ratings(file), channels=channels)
    assert [one.level for one in portion.facts] == [
        RatingLevel.SATISFIED, RatingLevel.DISSATISFIED, RatingLevel.VERY_SATISFIED,
    ]  # fmt: skip
    refused = [(line, RatingCode.LEVEL_CODE_UNKNOWN) for line in (4, 5)]
    assert codes(portion) == refused


def test_a_table_of_days_without_times_comes_in(file: Path) -> None:
    portion = read(file, TEXT.replace("2023-09-04 10:00", "2023/9/4"))
    assert {one.at.isoformat() for one in portion.facts} == {
        "2023-09-04T00:00:00+08:00"
    }


def test_who_wrote_an_unreadable_time_is_told_the_forms(file: Path) -> None:
    portion = read(file, TEXT.replace("2023-09-04 10:00", "46328.4.1"))
    said = spoken(portion.refused[0].reason)
    assert "46328.4.1" in said
    assert "2026年11月2日 上午9:05、20261102090500" in said


def test_who_wrote_an_unknown_level_is_told_the_five() -> None:
    told = sentence(RatingCode.UNKNOWN_LEVEL, {"given": "很好"})
    assert "、".join(one.label for one in RatingLevel) in told


def test_only_the_block_of_a_bad_row_is_read_and_checked_row_by_row(
    desk: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is looked at alone costs twice as much as in whole columns."""
    alone: Counter[str] = Counter()

    def counted(owner: Any, name: str) -> None:
        usual = getattr(owner, name)

        def method(*args: Any, **kwargs: Any) -> Any:
            alone[name] += 1
            return usual(*args, **kwargs)

        monkeypatch.setattr(owner, name, method)

    counted(ratings, "_parse_record")
    counted(Admission, "admit")
    rows = [ROW.format(k) for k in range(2_000)]
    rows[700] = rows[700].replace("满意", "还行")
    rows[1_500] = rows[1_500].replace("W01", "W99")
    portion = read(file, HEAD + "".join(rows))
    taken = desk.flow.ratings.add(
        portion.facts, by=desk.office, lines=portion.lines, refused=portion.refused
    )
    assert (taken.kept, [row.line for row in taken.refused]) == (1_998, [702, 1_502])
    assert alone == {"_parse_record": 256, "admit": 256}


@given(st.lists(any_ratings(), min_size=2, max_size=4))
def test_a_bad_row_in_a_block_changes_no_other_row(
    tmp_path_factory: pytest.TempPathFactory, several: list[list[Rating]]
) -> None:
    """Read by columns or one by one, each rating and each line is the same."""
    path = tmp_path_factory.mktemp("block") / "a.csv"
    whole = as_csv([each for part in several for each in part])
    quick = read(path, whole)
    slow = read(path, f"{whole}x\n")
    assert list(quick.facts) == slow.facts
    assert list(quick.lines) == slow.lines
    assert slow.refused[:-1] == quick.refused
