"""Figures and times as cells write them: what has one reading is taken."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.clock import SHANGHAI
from huimin_flow.exchange.core.cells import moment, whole_number

NINE_FIVE = "2026-11-02T09:05:00+08:00"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026/11/2", "2026-11-02T00:00:00+08:00"),
        ("2026-11-02", "2026-11-02T00:00:00+08:00"),
        ("2026年11月2日", "2026-11-02T00:00:00+08:00"),
        ("20261102", "2026-11-02T00:00:00+08:00"),
        ("2026-11-2 9:05", NINE_FIVE),
        ("2026/11/2 9:05:00.0", NINE_FIVE),
        ("2026年11月2日 09:05", NINE_FIVE),
        ("2026年11月2日9时5分", NINE_FIVE),
        ("2026.11.2 9:05", NINE_FIVE),
        ("2026年11月2日(星期一)9:05", NINE_FIVE),
        ("2026年11月2号 上午9点5分", NINE_FIVE),
        ("二〇二六年十一月二日 9:05", NINE_FIVE),
        ("20261102 09:05", NINE_FIVE),
        ("46328", "2026-11-02T00:00:00+08:00"),
        ("46328.4", "2026-11-02T09:36:00+08:00"),
        ("二〇二六年三月三十一日", "2026-03-31T00:00:00+08:00"),
        ("二零二六年十一月二号上午九时零五分", NINE_FIVE),
        ("2026 年 11 月 2 日 9 时 5 分 0 秒", NINE_FIVE),
        ("2026\u201411\u201402 早上9点05", NINE_FIVE),
        ("2026年元月2日下午两点半", "2026-01-02T14:30:00+08:00"),
        ("2026年11月2日九点三刻", "2026-11-02T09:45:00+08:00"),
        ("2026年11月2日晚上8点整", "2026-11-02T20:00:00+08:00"),
        ("2026-11-02 凌晨12:30", "2026-11-02T00:30:00+08:00"),
        ("2026年11月2日 中午1:05", "2026-11-02T13:05:00+08:00"),
        ("2026年11月2日9时", "2026-11-02T09:00:00+08:00"),
        ("2026/11/2 上午 9:05:00", NINE_FIVE),
        ("2026/11/2 9:05:00 AM", NINE_FIVE),
        ("2026-11-02  09:05", NINE_FIVE),
        ("20261102090500", NINE_FIVE),
        ("202611020905", NINE_FIVE),
        ("\uff12026/11/2\u30009\uff1a05", NINE_FIVE),
        ("2026/11/2 下午 9:05", "2026-11-02T21:05:00+08:00"),
        ("2026/11/2 下午 12:05", "2026-11-02T12:05:00+08:00"),
        ("2026/11/2 上午 12:05", "2026-11-02T00:05:00+08:00"),
        ("2026-11-02T01:05:00Z", "2026-11-02T01:05:00+00:00"),
        ("2026/11/2 9:05 -0330", "2026-11-02T09:05:00-03:30"),
    ],
)
def test_a_time_with_one_reading_is_taken(text: str, read: str) -> None:
    taken = moment(text)
    assert taken is not None
    assert taken.isoformat() == read


@pytest.mark.parametrize(
    "text",
    [
        "", "昨天", "146328", "12345", "11/2/2026", "2/11/26", "2026-11",
        "2026年11月", "2026-02-30", "2026-13-01 10:00", "2026-11-02 24:00",
        "2026/11/2 上午 13:05", "2026/11/2 上午 9:05 PM", "2026-11/02", "1793600000",
        "2026年11月2日晚上12点", "2026年11月2日晚上1点", "26年11月2日", "11月2日",
        "2026年11月初二", "民国115年11月2日", "2026年11月2日早上15点",
        "1793600000000", "2026-11-02+08:00", "2026-11-02 9", "\u0662026-11-02 09:05",
    ],
)  # fmt: skip
def test_a_time_with_none_or_several_readings_is_not(text: str) -> None:
    assert moment(text) is None


@given(st.datetimes(datetime(2000, 1, 1), timezones=st.just(SHANGHAI)))  # noqa: DTZ001
def test_a_moment_is_read_as_the_standard_writes_it(written: datetime) -> None:
    assert moment(str(written)) == written


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("0", 0), ("1200", 1200), ("1,200", 1200), ("12,345,678", 12345678),
        ("\uff11\uff0c\uff12\uff10\uff10", 1200), (" 7 ", 7), ("007", 7),
        ("1,5", None), ("10,5", None), ("1,2,3", None), ("1,20", None),
        ("1200,5", None), ("1,2000", None), ("0,123", None), (",123", None),
        ("1,", None), ("1\uff0c5", None), ("1_0", None), ("\u0661\u0662", None),
        ("\u00b2", None), ("-3", None), ("+3", None), ("1.0", None), ("1e3", None),
        ("", None),
    ],
)  # fmt: skip
def test_commas_of_a_figure_part_thousands_and_nothing_else(
    text: str, figure: int | None
) -> None:
    assert whole_number(text) == figure
