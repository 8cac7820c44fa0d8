"""The words of scores, of formula trees (X3), and of the progress sheet (C4)."""

from __future__ import annotations

from huimin_flow.catalogue.language import in_english
from huimin_flow.catalogue.terms.term import Term


class Direction(Term):
    """Whether a higher or a lower figure is better."""

    HIGHER = "higher", "越高越好", "higher is better"
    LOWER = "lower", "越低越好", "lower is better"


class Bound(Term):
    """How a share of few cases counts (D3: small samples can't lead a ranking)."""

    NONE = "none", "原值", "exact value"
    WILSON = "wilson", "威尔逊界", "Wilson bound"


class Normalization(Term):
    """How a figure becomes a sub-score of 0–100 (D5)."""

    CURVE = "curve", "折线", "piecewise-linear curve"
    PEERS = "peers", "与规模相近者比", "compared with peers of similar size"
    PERCENTILE = "percentile", "百分位", "percentile"


class Missing(Term):
    """The effect of a missing figure on the index; it is never counted as 0."""

    SKIP = "skip", "不计入,其余按权重", "left out, the others by their weights"
    INSUFFICIENT = "insufficient", "不出指数", "no index"
    FLOOR = "floor", "按最低分", "the lowest sub-score"


class ScoreClass(Term):
    """Whether there is an index; of tasks that nothing measures there is none."""

    SCORED = "scored", "已计分", "scored"
    INSUFFICIENT = "insufficient", "数据不足", "not enough data"
    NOT_MEASURABLE = "not_measurable", "不可衡量", "not measurable"


class Color(Term):
    """The five colors, worst to best (D6)."""

    RED = "red", "红", "red"
    ORANGE = "orange", "橙", "orange"
    YELLOW = "yellow", "黄", "yellow"
    BLUE = "blue", "蓝", "blue"
    GREEN = "green", "绿", "green"


class Certainty(Term):
    """Whether a color could come from the chance of who was asked (D6)."""

    STEADY = "steady", "稳定", "steady"
    WITHIN_ERROR = "within_error", "抽样误差以内", "within sampling error"


class Coloring(Term):
    """How colors are assigned: by bands of the index, or by shares of units."""

    BANDS = "bands", "分数段", "bands"
    SHARES = "shares", "占比", "shares"


class CurveKind(Term):
    """How a plan is spread over its time (C4)."""

    LINEAR = "linear", "匀速", "linear"
    STEPPED = "stepped", "分步", "stepped"
    SEASONAL = "seasonal", "按季节", "seasonal"


class Pace(Term):
    """Progress compared with its plan (C4)."""

    AHEAD = "ahead", "超前", "ahead"
    ON_TIME = "on_time", "按期", "on time"
    BEHIND = "behind", "滞后", "behind"
    UNKNOWN = "unknown", "无数据", "no data"

    def by(self, days: int) -> str:
        """Return in words the distance from the plan.

        >>> Pace.BEHIND.by(-23), Pace.ON_TIME.by(0)
        ('滞后 23 天', '按期')

        """
        if self not in _FAR:
            return self.spoken
        count = abs(days)
        unit = ("day" if count == 1 else "days") if in_english() else "天"
        return f"{self.spoken} {count} {unit}"


_FAR = (Pace.AHEAD, Pace.BEHIND)


class Measure(Term):
    """A measure of a unit's month, for an indicator of the index (D5)."""

    IMPLEMENTATION = "implementation", "任务指标按期率", "indicators on time"
    CASELOAD = "caseload", "办件数与人口", "rated transactions by residents"
    BUSINESS = "business", "回流业务量与人口", "fed business by residents"
    COMPLAINT_RATE = "complaint_rate", "投诉数与办件数", "complaints by transactions"
    SATISFACTION = "satisfaction", "评价中的好评", "good ratings"
    TASKS_ON_TIME = "tasks_on_time", "任务按期完成率", "tasks done on time"
    FOLLOW_UPS_ON_TIME = "follow_ups_on_time", "差评按期答复率", "answers on time"


class LateKind(Term):
    """A kind of fact that became known after the month's cut."""

    RATINGS = "ratings", "评价", "ratings"
    COMPLAINTS = "complaints", "投诉", "complaints"
    BUSINESS = "business", "业务量", "business"
    PROGRESS = "progress", "当月进度", "the month's progress"
    EARLIER_PROGRESS = "earlier_progress", "往月进度", "progress of earlier months"
    SET_ASIDE = "set_aside", "差评认定不计", "bad ratings set aside"
    STEPS = "steps", "事项步骤补记", "steps of items recorded late"
    FINDINGS = "findings", "抽查结果", "findings of spot checks"


class SheetColumn(Term):
    """A column of the sheet, in its order; its label is its heading."""

    ITEM = "item", "事项编号", "item"
    ITEM_TITLE = "item_title", "事项", "title of the item"
    TASK = "task", "任务编号", "task"
    INDICATOR = "indicator", "指标", "indicator"
    KIND = "kind", "类型", "kind"
    MEASURE = "measure", "单位", "unit of measure"
    TARGET = "target", "目标", "target"
    EXPECTED = "expected", "计划应达", "expected by now"
    ACTUAL = "actual", "已报", "reported so far"
    STANDS = "stands", "进度", "pace"
    MONTH = "month", "月份", "month"
    VALUE = "value", "本月数值", "figure of the month"
    DENOMINATOR = "denominator", "分母", "denominator"
    NOTE = "note", "备注", "note"
    EVIDENCE = "evidence", "佐证", "evidence"
    MEMBERS = "members", "本月完成成员", "members done in the month"
    ALL_MEMBERS = "all_members", "全部成员", "all members"
    ENTERED = "entered", "来源", "how it was entered"
    CORRECTION = "correction", "更正理由", "reason of the correction"
    MARK = "mark", "核对码", "mark"


class SheetText(Term):
    """The sheet's texts besides its rows."""

    NAME = "name", "月度进展", "progress of the month"
    TITLE = "title", "{period} 月度进展填报表({unit})", "progress of {period}: {unit}"
    ALL_UNITS = "all_units", "全部单位", "all units"
    HINT = (
        "hint",
        (
            "只填浅色各列:本月数值写当月新增(保有类写月末数),比率类另填分母;"
            "动态清零的本月数值写本月帮扶数,分母写本月发现数;"
            "具名事项另写本月完成的成员,用顿号或分号隔开;"
            "佐证写已上传附件的摘要。不填的行不报送;再报即更正。"
        ),
        "Fill in the light columns; a row without a figure is not reported.",
    )
    WRONG_FIGURE = "wrong_figure", "数值不对", "wrong figure"
    WHOLE_FIGURE = "whole_figure", "请填不小于0的整数。", "Enter a whole number from 0."


class FormulaWord(Term):
    """A rule that computes figures, a part of a tree, or an operation in it."""

    MEASURING = "measuring", "数据统计", "measuring"
    PACING = "pacing", "进度对照", "pacing"
    CONTRIBUTION = "contribution", "贡献度评价指数", "contribution index"
    COLORING = "coloring", "五色图", "five colors"
    RANKING = "ranking", "榜单", "ranking"

    INDEX = "index", "指数", "index"
    NUMERATOR = "numerator", "分子", "numerator"
    DENOMINATOR = "denominator", "分母", "denominator"
    EXCLUDED = "excluded", "剔除例数", "excluded cases"
    CASES = "cases", "计入例数", "cases that count"
    SCALE = "scale", "换算倍数", "scale"
    Z = "z", "置信系数", "z of the bound"
    TARGET = "target", "目标值", "target"
    SLOPE = "slope", "每差一单位的分值", "points for each unit"
    FULL = "full", "满分", "full marks"
    FLOOR = "floor", "最低分", "floor"
    PAR = "par", "持平分", "par"
    PEERS = "peers", "同类单位的中位数", "median of the peers"
    WEIGHT = "weight", "权重", "weight"
    MEAN = "mean", "平均", "mean"
    BEFORE_FINDINGS = "before_findings", "扣分前的指数", "index before findings"
    POINTS_OFF = "points_off", "抽查扣分", "points taken off"
    FINDING = "finding", "检查结果扣分", "points of a finding"
    MOST_POINTS = "most_points", "最多扣分", "most points"
    LESS = "less", "前者减后者,不低于0", "difference, at least 0"
    CAPPED = "capped", "合计,不超过最多扣分", "sum, at most the first"

    GIVEN = "given", "取自来源", "from the source"
    RATIO = "ratio", "分子÷分母,乘换算倍数", "ratio"
    DIFFERENCE = "difference", "前者减后者", "difference"
    WILSON_LOW = "wilson_low", "威尔逊下界", "Wilson lower bound"
    WILSON_HIGH = "wilson_high", "威尔逊上界", "Wilson upper bound"
    CURVE_HIGHER = "curve_higher", "折线得分(越高越好)", "curve, higher is better"
    CURVE_LOWER = "curve_lower", "折线得分(越低越好)", "curve, lower is better"
    BESIDE_HIGHER = "beside_higher", "与同类比(越高越好)", "vs. peers, higher is better"
    BESIDE_LOWER = "beside_lower", "与同类比(越低越好)", "vs. peers, lower is better"
    PERCENTILE_HIGHER = (
        "percentile_higher",
        "百分位(越高越好)",
        "percentile, higher is better",
    )
    PERCENTILE_LOWER = (
        "percentile_lower",
        "百分位(越低越好)",
        "percentile, lower is better",
    )
    MEDIAN = "median", "中位数", "median"
    WEIGHTED = "weighted", "按权重平均", "weighted mean"
    ROUNDED = "rounded", "四舍六入五成双,取两位小数", "rounded half to even, two places"
