"""Reason codes and their sentences in two languages, made only when shown."""

from __future__ import annotations

from huimin_flow.catalogue.reasons.life import Code as Code
from huimin_flow.catalogue.reasons.rating import RatingCode as RatingCode
from huimin_flow.catalogue.reasons.scoring import ScoreCode as ScoreCode
from huimin_flow.catalogue.reasons.ways import WAYS
from huimin_flow.catalogue.terms import (
    AssessmentKind,
    Attribute,
    Color,
    Criterion,
    Dimension,
    Duty,
    Missing,
    Placement,
    PlanField,
    Question,
    RatingField,
    ResultMeasure,
    StalePart,
    TargetFlaw,
    Term,
)


def sentence(code: str, values: dict[str, object], *, english: bool = False) -> str:
    """Return the sentence of a reason; an unknown code is shown as itself.

    >>> sentence("no_task", {})
    '没有分解任务'
    >>> sentence("score_missing", {"criterion": "urgency"})
    '缺少“紧迫性”的评分'

    """
    word = _CODES.get(code)
    if word is None:
        return f"{code} {values}"
    return _filled(word.english if english else word.label, values, english)


def way_out(code: str, values: dict[str, object], *, english: bool = False) -> str:
    """Return what can be done about a reason, or nothing where it's a finding.

    >>> way_out("fact_missing", {"fact": "理由代码"})
    '请补充“理由代码”后再办'
    >>> way_out("selected", {"rank": 1})
    ''

    """
    word = _CODES.get(code)
    way = None if word is None else WAYS.get(word)
    if way is None:
        return ""
    return _filled(way.english if english else way.label, values, english)


def _filled(template: str, values: dict[str, object], english: bool) -> str:  # noqa: FBT001 - passed on
    shown = {key: _worded(key, one, english) for key, one in values.items()}
    if "unit" in shown:  # refusals recorded before names were told have the code
        shown.setdefault("unit_name", shown["unit"])
    return template.format_map(_Shown(shown))


_CODES: dict[str, Term] = {one.value: one for one in (*Code, *RatingCode, *ScoreCode)}

#: Values that are words of terms.py: evidence keeps the word, screens its label.
_WORDS: dict[str, tuple[type[Term], ...]] = {
    "band": (Color,),
    "before": (Color,),
    "color": (Color,),
    "attribute": (Attribute, ResultMeasure),
    "duty": (Duty,),
    "criterion": (Criterion, Attribute, Dimension, ResultMeasure),
    "fact": (ResultMeasure,),
    "field": (PlanField, RatingField),
    "hint": (TargetFlaw,),
    "kind": (AssessmentKind,),
    "missing": (Missing,),
    "part": (StalePart,),
    "placement": (Placement,),
    "question": (Question,),
}


def _worded(key: str, value: object, english: bool) -> object:  # noqa: FBT001 - passed on
    if key == "stream" and not english:
        return _named(str(value))
    for words in _WORDS.get(key, ()):
        for word in words:
            if word.value == value:
                return word.english if english else word.label
    return value


#: What the streams of a stale version are called, by their first word.
_STREAMS = {
    "item": "事项 ",
    "followup": "差评处置 ",
    "list": "清单 list/",
    "assessment": "评估 assessment/",
    "proposal": "提请 proposal/",
}


def _named(stream: str) -> str:
    kind, _, rest = stream.partition("/")
    return f"{_STREAMS[kind]}{rest}" if kind in _STREAMS and rest else stream


class _Shown(dict[str, object]):
    """Values for a template; one that is missing is shown by its name."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
