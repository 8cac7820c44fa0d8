"""Why a moment, a clock or a span of days cannot be taken."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class TimeCode(ReasonCode):
    """What is wrong with a time that was given, or with who gave it."""

    MOMENT_WITHOUT_ZONE = (
        "moment_without_zone",
        "时刻{moment}没有时区",
        "the moment {moment} has no time zone",
        "请给出带时区的时刻,或不给时刻而用本机时钟",
        "give an aware moment, or none: the machine's clock serves",
    )
    MOMENT_NOT_OWN = (
        "moment_not_own",
        "给出的时刻{moment}与本机时钟{own}相差一分钟以上;正式库只认本机时钟",
        (
            "the moment {moment} is more than a minute away from the machine's clock,"
            " {own}; a production database takes no other time"
        ),
        "请不给时刻;推演请另建推演库",
        "give no moment; make a rehearsal's database to rehearse",
    )
    CLOCK_GIVEN = (
        "clock_given",
        "正式库只认本机时钟,不接受指定的时间",
        "a production database takes no time but the machine's",
        "推演请另建推演库",
        "make a rehearsal's database to rehearse",
    )
    NO_REHEARSAL = (
        "no_rehearsal",
        "正式库不能推演",
        "a production database cannot be rehearsed",
        "推演请另建推演库",
        "make a rehearsal's database to rehearse",
    )
    SPAN_EMPTY = (
        "span_empty",
        "推演的终点{last}早于起点{first}",
        "the rehearsal's last day {last} lies before its first, {first}",
        "请先写起点,再写终点",
        "give the first day, then the last",
    )
