"""The lists of appeals, and of the stages of life that they come from (A1, X1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from huimin_flow.catalogue.language import say, say_note, say_phrase
from huimin_flow.catalogue.terms import Argument, Duty, PlaceMatch
from huimin_flow.clock import shanghai
from huimin_flow.reports.core.lists import Ref, Row, Sight, item_file, listed

if TYPE_CHECKING:
    from huimin_flow.model.sensing.appeals import AppealSummary, StageCoverage
    from huimin_flow.model.sensing.reading import ReadBy

#: The page of the desk of an appeal's way.
WAY_FILE: Final = "appeal.html"

#: How many appeals of a reading are named.
_NAMED: Final = 3


def way_file(channel: str, key: str) -> str:
    """Return the address of the page of an appeal's way.

    >>> way_file("media", "A/1")
    'appeal.html?channel=media&key=A%2F1'

    """
    return f"{WAY_FILE}?{urlencode({'channel': channel, 'key': key})}"


def place_words(sight: Sight, appeal: AppealSummary) -> str:
    """Return where an appeal was heard, and what of it nobody knows."""
    parts = appeal.district, appeal.town, appeal.village
    words = say_phrase(*filter(None, map(sight.unit, parts)))
    if sight.unit(appeal.district) == appeal.district:
        return say_note(words, PlaceMatch.UNKNOWN.spoken)
    organization = sight.book.organization
    if organization.places and appeal.town and not organization.town(appeal.town):
        return say_note(words, say("镇街不明"))
    return words


@listed(
    name="appeals",
    title="诉求",
    question="appeals.list",
    head=("编号", "渠道", "时间", "地点", "事项"),
    empty="没有这样的诉求",
    words={"district": Argument.UNIT},
    of_town="town",
    labels={"item": "事项编号", "loose": "只看未挂接的"},
)
def appeals(sight: Sight, appeal: AppealSummary) -> Row:
    """Return an appeal: when and where it was heard, and its item."""
    intakes = sight.book.channels.intake
    channel = appeal.channel
    return (
        Ref(appeal.key, way_file(channel, appeal.key)),
        next((intake.name for intake in intakes if intake.key == channel), channel),
        shanghai(appeal.at),
        place_words(sight, appeal),
        Ref(appeal.item, item_file(appeal.item)) if appeal.item else say("尚未挂接"),
    )


@listed(
    name="life-stages",
    title="生命周期覆盖",
    question="appeals.by_life_stage",
    count="",
    head=("阶段", "诉求", "人数", "已挂接", "现有事项", "已列入清单"),
    empty="没有这样的阶段",
)
def life_stages(_: Sight, stage: StageCoverage) -> Row:
    """Return a stage of life: its appeals, and the items that serve it."""
    name, heard = stage.life_stage.spoken, (stage.appeals, stage.people, stage.linked)
    return name, *heard, stage.items, stage.listed


@listed(
    name="readings",
    title="查看原文的记录",
    question="appeals.readings",
    count="count_readings",
    head=("时间", "查看人", "单位", "诉求", "条数", "范围", "理由"),
    empty="没有人看过原文",
    labels={"full": "只看全文的"},
    duty=Duty.AUDIT,
)
def readings(sight: Sight, line: ReadBy) -> Row:
    """Return a reading: who read which appeals, when and why."""
    organization, read = sight.book.organization, line.reading
    post = organization.post(line.actor)
    named = tuple("=".join(pair) for pair in read.appeals[:_NAMED])
    return (
        shanghai(line.moment),
        line.actor,
        "" if post is None else sight.unit(post.unit),
        named,
        len(read.appeals),
        say("全文") if read.full else say("遮住号码"),
        read.reason,
    )


#: The page of the desk on which appeals are read.
READ_FILE: Final = "read.html"


def read_file(channel: str, key: str) -> str:
    """Return the address of the form to read an appeal.

    >>> read_file("media", "A1")
    'read.html?appeals=media%3DA1'

    """
    return f"{READ_FILE}?{urlencode({'appeals': f'{channel}={key}'})}"


#: The lists of this module.
LISTINGS: Final = (appeals, life_stages, readings)
