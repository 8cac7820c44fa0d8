"""todo, whoami, permissions, item explain: what waits, and who may do what."""

from __future__ import annotations

import click

from huimin_flow.catalogue.language import (
    in_english,
    say,
    say_as,
    say_list,
    say_note,
    say_phrase,
    say_sentences,
)
from huimin_flow.catalogue.reasons import Code, spoken
from huimin_flow.catalogue.terms import Duty, Role, Step
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day, shanghai
from huimin_flow.model.core.organization import Permission
from huimin_flow.model.core.values import to_plain
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import BY_SETTINGS, account
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.commands import Shown, View, view
from huimin_flow.shell.core.place import Place, tabled, timed
from huimin_flow.shell.core.values import Word
from huimin_flow.states.authority import whole

#: How many holders of a right a line shows.
_HOLDERS = 3

#: The reason that an item's state has no such step.
_STATE = Code.NO_SUCH_ARC

#: How wide a terminal must be to show since when a thing waits.
_NARROW = 100


@view(
    "todo",
    timed=True,
    more=[
        click.Option(["--limit"], type=values.Whole(1), help="最多几条;屏幕默认50。")
    ],
)
def _todo(view: View) -> Shown:
    today = local_day(view.now.moment())
    narrow = (screens.room() or _NARROW) < _NARROW
    rows = [
        (
            entry.due or "—",
            say("超期") if entry.due is not None and entry.due < today else "",
            entry.kind.spoken,
            entry.step.spoken,
            entry.subject,
            f"{entry.period} {entry.title}".strip()
            + (say("(由{unit}办理)", unit=view.unit(entry.unit)) if entry.unit else "")
            + (say("(尚缺{fact})", fact=entry.lacks.spoken) if entry.lacks else ""),
            *([] if narrow else [entry.since]),
        )
        for entry in view.first
    ]
    head: tuple[str, ...] = ("期限", "是否超期", "类别", "下一步", "编号", "名称")
    head += () if narrow else ("何时起",)
    together = [
        say("一次确认{period}:huimin list confirm-all {code}", period=period, code=code)
        for code, period in (
            (entry.subject, period_in_words(entry.subject))
            for entry in view.first
            if entry.act == "lists.confirm_all"
        )
    ]
    return *view.page(screens.Table(head, rows, "没有等着您办的事")), *together


@plain("whoami")
@click.option("--by", **BY_SETTINGS)
@timed
@tabled
def whoami(place: Place, by: str | None) -> None:
    """Show who acts, and where."""
    with place.now() as now:
        named = account(now)
        organization = now.rulebook.active().organization
        mine = {post.id for post in organization.people if named in post.accounts}
        if by is not None:
            mine = {now.people.identify(named, by).id}
        posts = [post for post in organization.people if post.id in mine]
        rehearsal, moment = now.rehearsal, now.moment()
    address = place.address()
    rows: list[tuple[str, object]] = [(say("账户"), named)]
    for post in posts:
        rows += [
            (say("岗位"), post.id),
            (say("单位"), say_note(organization.name_of(post.unit), post.unit)),
            (say("角色"), say_list(role.spoken for role in Role if role in post.roles)),
        ]
        if post.areas:
            rows.append((say("分管"), say_list(area.spoken for area in post.areas)))
        rows += [
            (
                say("代理"),
                say(
                    "{post},{since}至{until}(不含)",
                    post=each.post,
                    since=each.valid_from,
                    until=each.valid_to,
                ),
            )
            for each in organization.deputies
            if each.deputy == post.id and each.acts_on(local_day(moment))
        ]
    if not posts:
        rows.append(
            (
                say("岗位"),
                say("没有;推演库中用 --by 指明") if rehearsal else say("没有"),
            )
        )
    rows += [
        (say("数据库"), address),
        (say("用途"), say("推演") if rehearsal else say("正式")),
        (say("此刻"), shanghai(moment)),
    ]
    shown = {
        "account": named,
        "posts": [
            {
                "id": post.id,
                "unit": post.unit,
                "unit_name": organization.name_of(post.unit),
                "roles": [role.value for role in Role if role in post.roles],
            }
            for post in posts
        ],
        "database": address,
        "rehearsal": rehearsal,
    }
    place.table(shown, ("项目", "内容"), rows)


@plain("permissions")
@click.option("--role", type=Word(Role), help="只看某角色,如 经办人。")
@tabled
def permissions(place: Place, role: Role | None) -> None:
    """Show the table of rights by role, ours and those of hosts."""
    with place.now() as now:
        organization = now.rulebook.active().organization
    own = {} if role is not None else organization.own_roles
    names = {of.value: of.spoken for of in (Role if role is None else [role])}
    names |= {of: own[of].english if in_english() else own[of].label for of in own}
    granted = [
        (of, whole(right)) for of in names for right in organization.permissions([of])
    ]
    rows = [
        (names[of], right.scope.spoken, say_list(_rights(right)) or "—")
        for of, right in granted
    ]
    shown = [{"role": of, "permission": right} for of, right in granted]
    place.table(shown, ("角色", "范围", say_as("permissions", "可办")), rows)


def _rights(right: Permission) -> list[str]:
    """Return the steps and duties of a permission in words, in their order."""
    steps = [step.spoken for step in Step if step in right.steps]
    return steps + [duty.spoken for duty in Duty if duty.value in right.duties]


@view(
    "item explain",
    settings={"step": {"nargs": 1, "metavar": "[步骤]", "required": False}},
)
def _possible(view: View) -> Shown:
    step = view.typed["step"]
    rows, others = [], []
    for answer in view.answer:
        if step is None and any(each.code == _STATE for each in answer.reasons):
            others.append(answer.step.spoken)
            continue
        holders: dict[str, None] = {}
        for holder in answer.who:
            roles = say_list(role.spoken for role in holder.roles)
            holders[say_phrase(view.unit(holder.unit), roles)] = None
        shown = list(holders) if step is not None else [*list(holders)[:_HOLDERS]]
        left = len(holders) > len(shown)
        more = say("等{count}处", count=len(holders)) if left else ""
        why = say_sentences(spoken(reason) for reason in answer.reasons)
        can = say("可办") if answer.possible else say("不可")
        two = say("须两人") if answer.two else ""
        who = say_list(shown) + more or say("无人")
        rows.append((answer.step.spoken, can, two, why or "—", who))
    head = ("步骤", "可否", say_as("whether", "复核"), "为什么不可", "谁可办")
    answers = [
        to_plain(answer) | {"reasons": screens.plain_reasons(answer.reasons)}
        for answer in view.answer
    ]
    known = {"steps": say_list(others), "number": view.typed["number"]}
    rest = screens.Table(
        ("说明",),
        [
            (say("此时的状态还不能:{steps}", **known),),
            (
                say(
                    "其中一步为何不能、谁可办:huimin item explain {number} 步骤",
                    **known,
                ),
            ),
        ],
    )
    table = screens.Table(head, rows, "此时没有能办的步骤")
    return answers, table, *(["", rest] if others else [])
