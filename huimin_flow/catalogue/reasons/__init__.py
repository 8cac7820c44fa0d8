"""Reason codes and their sentences in two languages, built only when shown.

A door sets its language: ``with speaking(Language.ENGLISH):``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from huimin_flow.catalogue import terms
from huimin_flow.catalogue.language import Language as Language
from huimin_flow.catalogue.language import in_english, say_list, say_note, say_sentences
from huimin_flow.catalogue.language import speaking as speaking
from huimin_flow.catalogue.reasons.deciding import DecisionCode as DecisionCode
from huimin_flow.catalogue.reasons.deciding import LedgerCode as LedgerCode
from huimin_flow.catalogue.reasons.deciding import MeetingCode as MeetingCode
from huimin_flow.catalogue.reasons.deciding import PolicyCode as PolicyCode
from huimin_flow.catalogue.reasons.deciding import ReviewCode as ReviewCode
from huimin_flow.catalogue.reasons.doors import DeskCode as DeskCode
from huimin_flow.catalogue.reasons.doors import DoorCode as DoorCode
from huimin_flow.catalogue.reasons.doors import OutboxCode as OutboxCode
from huimin_flow.catalogue.reasons.executing import EngagementCode as EngagementCode
from huimin_flow.catalogue.reasons.executing import SurveyCode as SurveyCode
from huimin_flow.catalogue.reasons.executing import TaskCode as TaskCode
from huimin_flow.catalogue.reasons.files import FileCode as FileCode
from huimin_flow.catalogue.reasons.files import RowCode as RowCode
from huimin_flow.catalogue.reasons.improving import AdviceCode as AdviceCode
from huimin_flow.catalogue.reasons.improving import BoardCode as BoardCode
from huimin_flow.catalogue.reasons.improving import FeedCode as FeedCode
from huimin_flow.catalogue.reasons.improving import OrderCode as OrderCode
from huimin_flow.catalogue.reasons.improving import SpotCheckCode as SpotCheckCode
from huimin_flow.catalogue.reasons.inputs import BulkCode as BulkCode
from huimin_flow.catalogue.reasons.inputs import CoverageCode as CoverageCode
from huimin_flow.catalogue.reasons.inputs import GatheringCode as GatheringCode
from huimin_flow.catalogue.reasons.inputs import InputCode as InputCode
from huimin_flow.catalogue.reasons.life import Code as Code
from huimin_flow.catalogue.reasons.rating import AnswerCode as AnswerCode
from huimin_flow.catalogue.reasons.rating import RatingCode as RatingCode
from huimin_flow.catalogue.reasons.rating import (
    RectificationCode as RectificationCode,
)
from huimin_flow.catalogue.reasons.rating import ReplicationCode as ReplicationCode
from huimin_flow.catalogue.reasons.reason import EXTENDED as EXTENDED
from huimin_flow.catalogue.reasons.reason import Plain as Plain
from huimin_flow.catalogue.reasons.reason import Reason as Reason
from huimin_flow.catalogue.reasons.reason import Reasons as Reasons
from huimin_flow.catalogue.reasons.reason import Wording as Wording
from huimin_flow.catalogue.reasons.reason import plain as plain
from huimin_flow.catalogue.reasons.reason import reason_of as reason_of
from huimin_flow.catalogue.reasons.rulebooks import ConfigCode as ConfigCode
from huimin_flow.catalogue.reasons.rulebooks import ExtensionCode as ExtensionCode
from huimin_flow.catalogue.reasons.rulebooks import RulebookCode as RulebookCode
from huimin_flow.catalogue.reasons.rulebooks import RuleCode as RuleCode
from huimin_flow.catalogue.reasons.scoring import ProgressCode as ProgressCode
from huimin_flow.catalogue.reasons.scoring import PublicationCode as PublicationCode
from huimin_flow.catalogue.reasons.scoring import ScoreCode as ScoreCode
from huimin_flow.catalogue.reasons.stores import StoreCode as StoreCode
from huimin_flow.catalogue.reasons.stores import TimeCode as TimeCode
from huimin_flow.catalogue.terms import (
    ReasonCode,
    StateTerm,
    StepTerm,
    StreamKind,
    Term,
)
from huimin_flow.catalogue.terms.timetable import period_in_words


def sentence(code: str, values: dict[str, object]) -> str:
    """Return the sentence of a reason; for an unknown code, the code and its values.

    >>> sentence("no_task", {})
    '没有分解任务'
    >>> sentence("score_missing", {"criterion": "urgency"})
    '缺少“紧迫性”的评分'
    >>> sentence("list_period_over", {"period": "2026Q4"})
    '2026年第四季度清单的期间已过,不能再增补'

    """
    word = CODES.get(code) or EXTENDED.get(code)
    if word is None:
        return f"{code} {values}"
    said = values if code.endswith("_unfit") else _quarters_in_words(values)
    return _filled(word.english if in_english() else word.label, said)


def _quarters_in_words(values: dict[str, object]) -> dict[str, object]:
    """Return values with quarters in words; a way out needs them as they are typed."""
    return {
        key: period_in_words(value)
        if isinstance(value, str) and _QUARTER.fullmatch(value)
        else value
        for key, value in values.items()
    }


def way_out(code: str, values: dict[str, object]) -> str:
    """Return what can be done about a reason, or "" if nothing needs to be done.

    >>> way_out("fact_missing", {"fact": "理由代码"})
    '请补充“理由代码”后再办'
    >>> way_out("selected", {"rank": 1})
    ''

    """
    word = CODES.get(code) or EXTENDED.get(code)
    if word is None:
        return ""
    return _filled(word.way_english if in_english() else word.way, values)


def spoken(reason: Reason) -> str:
    """Return a reason's sentence, with its cell, supplier and, unless said, first day.

    >>> from huimin_flow.catalogue.terms import Role
    >>> spoken(Reason(code="no_task", supplier=Role.OFFICE))
    '没有分解任务(可由专班办公室补充)'
    >>> with speaking(Language.ENGLISH):
    ...     spoken(Reason(code="no_task"))
    'the item has no task'

    """
    text = sentence(reason.code, dict(reason.values))
    foreign = in_english()
    if CELL in reason.values:
        text = f"{reason.values[CELL]}{': ' if foreign else ':'}{text}"
    if reason.supplier is not None:
        helper = reason.supplier.spoken
        text += f" ({helper} can)" if foreign else f"(可由{helper}补充)"
    day = "" if reason.earliest is None else reason.earliest.isoformat()
    if day and not {day, day[: len("2026-12")]} & set(map(str, reason.values.values())):
        text += f" (from {day})" if foreign else f"(最早{day})"
    return text


def ways_out(reasons: Reasons) -> str:
    """Return what can be done about several reasons, without repeats."""
    ways = dict.fromkeys(way_out(why.code, dict(why.values)) for why in reasons)
    return say_sentences(way for way in ways if way)


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """A fault in a file of config/, with its place and its reason.

    ``line`` counts from 1 and is None if the whole file is meant. ``key`` is the path
    to the value, ``shown`` its first characters; both may be empty.
    """

    file: str
    reason: Reason
    line: int | None = None
    key: str = ""
    shown: str = ""

    def __str__(self) -> str:
        """Return place, reason and way out in the door's language."""
        foreign = in_english()
        line = f" line {self.line}" if foreign else f" 第{self.line}行"
        key = f" {self.key}" if self.key else ""
        shown = f" = {self.shown}" if self.shown else ""
        colon, semicolon = (": ", "; ") if foreign else (":", ";")
        where = f"{self.file}{line if self.line else ''}{key}{shown}"
        way = way_out(self.reason.code, dict(self.reason.values))
        return f"{where}{colon}{spoken(self.reason)}{semicolon}{way}"


def _filled(template: str, values: dict[str, object]) -> str:
    shown = _Shown({key: _worded(key, value) for key, value in values.items()})
    if "unit" in shown:
        shown.setdefault("unit_name", shown["unit"])
    return template.format_map(shown)


#: A quarter as it is stored and typed.
_QUARTER = re.compile(r"[0-9]{4}Q[1-4]")

#: The key of the value that names a cell of a file.
CELL = "cell"

#: All codes, by their stored value.
CODES: dict[str, ReasonCode] = {
    code.value: code for kind in ReasonCode.__subclasses__() for code in kind
}

#: The words of states and steps; if two have the same value, the first counts.
_STATES = tuple(
    sorted(StateTerm.__subclasses__(), key=lambda kind: kind is not terms.State)
)
_STEPS = tuple(
    sorted(StepTerm.__subclasses__(), key=lambda kind: kind is not terms.Step)
)

#: Values that are words of terms/: evidence keeps the word, screens show the label.
_WORDS: dict[str, tuple[type[Term], ...]] = {
    "argument": (terms.Argument,),
    "aside": (terms.TaskAside,),
    "area": (terms.Area,),
    "band": (terms.Color,),
    "before": (terms.Color,),
    "color": (terms.Color,),
    "act": (terms.TwoPeople,),
    "asked": (terms.ProposalField, terms.Sense),
    "attribute": (terms.Attribute, terms.ResultMeasure),
    "basis": (terms.Job,),
    "dimension": (terms.Dimension,),
    "duty": (terms.Duty,),
    "criterion": (
        terms.Criterion,
        terms.Attribute,
        terms.Dimension,
        terms.ResultMeasure,
    ),
    "fact": (terms.Fact, terms.ResultMeasure),
    "field": (terms.PlanField, terms.RatingField, terms.AppealField),
    "grade": (terms.Grade,),
    "hint": (terms.TargetFlaw,),
    "job": (terms.Job,),
    "kind": (terms.AssessmentKind,),
    "method": (terms.SatisfactionMethod,),
    "agreed": (terms.SatisfactionMethod,),
    "areas": (terms.Area, terms.Unlimited),
    "origin": (terms.Origin, terms.Unlimited),
    "money": (terms.Unlimited,),
    "people": (terms.Unlimited,),
    "stars": (terms.Unlimited,),
    "relation": (terms.Relation,),
    "missing": (terms.Missing,),
    "needed": _STATES,
    "part": (terms.StalePart,),
    "placement": (terms.Placement,),
    "point_lacks": (terms.PointLevel,),
    "point_level": (terms.PointLevel,),
    "recommendation": (terms.Recommendation,),
    "party": (terms.Role,),
    "severity": (terms.Severity,),
    "ground": (terms.BoardGround,),
    "measure": (terms.EffectMeasure,),
    "possible": _STEPS,
    "question": (terms.Question,),
    "record": (terms.StreamKind,),
    "role": (terms.Role,),
    "may": (terms.Role,),
    "roles": (terms.Role,),
    "state": _STATES,
    "step": _STEPS,
    "why": (terms.Obstacle,),
}

_BY_VALUE: dict[str, dict[str, Term]] = {
    key: {word.value: word for kind in reversed(kinds) for word in kind}
    for key, kinds in _WORDS.items()
}

#: Every kind of words, by value.
_KINDS = [
    {word.value: word for word in kind}
    for kind in (*Term.__subclasses__(), *_STATES, *_STEPS)
]


#: Values that may be several names, which are no words of ours.
_NAMES = {
    *("channels", "choices", "columns", "indicators", "items", "kinds", "names"),
    *("posts", "successors", "tasks", "twice", "units"),
}

#: Keys of several values, which ``plain`` joins.
_SEVERAL = _NAMES | {"areas", "may", "origin", "possible", "roles"}


def listed(key: str, value: Plain) -> Plain | list[str]:
    """Return a value of a reason, as a list if its key takes several.

    >>> listed("may", "office、leader"), listed("may", ""), listed("unit", "甲、乙")
    (['office', 'leader'], [], '甲、乙')

    """
    if key not in _SEVERAL or not isinstance(value, str):
        return value
    return value.split("、") if value else []


def _worded(key: str, value: object) -> object:
    if key == "stream":
        return StreamKind.named(str(value))
    if value == "" and key in {"possible", "needed", "may"}:
        return "none" if in_english() else "无"
    # Several values, joined as ``plain`` joins them.
    parts = value.split("、") if isinstance(value, str) else []
    words = _BY_VALUE.get(key, {})
    if key == "choices":
        # The smallest kind that has all of them; people must type the word itself.
        kinds = [kind for kind in _KINDS if kind.keys() >= set(parts)]
        words = min(kinds, key=len, default={})
    if not parts or not words.keys() >= set(parts):
        if in_english():
            parts = [re.sub(r"(?<=[^ (])\((?=[^()]*\)$)", " (", part) for part in parts]
        return say_list(parts) if parts and key in _NAMES else value
    labels = [words[part].spoken for part in parts]
    if key == "choices":
        labels = [say_note(*pair) for pair in zip(parts, labels, strict=True)]
    return say_list(labels)


class _Shown(dict[str, object]):
    """Values for a template; a missing value is shown by its name."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
