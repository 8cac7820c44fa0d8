"""Gathering in words: what was weighed, and what was decided (A6, N7)."""

from __future__ import annotations

from huimin_flow.catalogue.language import say, say_clauses
from huimin_flow.catalogue.reasons import Reasons, spoken
from huimin_flow.catalogue.terms import Nearness
from huimin_flow.model.sensing.gathering import Likeness


def gather_file() -> str:
    """Return the desk's page of proposals."""
    return "gather.html"


def pair_words(pair: tuple[str, str]) -> str:
    """Return an appeal as commands take it, "" for none."""
    return "=".join(pair) if any(pair) else ""


def target_words(item: str, group: tuple[str, str], title: str = "") -> str:
    """Return an item with its title, or a group by its first appeal."""
    if item:
        return f"{item} {title}".rstrip()
    return say("未挂接的{appeal}一组", appeal=pair_words(group)) if any(group) else ""


def likeness_words(likeness: Likeness | None) -> str:
    """Return what was weighed, "" for what a person said."""
    if likeness is None:
        return ""
    parts = [
        say("全文{share}‰", share=likeness.whole),
        say("互含{share}‰", share=likeness.within),
        say("标题{share}‰", share=likeness.heading),
        say("相同数字{count}个", count=likeness.numbers),
        say("相隔{days}天", days=likeness.days),
    ]
    if likeness.place is not Nearness.UNKNOWN:
        parts.append(likeness.place.spoken)
    return say_clauses(*parts)


def reasons_words(reasons: Reasons) -> str:
    """Return what decided."""
    return say_clauses(*map(spoken, reasons))
