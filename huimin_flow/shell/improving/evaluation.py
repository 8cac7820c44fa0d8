"""item evaluate, rework, adjust, amend, close (B8, B9)."""

from __future__ import annotations

import click

from huimin_flow.catalogue.terms import Recommendation, Step
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import dated, item_step, seen
from huimin_flow.shell.core.named import Word

evaluate = item_step(
    "evaluate",
    "最终评价:落实度由进展算出,满意度填百分比。",
    click.option(
        "--satisfaction", type=values.PERCENT, required=True, help="满意度,%。"
    ),
    seen,
    dated,
)

rework = item_step("rework", "最终评价不合格,退回返工。", seen)

adjust = item_step(
    "adjust",
    "动态调整建议及其依据。",
    click.option(
        "--recommendation",
        required=True,
        type=Word(Recommendation),
        help="继续实施、调整完善、复制推广、停止实施。",
    ),
    click.option("--grounds", required=True, help="依据。"),
    seen,
)

amend = item_step(
    "amend",
    "更正事实;由它得出的结论会标为存疑。",
    click.option(
        "--set",
        "corrections",
        multiple=True,
        required=True,
        callback=values.reading(values.corrections),
        help="如 标题=新标题;可更正标题、说明、来源类型、业务板块、生命周期阶段。",
    ),
    seen,
)

close = item_step(
    "close",
    "办结。",
    seen,
    ahead=lambda now, number, **_: now.items.preview(number, Step.CLOSE),
)
