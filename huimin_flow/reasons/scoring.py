"""Reason codes of scores, colors and places."""

from __future__ import annotations

from huimin_flow.terms import Term


class ScoreCode(Term):
    """Why a unit stands where it stands (D5–D7)."""

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
