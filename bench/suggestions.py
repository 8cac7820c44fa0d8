"""How well suggestions tell what is the bureau's, and where: precision, recall, speed.

The labelled messages stand beside the project; ``HUIMIN_DATA`` names their folder, and
without it only the speed is measured, on invented texts. All 244 titles had been read
before the terms were written, so these figures are of known messages, not of new ones.
Those held back were labelled before any rule was run on them: ``bench/suggested``.
The third set was not read: of the messages with a reply, those whose reply names the
bureau of human resources in its first 200 or last 150 characters count as ours. That is
a weak label: a reply may name the bureau in passing, or not at all.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import time
from collections.abc import Sequence
from datetime import date
from math import sqrt
from pathlib import Path
from typing import Any

from bench.harness import Line, Size, figure, run
from bench.suggested import places
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.sensing.suggestions import SuggestingRule
from huimin_flow.rules.sensing.suggesting import life_stage, suggest, suggest_place
from huimin_flow.settings import load_rulebook

CONFIG = Path(__file__).parent.parent / "config"
BOOK = load_rulebook(CONFIG)
RULE = BOOK.suggestions
DAY = date(2026, 3, 5)
LABELS = Path(__file__).parent / "suggested" / "reader.tsv"

#: The first-level category of the bureau's field.
OURS = "劳动和社会保障"

#: What a reply of the bureau has.
_BUREAU = re.compile("人力资源和社会保障|人社局|社保局|劳动监察|就业服务")

#: The normal quantile of an interval of 95 %.
_Z = 1.96


def measure(size: Size, _: Path) -> list[Line]:
    """Return the lines of precision, recall and speed."""
    count = size.pick(5_000, 200)
    text = "公司拖欠工资,没有签劳动合同,社保也没有交。" * 8
    texts = [(f"第{n}条", text) for n in range(count)]
    lines = [
        figure(f"suggestions: {name}", _speed(function, texts), "µs", by="CPU")
        for name, function in (
            ("area, stage, body", suggest),
            ("life stage only", life_stage),
            ("place", _placed),
        )
    ]
    data = os.environ.get("HUIMIN_DATA")
    if not data:
        print("suggestions: HUIMIN_DATA names no folder, nothing is compared")
        return lines
    labelled = _read(Path(data) / "messages-labelled.jsonl.gz")
    said = [suggest(row["title"], row["text"], RULE).ours for row in labelled]
    _show("labelled (known)", said, [row["category"] == OURS for row in labelled])
    answered = _read(Path(data) / "messages-answered.jsonl.gz")
    rows = {row["id"]: row for row in answered}
    rows |= {row["id"]: row for row in _read(Path(data) / "messages.jsonl.gz")}
    labels = [line.split("\t") for line in LABELS.read_text("utf-8").splitlines()]
    sample = [(rows[key], label) for key, label in labels if label != "doubt"]
    said = [suggest(row["title"], row["text"], RULE).ours for row, _ in sample]
    _show("held back", said, [label != "no" for _, label in sample])
    areas = [suggest(row["title"], row["text"], RULE).area for row, _ in sample]
    named = [
        (area is not None and area.subject == label, area is not None)
        for area, (_, label) in zip(areas, sample, strict=True)
        if label != "no"
    ]
    _line("held back", "area right", sum(a for a, _ in named), sum(b for _, b in named))
    said = [suggest(row["title"], row["text"], RULE).ours for row in answered]
    replies = [row["reply"] for row in answered]
    ours = [bool(_BUREAU.search(reply[:200] + reply[-150:])) for reply in replies]
    _show("answered (unread, weak labels)", said, ours)
    for held, half in ((False, "half for building"), (True, "half held back")):
        for short, how in ((False, "full names"), (True, "short names")):
            pairs = list(places.measured(answered, BOOK, short=short, held=held))
            right = sum(made == wanted for made, wanted in pairs)
            name = f"district, {half}, {how} (n = {len(pairs)})"
            _line(name, "precision", right, sum(made != "" for made, _ in pairs))
            _line(name, "recall", right, len(pairs))
        others = [row for key, row in rows.items() if places.is_held(key) is held]
        wrong = [_placed(row["title"], row["text"], RULE) for row in others]
        hits = sum(made is not None for made in wrong)
        _line(f"place, {half}, as written", "wrong hits", hits, len(others))
    return lines


def _placed(title: str, text: str, rule: SuggestingRule) -> object:
    return suggest_place(title, text, rule, resolver_of(BOOK.organization), DAY)


def _speed(function: Any, texts: Sequence[tuple[str, str]]) -> list[float]:
    """Return the time of a text in microseconds, in five samples."""
    samples = []
    for _ in range(5):
        begun = time.process_time()
        for title, text in texts:
            function(title, text, RULE)
        samples.append((time.process_time() - begun) / len(texts) * 1e6)
    return samples


def _read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _show(name: str, said: Sequence[bool], ours: Sequence[bool]) -> None:
    """Print precision and recall with their numbers and intervals (Wilson, 95 %)."""
    both = sum(one and other for one, other in zip(said, ours, strict=True))
    for word, whole in (("precision", sum(said)), ("recall", sum(ours))):
        _line(f"{name} (n = {len(said)})", word, both, whole)


def _line(name: str, word: str, part: int, whole: int) -> None:
    low, high = interval(part, whole)
    share = part / whole if whole else 0
    print(
        f"suggestions, {name}: {word} {share:.3f} "
        f"({part} of {whole}, {low:.3f} to {high:.3f})"
    )


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return the Wilson interval of a share at 95 %."""
    if whole == 0:
        return 0.0, 1.0
    share, square = part / whole, _Z * _Z
    middle = share + square / (2 * whole)
    wide = _Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    scale = 1 + square / whole
    return (middle - wide) / scale, (middle + wide) / scale


if __name__ == "__main__":
    run(measure)
