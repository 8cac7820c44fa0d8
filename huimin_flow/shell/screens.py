"""Screens: tables of the right width, JSON for machines, refusals as sentences."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
from wcwidth import wcswidth

from huimin_flow.clock import SHANGHAI
from huimin_flow.errors import ConfigRefused, HuiminError, InputRefused
from huimin_flow.model.plain import to_plain
from huimin_flow.personal import masked

#: What ends a line, turns its direction, or hides in it.
_BREAKS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)

#: How many characters of a refusal a screen shows.
_LONGEST = 4000


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table whose columns stand straight under Chinese text.

    >>> print(table(("编号", "状态"), [("2023-1", "已采集")]))
    编号    状态
    2023-1  已采集

    """
    lines = [[one_line(str(one)) for one in row] for row in (head, *rows)]
    widths = [max(_width(line[k]) for line in lines) for k in range(len(head))]
    return "\n".join(_padded(line, widths) for line in lines)


def one_line(text: str) -> str:
    r"""Return a text as a table's cell shows it: no row begins in the midst of it.

    >>> one_line("甲\n乙")
    '甲\\n乙'

    """
    return _BREAKS.sub(lambda sign: repr(sign[0])[1:-1], text)


def show_json(value: object) -> None:
    """Print a value as JSON."""
    echo_json(json.dumps(to_plain(value), ensure_ascii=False, indent=2))


def echo_json(text: str, *, err: bool = False) -> None:
    """Print JSON as it stands, or escaped where the stream can't write a character."""
    encoding = _encoding(err=err)
    if text.encode(encoding, "replace").decode(encoding) != text:
        text = json.dumps(json.loads(text))
    echo(text, err=err)


def show(value: object, text: str, *, as_json: bool) -> None:
    """Print a value as JSON if asked for, else its Chinese text."""
    if as_json:
        show_json(value)
    else:
        echo(text)


def echo(text: str, *, err: bool = False) -> None:
    r"""Print a text; what the stream can't write shows as ``\udcb2``.

    A terminal of GBK or ASCII, and what a spoilt database gives for text.
    """
    encoding = _encoding(err=err)
    click.echo(text.encode(encoding, "backslashreplace").decode(encoding), err=err)


def _encoding(*, err: bool) -> str:
    stream = sys.stderr if err else sys.stdout
    return getattr(stream, "encoding", None) or "utf-8"


def refuse(refusal: HuiminError, *, as_json: bool, head: str = "未执行") -> None:
    """Print a refusal on the error stream: what, why, and what to do.

    ``head`` says what it means for the command as a whole.
    """
    notes = [harmless(one) for one in getattr(refusal, "__notes__", ())]
    if as_json:
        reasons: Any = to_plain(refusal.reasons)
        said = {
            "error": type(refusal).__name__,
            "code": refusal.code,
            "message": harmless(str(refusal)),
            "remedy": refusal.remedy,
            "reasons": reasons,
        }
        if isinstance(refusal, ConfigRefused):
            said["problems"] = to_plain(refusal.problems)
        if refusal.earliest is not None:
            said["earliest"] = refusal.earliest.isoformat()
        if notes:
            said["notes"] = notes
        if head != "未执行":
            said["done"] = head
        echo_json(json.dumps(said, ensure_ascii=False), err=True)
        return
    echo(f"{head}:{harmless(str(refusal))}", err=True)
    if refusal.remedy:
        echo(f"可以这样做:{refusal.remedy}", err=True)
    for one in notes:
        echo(one, err=True)


def misuse(refusal: InputRefused, *, as_json: bool) -> None:
    """Print what was wrong with a command line, in the shape of a refusal."""
    if as_json:
        refuse(refusal, as_json=True)
        return
    echo(harmless(str(refusal)), err=True)
    echo(f"可以这样做:{harmless(refusal.remedy)}", err=True)


def harmless(text: str) -> str:
    r"""Return what a terminal may show of a text: no control marks, and an end.

    What names a person is masked.

    >>> harmless("甲\x1b[2J")
    '甲\\x1b[2J'

    """
    cut = masked(text[: 2 * _LONGEST])[:_LONGEST] + "……" * (len(text) > _LONGEST)
    return "".join(
        one if one.isprintable() or one == "\n" else repr(one)[1:-1] for one in cut
    )


def shanghai(moment: datetime) -> str:
    """Return a moment as a screen shows it, in Shanghai.

    >>> shanghai(datetime.fromisoformat("2023-12-15T10:00:00+00:00"))
    '2023-12-15 18:00'

    """
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _width(text: str) -> int:
    return max(wcswidth(text), 0)


def _padded(line: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell + " " * (width - _width(cell))
        for cell, width in zip(line, widths, strict=True)
    ]
    return "  ".join(cells).rstrip()
