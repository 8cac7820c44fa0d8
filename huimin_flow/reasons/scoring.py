"""Reason codes of scores, colors and places."""

from __future__ import annotations

from huimin_flow.terms import Term


class ScoreCode(Term):
    """Why a unit stands where it stands (D5–D7)."""

    NO_FIGURE = (
        "no_figure",
        "“{index_indicator}”(权重{weight}%)当月没有数据:{missing}",
        "{index_indicator} (weight {weight}%) has no data this month: {missing}",
    )
    TOO_FEW_CASES = (
        "too_few_cases",
        "“{index_indicator}”(权重{weight}%)只有{n}例,至少要{least_n}例:{missing}",
        "{index_indicator} (weight {weight}%): {n} cases, {least_n} needed: {missing}",
    )
    NO_PEERS = (
        "no_peers",
        "“{index_indicator}”(权重{weight}%)没有可比的同组单位:{missing}",
        "{index_indicator} (weight {weight}%) has no peers with a figure: {missing}",
    )
    STRONGEST_AT = (
        "strongest_at",
        "“{index_indicator}”得{score}分,高于同组中位数{median}分",
        "{index_indicator} scored {score}, above the group's median {median}",
    )
    WEAKEST_AT = (
        "weakest_at",
        "“{index_indicator}”得{score}分,低于同组中位数{median}分",
        "{index_indicator} scored {score}, below the group's median {median}",
    )
    COLOR_ROSE = (
        "color_rose",
        "由{before}升为{color}(指数{index_before}→{index})",
        "rose from {before} to {color} (index {index_before} → {index})",
    )
    COLOR_FELL = (
        "color_fell",
        "由{before}降为{color}(指数{index_before}→{index})",
        "fell from {before} to {color} (index {index_before} → {index})",
    )
