"""A history's events in words: what was done, by whom, and why.

An auditor may read a history that was edited by hand. An unknown word or value is
shown unchanged and never stops the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from huimin_flow.catalogue.acts import label
from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_count,
    say_list,
    say_pair,
    say_sentences,
)
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import (
    Area,
    AssessmentKind,
    Duty,
    EntryField,
    Recommendation,
    Step,
    StreamKind,
    Term,
    Via,
)
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import SHANGHAI
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.values import from_plain, value
from huimin_flow.model.deciding.lists import Change, area_of_list
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.streams import STREAMS

#: The steps whose reasons are those for a return.
_SENT_BACK = (Step.RETURN, Step.REOPEN)

#: The errors of an event that cannot be put into words.
_ODD = (ValueError, KeyError, TypeError, AttributeError, OverflowError)


@value
class EventLine:
    """An event in words; ``at`` is Shanghai time."""

    n: int
    at: str
    step: str
    source: str
    target: str
    actor: str
    via: str
    rulebook: str
    words: str
    leaf: str = ""


def event_lines(
    events: Iterable[Event], words: Callable[[Event], str] | None = None
) -> list[EventLine]:
    """Return events in words, in their order; ``words`` says what each decided."""
    lines = []
    for event in events:
        kind, _ = StreamKind.parse(event.stream)
        life = STREAMS[kind or StreamKind.ITEM].life
        try:
            at = event.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        except _ODD:
            at = str(event.at)
        line = EventLine(
            n=event.n,
            at=at,
            step=word(life.steps.values(), event.step),
            source=word(life.states.values(), event.source),
            target=word(life.states.values(), event.target),
            actor=str(event.actor),
            via=word(Via, event.via),
            rulebook=str(event.rulebook or "")[:12],
            words=(words or event_words)(event),
        )
        lines.append(line)
    return lines


def word(kind: Iterable[Term], text: object) -> str:
    """Return the label of a term; a text that is not a term is returned unchanged.

    >>> word(Via, "rehearsal"), word(Via, "a_way_of_tomorrow"), word(Via, None)
    ('推演', 'a_way_of_tomorrow', '')

    """
    other = "" if text is None else str(text)
    return next((term.spoken for term in kind if term.value == text), other)


def act_word(lines: Mapping[str, str], name: str) -> str:
    """Return the label of an act: its line by the name of its function, or its term."""
    return label(say(lines[name])) if name in lines else word((*Step, *Duty), name)


def event_words(
    event: Event,
    book: Rulebook | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return an event's finding or, without one, its payload, in a few words.

    ``book`` gives the bureau's words for reason codes, ``names`` the names of units.
    """
    try:
        return _finding(event) or _payload(event, book, names)
    except _ODD:
        return ""


def finding(event: Event) -> str:
    """Return the rule's finding as sentences; "" for an event without a verdict."""
    try:
        return _finding(event)
    except _ODD:
        return ""


def _finding(event: Event) -> str:
    said = [] if event.verdict is None else [event.verdict]
    for kept in event.public.get("extensions", {}).values():
        said += [each for each in kept["verdicts"] if each["reasons"]]
    if not said:
        return ""
    words = say_sentences(in_words(from_plain(Verdict, each)) for each in said)
    recommended = event.public.get("recommendation")
    if recommended is None:
        return words
    return say_pair(word(Recommendation, recommended), words)


def in_words(verdict: Verdict) -> str:
    """Return a verdict's reasons as sentences."""
    return say_sentences(
        sentence(reason.code, dict(reason.values)) for reason in verdict.reasons
    )


def change_words(change: Change, book: Rulebook) -> str:
    """Return a change between two editions of a list, in words."""
    parts = [say_pair(change.kind.spoken, f"{change.item} {change.title}")]
    for each in change.fields:
        if each.field == "unit":  # the name of the lead says it
            continue
        old, new = (say_list(text.split("\n")) for text in (each.old, each.new))
        if each.field == EntryField.AREA:
            old, new = word(Area, old), word(Area, new)
        words, label = "{label}由“{old}”改为“{new}”", EntryField(each.field).spoken
        parts.append(say(words, label=label, old=old, new=new))
    if change.overrides:
        rules = (sentence(each.code, dict(each.values)) for each in change.overrides)
        parts.append(say_pair(say("突破"), say_list(rules)))
    if change.reason:
        known = {**book.rules.reject_reasons, **book.rules.transfer_reasons}
        parts.append(say_pair(say("理由"), known.get(change.reason, change.reason)))
    return say_clauses(*parts)


def list_name(key: str, names: Mapping[str, str]) -> str:
    """Return a list's name.

    >>> list_name("list/2023/city", {}), list_name("list/2026Q4/city", {})
    ('2023年全市清单', '2026年第四季度全市清单')

    """
    _, period, unit = key.split("/")
    when = period_in_words(period)
    if unit == "city":
        return say("{when}全市清单", when=when)
    if area := area_of_list(key):
        return say("{when}{area}板块建议清单", when=when, area=area.spoken)
    return say("{when}{unit}清单", when=when, unit=names.get(unit, unit))


def stream_words(stream: str, names: Mapping[str, str]) -> str:
    """Return a stream in words, without a key where there are words for it."""
    kind, about = StreamKind.parse(stream)
    if kind is StreamKind.LIST:
        return list_name(stream, names)
    if kind is StreamKind.ASSESSMENT:
        number, _, of = about.partition("/")
        return f"{number} {word(AssessmentKind, of)}"
    if kind in {None, StreamKind.SCORE, StreamKind.COLORS, StreamKind.RANKING}:
        return StreamKind.named(stream)
    return f"{kind.spoken} {about}".strip()


def _payload(event: Event, book: Rulebook | None, names: Mapping[str, str]) -> str:
    """Return the payload of an event without a finding, in a few words."""
    public = event.public
    changes = public.get("changes", {})
    second = public.get("confirmed_by")
    words = ""
    if event.step == Step.ENLIST:
        edition = list_name(str(changes["edition"]), names)
        words = say("{edition}第{rank}位", edition=edition, rank=changes["rank"])
    elif event.step == Step.ADJUST:
        label = word(Recommendation, changes["recommendation"])
        words = say_pair(label, changes["grounds"])
    elif event.step == Step.MERGE:
        words = say("并入 {number}", number=changes["merged_into"])
    elif event.step == Step.ASSIGN:
        words = say_count("分解为{count}项任务", len(changes["plan"]["tasks"]))
    elif event.step in {Step.CARRY_OVER, Step.RESPOND}:
        words = _successor(public, names)
    elif changes.get("reason_code"):
        words = code = str(changes["reason_code"])
        if book is not None:
            known = book.rules.return_reasons if event.step in _SENT_BACK else {}
            known = {**book.rules.reject_reasons, **known}
            if event.step == Step.TRANSFER:
                known = book.rules.transfer_reasons
            words = known.get(code, code)
    if event.step == Step.TRANSFER:
        units = (str(public[name]) for name in ("former", "unit"))
        former, unit = (names.get(code, code) for code in units)
        reason = words or say("单位撤并,由其承接")
        words = say_pair(say("{former} → {unit}", former=former, unit=unit), reason)
    return say("{words}({second}复核)", words=words, second=second) if second else words


def _successor(public: Mapping[str, object], names: Mapping[str, str]) -> str:
    unit, item = public.get("for_unit"), public.get("successor")
    who = names.get(str(unit), str(unit)) if unit else ""
    if item:
        who += f" {item} "
    return say("由{who}承接", who=who) if who else ""
