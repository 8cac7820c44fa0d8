"""Why a value that was given to an act or a question cannot be taken."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class InputCode(ReasonCode):
    """A value that cannot be taken as it is, or names nothing that is there."""

    DAY_TO_COME = (
        "day_to_come",
        "发生日期{day}晚于今天{today}",
        "{day} lies after today, {today}",
        "请核对日期",
        "check the date",
    )
    DAY_BEFORE_LAST_STEP = (
        "day_before_last_step",
        "发生日期{day}早于该事项上一步的日期{last}",
        "{day} lies before the item's last step, {last}",
        "请写{last}或以后;一步不能发生在它的前一步之前",
        "give {last} or later: no step happens before the one before it",
    )
    PERSON_UNKNOWN = (
        "person_unknown",
        "没有代号为“{person}”的岗位",
        "no post bears the id {person}",
        "请核对 organization.yaml",
        "look it up in organization.yaml",
    )
