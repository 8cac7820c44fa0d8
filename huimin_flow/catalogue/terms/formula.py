"""The words of a figure's tree: its rules, its parts, and how each is made (X3)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class FormulaWord(Term):
    """A rule that makes figures, a part of a tree, or an operation in it."""

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

    GIVEN = "given", "取自来源", "given"
    RATIO = "ratio", "分子÷分母,乘换算倍数", "ratio"
    DIFFERENCE = "difference", "前者减后者", "difference"
    WILSON_LOW = "wilson_low", "威尔逊下界", "Wilson lower bound"
    WILSON_HIGH = "wilson_high", "威尔逊上界", "Wilson upper bound"
    CURVE_HIGHER = "curve_higher", "折线得分(越高越好)", "curve, higher is better"
    CURVE_LOWER = "curve_lower", "折线得分(越低越好)", "curve, lower is better"
    BESIDE_HIGHER = "beside_higher", "与同类比(越高越好)", "beside peers, higher better"
    BESIDE_LOWER = "beside_lower", "与同类比(越低越好)", "beside peers, lower better"
    PERCENTILE_HIGHER = (
        "percentile_higher",
        "百分位(越高越好)",
        "percentile, higher better",
    )
    PERCENTILE_LOWER = (
        "percentile_lower",
        "百分位(越低越好)",
        "percentile, lower better",
    )
    MEDIAN = "median", "中位数", "median"
    WEIGHTED = "weighted", "按权重平均", "mean by weights"
    ROUNDED = "rounded", "四舍六入五成双,取两位小数", "rounded half to even, two places"
