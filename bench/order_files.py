"""The bench's exports of work orders, as a hotline writes them."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

FIELDS = (
    "序号", "工单编号", "来电时间", "来电人", "联系电话", "身份证号", "地址",
    "诉求标题", "诉求内容", "所属区县", "所属镇街",
)  # fmt: skip
KEY, AT, NAME, PHONE, IDENTITY, ADDRESS, TITLE, TEXT, DISTRICT = range(1, 10)
BEGUN = datetime.fromisoformat("2024-01-01T00:00:00")
_DISTRICTS = ("万州区", "重庆市涪陵区", "渝中", "500106", "沙坪坝区", "九龙坡区")
_TOPICS = ("停车难", "社保卡没有寄到", "工资拖欠三个月", "窗口排队太久", "补贴没有到账")
_BODY = (
    "来电人反映上述情况已有一段时间,此前向社区和街道都说过,没有得到答复,请核实处理。"
)


def write(path: Path, rows: int, *, first: int = 0) -> None:
    """Write an export; 70 of 100 callers leave a phone, ten in a hundred call twice.

    ``first`` is the number of the first order; numbers below it are in other files.
    """
    dice = random.Random(17 + first)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for k in range(first, first + rows):
            at = BEGUN + timedelta(seconds=20 * k)
            caller = k if dice.random() < 0.9 else dice.randrange(k + 1)
            phone = f"13{caller:09d}" if dice.random() < 0.7 else ""
            topic = dice.choice(_TOPICS)
            cut = "\n" if dice.random() < 0.2 else ","
            out.writerow((
                k, f"GD{at:%Y%m%d}{k:08d}", f"{at:%Y-%m-%d %H:%M:%S}",
                "张三" if phone else "", phone, "", f"某路{k % 97}号" if phone else "",
                topic, f"{topic}(第{k}件)。{_BODY}{cut}{_BODY}",
                dice.choice(_DISTRICTS), "",
            ))  # fmt: skip
