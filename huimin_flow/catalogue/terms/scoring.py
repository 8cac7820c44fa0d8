"""The words of the contribution index, the five colors and the rankings (D5–D7)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class Direction(Term):
    """Which way an indicator is better."""

    HIGHER = "higher", "越高越好", "higher is better"
    LOWER = "lower", "越低越好", "lower is better"


class Bound(Term):
    """How a share of few cases is read (D3: small samples can't top a ranking)."""

    NONE = "none", "原值", "as it is"
    WILSON = "wilson", "威尔逊界", "Wilson bound"


class Normalization(Term):
    """How a figure becomes a sub-score of 0–100 (D5)."""

    CURVE = "curve", "折线", "piecewise-linear curve"
    PEERS = "peers", "与规模相近者比", "against peers of like size"
    PERCENTILE = "percentile", "百分位", "percentile"


class Missing(Term):
    """What a missing figure does to the index; never zero silently."""

    SKIP = "skip", "不计入,其余按权重", "left out, the others by their weights"
    INSUFFICIENT = "insufficient", "不出指数", "no index at all"
    FLOOR = "floor", "按最低分", "the lowest sub-score"


class ScoreClass(Term):
    """Whether there is an index."""

    SCORED = "scored", "已计分", "scored"
    INSUFFICIENT = "insufficient", "数据不足", "not enough data"


class Color(Term):
    """The five colors, worst to best (D6)."""

    RED = "red", "红", "red"
    ORANGE = "orange", "橙", "orange"
    YELLOW = "yellow", "黄", "yellow"
    BLUE = "blue", "蓝", "blue"
    GREEN = "green", "绿", "green"


class Coloring(Term):
    """How colors are given: by fixed bands of the index, or by shares of units."""

    BANDS = "bands", "分数段", "bands"
    SHARES = "shares", "占比", "shares"


class CurveKind(Term):
    """How a plan spreads over the time it has (C4)."""

    LINEAR = "linear", "匀速", "linear"
    STEPPED = "stepped", "分步", "stepped"
    SEASONAL = "seasonal", "按季节", "seasonal"


class Pace(Term):
    """How progress stands to its plan (C4)."""

    AHEAD = "ahead", "超前", "ahead"
    ON_TIME = "on_time", "按期", "on time"
    BEHIND = "behind", "滞后", "behind"
    UNKNOWN = "unknown", "无数据", "no data"

    def by(self, days: int) -> str:
        """Return in Chinese how far something stands from its plan.

        >>> Pace.BEHIND.by(-23), Pace.ON_TIME.by(0)
        ('滞后 23 天', '按期')

        """
        return f"{self.label} {abs(days)} 天" if self in _FAR else self.label


_FAR = (Pace.AHEAD, Pace.BEHIND)


class Unreported(Term):
    """What a month without a report is for what must be held every month (C4)."""

    LATE = "late", "视为未达到", "as not met"
    SKIP = "skip", "不计", "looked over"


class Measure(Term):
    """What can be counted of a unit's month: what an indicator may rest on (D5)."""

    IMPLEMENTATION = "implementation", "任务指标按期率", "indicators on time"
    CASELOAD = "caseload", "办件数与人口", "rated transactions by residents"
    COMPLAINT_RATE = "complaint_rate", "投诉数与办件数", "complaints by transactions"
    SATISFACTION = "satisfaction", "评价中的好评", "ratings that are good"
    TASKS_ON_TIME = "tasks_on_time", "任务按期完成率", "tasks done on time"
    FOLLOW_UPS_ON_TIME = (
        "follow_ups_on_time",
        "差评按期答复率",
        "bad ratings answered on time",
    )


class LateKind(Term):
    """What became known of a month only after its cut."""

    RATINGS = "ratings", "评价", "ratings"
    VOICES = "voices", "投诉", "complaints"
    PROGRESS = "progress", "当月进度", "the month's progress"
    EARLIER_PROGRESS = "earlier_progress", "往月进度", "progress of earlier months"
    SET_ASIDE = "set_aside", "差评认定不计", "bad ratings set aside"
    STEPS = "steps", "事项步骤补记", "steps of items recorded late"
