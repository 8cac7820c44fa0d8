"""next: take an item's next step; what is missing is asked for, with its choices.

What is asked follows from a value's type and the words of its fields. A step that an
actor cannot take is refused before any question. A value that is refused is asked
again; Ctrl-C ends the asking, and nothing is done.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, is_dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

import click

from huimin_flow.catalogue.language import (
    in_english,
    say,
    say_clauses,
    say_list,
    say_note,
    say_sentences,
)
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import (
    Argument,
    Criterion,
    MeetingState,
    State,
    Step,
    Term,
)
from huimin_flow.catalogue.typography import full_width
from huimin_flow.errors import HuiminError, InputRefused, NotFound, StepRefused
from huimin_flow.flow import Questions
from huimin_flow.model.deciding.deliberations import Answer
from huimin_flow.model.items import LARGEST_FILE
from huimin_flow.reports.agreements import agreed_words
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.commands import free
from huimin_flow.shell.core.parameters import Field, arguments_of, asked, parts_of

if TYPE_CHECKING:
    from huimin_flow.model.items import Item

#: Fields that a rule fills in, or that few values need: they keep their default.
_SELDOM = frozenset(
    {"tolerance", "denominator", "members", "curve", "unmeasured", "share", "side"}
)

#: Values of which there may be none: whether there is one is asked first.
_OPTIONAL = frozenset(
    {
        "plan.supporting_units",
        "plan.indicators",
        "plan.service_items",
        "new_targets",
        "members",
    }
)

#: With which letter the keys of the values of an argument begin.
_KEYED = {Argument.TASKS: "T", Argument.OUTCOMES: "E"}

#: How many choices one line shows.
_SHOWN = 12


class Asker:
    """The questions to one person at a terminal."""

    def __init__(self, now: Callable[[], Any]) -> None:
        """Store what opens the questions on one moment, to resolve names."""
        self._now = now

    def ask(self, field: Field, *, place: int = 1) -> Any:
        """Return a value of an argument or a field of one.

        An empty line means the default if there is one. ``place`` counts the values
        of a list: its second task is T2, its second outcome E2.
        """
        if field.many:
            one = replace(field, many=False, default=MISSING)
            label, made = _label(field.word), []
            may_lack = field.path in _OPTIONAL
            if may_lack and not self.yes(say("加一项{label}?", label=label)):
                return ()
            made.append(self.ask(one))
            while self.yes(say("再加一项{label}?", label=label)):
                made.append(self.ask(one, place=len(made) + 1))
            return tuple(made)
        kind = field.hint
        if isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping):
            return self._each_word(*get_args(kind), label=_label(field.word))
        if is_dataclass(kind):
            make: Any = kind
            parts = {part.path.rpartition(".")[2]: part for part in parts_of(field)}
            if "key" in parts:
                parts["key"] = replace(
                    parts["key"], default=f"{_KEYED[Argument(field.word)]}{place}"
                )
            return make(
                **{
                    name: self.ask(part)
                    for name, part in parts.items()
                    if name not in _SELDOM
                }
            )
        label = _label(field.word)
        if isinstance(kind, type) and issubclass(kind, Term):
            label = say_note(label, _numbered(term.spoken for term in kind))
        return self._line(label, self._reader(kind, field.word), field.default)

    def yes(self, question: str) -> bool:
        """Return whether a person says yes; an empty line means no."""
        said: bool = self._line(
            say("{question}(是/否,回车为否)", question=question),
            values.yes_or_no,
            default=False,
        )
        return said

    def file(self, label: str) -> Path | None:
        """Return the file that a person names, None for an empty line."""
        named: str = self._line(label, str, default="")
        return Path(named) if named else None

    def scores(self, words: Iterable[Term]) -> dict[Any, int]:
        """Return a score of 0 to 100 for each word."""
        return {
            term: self._line(
                say_note(term.spoken, "0–100"), partial(_whole, word=term.spoken)
            )
            for term in words
        }

    def choose(self, word: str, choices: Mapping[str, str]) -> str:
        """Return one of some codes, which a person names by number, code or name."""
        numbered = dict(enumerate(choices, 1))
        label = say_note(_label(word), _numbered(choices.values()))

        def read(text: str) -> str:
            if text.isdigit() and int(text) in numbered:
                return numbered[int(text)]
            fitting = [c for c, name in choices.items() if text in {c, name}]
            if not fitting:
                fitting = [c for c, name in choices.items() if text in name]
            if len(fitting) != 1:
                raise InputRefused(DoorCode.NOT_A_CHOICE, text=text[:40])
            return fitting[0]

        chosen: str = self._line(label, read, MISSING)
        return chosen

    def _line(
        self, label: str, read: Callable[[str], Any], default: object = MISSING
    ) -> Any:
        from prompt_toolkit import prompt  # noqa: PLC0415 - 0.1 s, here only

        shown = getattr(default, "spoken", default)
        shown = "" if shown in {MISSING, None, "", False} else f"[{shown}]"
        label = full_width(f"{label}{shown}") + (": " if in_english() else "\uff1a")
        while True:
            typed = prompt(label)
            if not typed.strip() and default is not MISSING:
                return default
            try:
                return read(typed.strip())
            except HuiminError as refusal:
                screens.echo(f"{refusal}\n{refusal.remedy}", err=True)

    def _reader(self, kind: Any, word: str) -> Callable[[str], Any]:
        if kind is bool:
            return values.yes_or_no
        if kind is int:
            return partial(_whole, word=_label(word))
        if kind is date:
            return values.day
        if isinstance(kind, type) and issubclass(kind, Term):
            by_number = {str(n): term for n, term in enumerate(kind, 1)}
            return lambda text: by_number.get(text) or values.word(kind, text)

        def resolved(text: str) -> str:
            with self._now() as now:
                questions: Questions = now
                return questions.fields.resolve(Argument(word), text)

        return resolved

    def _each_word(self, words: Any, part: Any, *, label: str) -> dict[Any, Any]:
        """Return a mapping from each word to its value; a first "no" ends answers.

        Keys of one's own are asked for with their values, until a line is empty.
        """
        made: dict[Any, Any] = {}
        if words is str:
            while text := self._line(label, str, ""):
                key, own = values.pair(text, "funds.code=A12")
                made[key] = own
            return made
        if part is not Answer:
            return self.scores(words)
        for term in words:
            yes = self._line(say("{term}(是/否)", term=term.spoken), values.yes_or_no)
            reason = self._line(say("{term}的理由", term=term.spoken), str)
            made[term] = Answer(yes=yes, reason=reason)
            if not yes:
                break
        return made


def _whole(text: str, word: str) -> int:
    return values.whole(text, word)


def _numbered(names: Iterable[str]) -> str:
    shown = [f"{n} {name}" for n, name in enumerate(names, 1)][:_SHOWN]
    return say_list(shown)


def _label(word: str) -> str:
    return Argument(word).spoken


#: How a step is taken: its command, who asks, and the item.
_Take = Callable[[Act, Asker, "Item"], "Item"]


@free("next")
@acts
def next_step(act: Act, number: str) -> None:
    """Take the next step of the main line with an item."""
    try:
        item = act.plain.items.get(number)
    except NotFound as refusal:
        other = say("差评用 huimin rating answer 答复,编号见 huimin rating bad")
        remedy = say_sentences([refusal.remedy, other])
        raise NotFound(refusal.reasons, remedy=remedy) from None
    if item.state not in _NEXT:
        raise InputRefused(DoorCode.NO_NEXT_STEP, number=number, state=item.state)
    take, *steps = _NEXT[item.state]
    with act.plain.snapshot() as now:
        ahead = [now.items.possible(number, act.by, step)[0] for step in steps]
    if not any(step.possible for step in ahead):  # no answer could change it
        raise StepRefused(ahead[0].reasons)
    if not sys.stdin.isatty():
        raise InputRefused(DoorCode.NO_TERMINAL)
    screens.echo(say_note(f"{item.number} {item.title}", item.status.spoken))
    act.item(take(act, Asker(act.plain.snapshot), item))


def _asked(asker: Asker, act: str, *names: str) -> dict[str, Any]:
    """Return values for some arguments of an act, in their order."""
    known = {field.path: field for field in arguments_of(act)}
    return {name: asker.ask(known[name]) for name in names}


def _plainly(verb: str, *names: str) -> _Take:
    """Return how to take a step that asks for some arguments of its act."""

    def take(act: Act, asker: Asker, item: Item) -> Item:
        facts = _asked(asker, f"items.{verb}", *names)
        taken: Item = getattr(act.flow.items, verb)(item.number, **facts, by=act.by)
        return taken

    return take


def _screen(act: Act, asker: Asker, item: Item) -> Item:
    from huimin_flow.reports.core.present import tally_notes  # noqa: PLC0415 - heavy

    rule = act.plain.rulebook.active().rules.screening
    weights = rule.criteria[item.origin].weights
    tally = act.plain.items.tally(item.number)
    text = say("已挂接诉求{appeals}条,普遍性由它们算出", appeals=tally.appeals)
    screens.echo(say_clauses(text, *tally_notes(tally)))
    scores = asker.scores(word for word in weights if word is not Criterion.PREVALENCE)
    return act.flow.items.screen(item.number, scores, by=act.by)


def _judge(act: Act, asker: Asker, item: Item) -> Item:
    of_item = partial(act.plain.meetings.list, item=item.number, limit=1)
    held = of_item(state=MeetingState.HELD)
    convened = of_item(state=MeetingState.CONVENED)
    facts: dict[str, Any] = {}
    if convened:
        facts = _asked(asker, "meetings.begin", "participants")
    elif not held:
        screens.echo(say("还没有以它为议题的论证会议,一并登记"))
        names = ("held_on", "chair", "participants", "minutes")
        facts = _asked(asker, "meetings.hold", *names)
    judgment = _asked(asker, "items.judge", "judgment")
    file = asker.file(say("会议纪要文件(回车:以后再上传并办结)"))
    # All is asked by now: whoever stops has recorded nothing.
    hold = act.part("hold").meetings
    if convened:
        key = hold.begin(convened[0].key, **facts, by=act.by).key
    else:
        agenda = [item.number]
        key = held[0].key if held else hold.hold(**facts, agenda=agenda, by=act.by).key
    act.flow.items.judge(item.number, key, **judgment, by=act.by)
    if file is not None:
        from huimin_flow.store.files import read_regular  # noqa: PLC0415 - heavy

        content = read_regular(file, LARGEST_FILE)
        act.part("attach").meetings.attach(key, file.name, content, by=act.by)
        act.part("close").meetings.close(key, by=act.by)
    return act.plain.items.get(item.number)


def _execute(act: Act, asker: Asker, item: Item) -> Item:
    from huimin_flow.model.executing.plans import TaskResult  # noqa: PLC0415 - heavy

    tasks = item.plan.tasks if item.plan else ()
    results = [
        TaskResult(task=task.key, met=True)
        for task in tasks
        if asker.yes(say("任务 {task} {title}已完成?", task=task.key, title=task.title))
    ]
    if len(results) < len(tasks) and not act.dry:  # an excused task is settled, too
        try:
            with act.plain.dry() as dry:
                dry.items.execute(item.number, results, by=act.by)
        except StepRefused as refusal:
            way = say(
                "未作改动。进展用 huimin item progress {number} 报送;"
                "确不能完成的,由上级用 huimin item excuse {number} 免除",
                number=item.number,
            )
            screens.echo(f"{refusal}\n{way}", err=True)
            raise click.exceptions.Exit(1) from None
    return act.flow.items.execute(item.number, results, by=act.by)


def _evaluate(act: Act, asker: Asker, item: Item) -> Item:
    from huimin_flow.model.executing.agreements import (  # noqa: PLC0415 - heavy
        OutcomeResult,
    )

    fields = asked("items.evaluate", ("outcomes",))
    known = {field.path.rpartition(".")[2]: field for field in fields}
    results = []
    for agreed in item.plan.outcomes if item.plan else ():
        screens.echo(say_note(f"{agreed.key} {agreed.statement}", agreed_words(agreed)))
        name = "value" if agreed.counted else "grade"
        actual = asker.ask(known[name])
        evidence = "" if actual is None else asker.ask(known["evidence"])
        results.append(
            OutcomeResult(outcome=agreed.key, evidence=evidence, **{name: actual})
        )
    return act.flow.items.evaluate(item.number, results, by=act.by)


def _adjust(act: Act, asker: Asker, item: Item) -> Item:
    if item.evaluation_passed is False and asker.yes(say("最终评价不合格,退回返工?")):
        return act.flow.items.rework(item.number, by=act.by)
    facts = _asked(asker, "items.adjust", "recommendation", "grounds")
    return act.flow.items.adjust(item.number, **facts, by=act.by)


def _close(act: Act, asker: Asker, item: Item) -> Item:
    if not asker.yes(say("办结?办结后不再办理")):
        raise click.Abort
    return act.flow.items.close(item.number, by=act.by)


#: By state: how the next step is taken, and which it may be. A starred item waits for
#: the December list.
_NEXT: Final[Mapping[State, tuple[_Take, *tuple[Step, ...]]]] = {
    State.COLLECTED: (_screen, Step.SCREEN),
    State.SCREENED: (_judge, Step.JUDGE),
    State.JUDGED: (_plainly("star", "scores", "expected"), Step.STAR),
    State.LISTED: (_plainly("assign", "plan"), Step.ASSIGN),
    State.ASSIGNED: (_execute, Step.EXECUTE),
    State.EXECUTED: (_evaluate, Step.EVALUATE),
    State.EVALUATED: (_adjust, Step.ADJUST, Step.REWORK),
    State.ADJUSTED: (_close, Step.CLOSE),
}
