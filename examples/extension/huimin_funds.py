"""Funds: an extension of huimin_flow, with fields, a section, a guard and a rule.

A bureau wants to know from which fund an item is paid, and that nobody breaks a plan
down into tasks before the money is there. This package is installed beside
huimin_flow; its pyproject.toml names ``FUNDS`` under ``huimin_flow.extensions``.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from huimin_flow.api import Extension, Facts, Reason, Step, Verdict, Wording


class Source(StrEnum):
    """Who pays."""

    CITY = "city"
    DISTRICT = "district"


class Money(BaseModel):
    """The own fields of an item. Titles are what forms and pages show."""

    fund: str = Field(
        title="资金编号",
        pattern=r"^[A-Z]{2}-\d{4}$",
        json_schema_extra={"english": "fund"},
    )
    amount: int = Field(
        title="金额(万元)", ge=0, json_schema_extra={"english": "amount, 10,000 yuan"}
    )
    source: Source = Field(
        default=Source.CITY, title="来源", json_schema_extra={"english": "source"}
    )


class Limits(BaseModel):
    """The section ``funds`` of extensions.yaml: two people activate its figures."""

    model_config = ConfigDict(extra="forbid")

    least: int = Field(ge=0)
    large: int = Field(ge=1)


def has_funds(facts: Facts) -> Iterator[Reason]:
    """Refuse to assign tasks of an item that has no fund, or too little money."""
    amount = facts.own.get("amount")
    if amount is None:
        yield Reason(code="no_fund")
    elif amount < facts.section.least:
        yield Reason(
            code="too_little", values={"amount": amount, "least": facts.section.least}
        )


def how_large(facts: Facts) -> Verdict:
    """Find whether an item is a large one; the finding stays in its history."""
    amount = facts.own.get("amount", 0)
    large = amount >= facts.section.large
    reason = Reason(code="large" if large else "small", values={"amount": amount})
    return Verdict(
        rule="", revision=1, passed=True, score=str(amount), reasons=(reason,)
    )


FUNDS = Extension(
    name="funds",
    label="资金",
    english="funds",
    revision=1,
    fields=Money,
    section=Limits,
    guards={Step.ASSIGN: has_funds},
    rules={Step.ASSIGN: how_large},
    texts={
        "no_fund": Wording(
            "没有写明资金",
            "no fund is named",
            "填写资金编号与金额",
            "enter the fund and the amount",
        ),
        "too_little": Wording(
            "资金{amount}万元,少于{least}万元",
            "the fund has {amount}, less than {least}",
            "落实资金后再分解",
            "find the money first",
        ),
        "large": Wording("大额资金{amount}万元", "a large sum: {amount}", "—", "—"),
        "small": Wording("资金{amount}万元", "a sum of {amount}", "—", "—"),
    },
)
