"""Exports of work orders as a hotline writes them, with rows that are bad by kind."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from huimin_flow.catalogue.reasons import InputCode, RowCode

HEAD = (
    "序号", "工单编号", "来电时间", "来电人", "联系电话", "身份证号", "地址",
    "诉求标题", "诉求内容", "所属区县", "所属镇街", "生命周期阶段",
)  # fmt: skip
KEY, AT, PHONE, IDENTITY, TITLE, TEXT, STAGE = 1, 2, 4, 5, 7, 8, 11
BEGUN = datetime(2022, 1, 4, 8)  # noqa: DTZ001 - as a file has it, Shanghai time

Row = list[str]


def _with(place: int, text: str) -> Callable[[Row], Row]:
    return lambda row: [*row[:place], text, *row[place + 1 :]]


def _untold(row: Row) -> Row:
    return [*row[:TITLE], "", " ", *row[TEXT + 1 :]]


#: By kind of a bad row: what is done to a good one, the code and the field.
KINDS: dict[str, tuple[Callable[[Row], Row], str, str]] = {
    "too few cells": (lambda row: row[:-2], RowCode.LINE_MISSHAPED, ""),
    "a quote within": (_with(9, '万州"区'), RowCode.LINE_UNREADABLE, ""),
    "no time": (_with(AT, "昨天"), RowCode.TIME_UNREADABLE, ""),
    "to come": (_with(AT, "2030-01-01 08:00"), InputCode.MOMENT_TO_COME, ""),
    "too early": (_with(AT, "1999-12-31 08:00"), RowCode.TIME_TOO_EARLY, ""),
    "no key": (_with(KEY, " "), RowCode.TEXT_UNFIT, "key"),
    "a rounded key": (_with(KEY, "5.00101E+17"), RowCode.KEY_ROUNDED, "key"),
    "a decimal key": (_with(KEY, "50010100.0"), RowCode.KEY_DECIMAL, "key"),
    "a rounded phone": (_with(PHONE, "1.38E+10"), RowCode.KEY_ROUNDED, "phone"),
    "a rounded identity": (
        _with(IDENTITY, "5.00101199E+17"), RowCode.KEY_ROUNDED, "identity",
    ),
    "no text": (_untold, RowCode.TEXT_UNFIT, "text"),
    "a control": (_with(TEXT, "请\x07解决"), InputCode.TEXT_UNFIT, ""),
    "too long": (_with(TEXT, "长" * 20_001), InputCode.TEXT_TOO_LONG, ""),
    "a phone as key": (_with(KEY, "13800138000"), InputCode.NAMES_A_PERSON, ""),
    "no stage": (_with(STAGE, "来世"), InputCode.WORD_UNKNOWN, ""),
}  # fmt: skip

_DISTRICTS = ("万州区", "重庆市涪陵区", "渝中", "500106", "沙坪坝区", "某处")
_TEXTS = ("停车难", "社保卡没有寄到", "欠薪三个月", "窗口排队太久", "补贴没有到账")


@dataclass
class Export:
    """An export: its csv text, and of each bad row its line with code and field."""

    text: str
    bad: dict[int, tuple[str, str]]


def order(number: int, dice: random.Random) -> Row:
    """Return a good row."""
    at = BEGUN + timedelta(minutes=number)
    phone = f"13{dice.randrange(10**9):09}" if dice.random() < 0.7 else ""
    born = f"19{dice.randrange(60, 99)}0{dice.randrange(1, 9)}1{dice.randrange(10)}"
    identity = f"500101{born}{dice.randrange(1000):03}X" if dice.random() < 0.3 else ""
    what = dice.choice(_TEXTS)
    lines = "\n他说“请快些”," if dice.random() < 0.2 else ""
    return [
        str(number), f"GD{at:%Y%m%d}{number:06}", f"{at:%Y-%m-%d %H:%M:%S}",
        dice.choice(("张三", "李四", "王五")) if phone else "", phone, identity,
        f"某路{number % 97}号" if phone else "", what,
        f"{what},第{number}次反映{lines}", dice.choice(_DISTRICTS), "",
        dice.choice(("", "失业", "work")),
    ]  # fmt: skip


def export(rows: int, bad: int = 0, *, seed: int = 137) -> Export:
    """Return an export of so many rows, ``bad`` of them of all kinds in turn."""
    dice = random.Random(seed)
    chosen = sorted(dice.sample(range(rows), bad))
    kinds = {row: list(KINDS)[n % len(KINDS)] for n, row in enumerate(chosen)}
    parts: list[str] = []
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEAD)
    found: dict[int, tuple[str, str]] = {}
    line = 2
    for number in range(rows):
        made = order(number, dice)
        kind = kinds.get(number)
        parts.append(out.getvalue())
        out.seek(0)
        out.truncate()
        if kind is not None:
            change, code, field = KINDS[kind]
            made = change(made)
            found[line] = (str(code), field)
        if kind == "a quote within":
            out.write(",".join(made).replace("\n", " ") + "\n")
        else:
            table.writerow(made)
        line += out.getvalue().count("\n")
    return Export(text="".join([*parts, out.getvalue()]), bad=found)
