"""A December as a bureau lives it, told once for every door that can play it.

1 October 2025 to 31 January 2026: a merger of districts in November, the cutoff of
the coming year's lists on 15 December, four editions of the city's list by January.
A door plays an act by its command's words; what it answers is the value of ``--json``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

#: Two districts and a zone become one district on the legal day.
NORTH, YUBEI, NEW, WANZHOU = "500105", "500112", "500157", "500101"
ENDED = (NORTH, YUBEI, "FA-LJXQ")

CITY = "list/2026/city"

#: How many ratings some districts get each month, by their residents.
RATED = {
    NORTH: 46, YUBEI: 110, WANZHOU: 78, "500106": 74, "500107": 76, "500108": 60,
    "500113": 59,
}  # fmt: skip

#: The document numbers of the city's four editions.
NUMBERS = (
    "渝人社发2025-88号",
    "渝人社发2025-91号",
    "渝人社发2026-3号",
    "渝人社发2026-5号",
)

PLAN = """
deliverable: 零工驿站
carrier: 街道便民服务中心
path: 选址、建设、验收
method: 政府采购
satisfaction_measure: {{method: on_site, population: 求职者, size: 30, mark: 80}}
outcomes:
  - {{key: E1, kind: outcome, statement: 求职者有室内候工处, counted: 日均候工人数, mark: 500, unit: 人, due: 2026-06-30}}
  - {{key: E2, kind: social_benefit, statement: 马路候工消除, check: 街道巡查记录, due: 2026-06-30}}
tasks:
  - key: T1
    title: 建设零工驿站
    unit: "{unit}"
    due: 2026-06-30
    indicators:
      - {{name: 零工驿站, quote: 新建零工驿站9个以上, kind: flow, comparator: ge, value: 9, unit: 个}}
"""

OPENING = """
year: 2025
kind: opening
dated: 2025-01-10
source: 渝人社发2025-2号
due: 2026-06-30
due_source: ours
lead_source: ours
title_source: ours
curve_source: ours
denominator_source: ours
area_source: ours
tasks:
"""

OPENING_TASK = """
  - task: {n}
    item: {item}
    title: "{title}"
    text: "新建零工驿站9个以上。"
    area: employment
    lead_unit: "{unit}"
    curve: linear
    indicators:
      - {{name: 零工驿站, quote: 新建零工驿站9个以上, kind: flow, comparator: ge, value: 9, unit: 个}}
    deliverables: []
"""


class Door(Protocol):
    """What plays an act: a terminal, or forms in a browser."""

    def __call__(
        self, act: str, *subjects: str, by: str = "office-1", **fields: Any
    ) -> Any:
        """Do an act by a post at the story's moment; return its value."""

    def refused(self, act: str, *subjects: str, by: str, **fields: Any) -> set[str]:
        """Try an act that is refused; return the codes of the reasons."""

    def at(self, moment: str) -> None:
        """Move the clock to a moment in Shanghai, as 2025-10-09T10:00."""

    def files(self, key: str, edition: int) -> dict[str, bytes]:
        """Return the files of an edition of a list by their names."""

    def file(self, name: str, text: str) -> str:
        """Write a file that an act takes; return how the act names it."""


@dataclass
class December:
    """The story: what is decided by whom and when, and the items it is about."""

    do: Door
    items: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, set[str]] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    files: dict[int, dict[str, bytes]] = field(default_factory=dict)
    day: str = ""

    def at(self, moment: str) -> None:
        """Move the clock of the door and the story's day."""
        self.do.at(moment)
        self.day = moment[:10]

    def collect(self, name: str, unit: str, area: str = "employment") -> str:
        """Collect an item with two voices, and screen it."""
        do, by = self.do, f"op-{unit}"
        made = do(
            "item collect", title=name, origin="problem", area=area, unit=unit, by=by
        )
        number: str = made["number"]
        for n, channel in enumerate(("hotline_12333", "media")):
            do(
                "appeal add", channel=channel, key=f"{number}-{n}",
                who=f"p{number}{n}", district=(WANZHOU, NORTH)[n], text=name,
                item=number,
            )  # fmt: skip
        do("item screen", number, score=["紧迫性=95", "根本性=90"])
        self.items[name] = number
        return number

    def meet(self, placed: dict[str, str]) -> None:
        """Convene, hold, judge and close a meeting; ``placed`` says for when."""
        do, chair = self.do, "leader-1"
        agenda = [self.items[name] for name in placed]
        key = do("meeting convene", on=self.day, chair=chair, item=agenda)["key"]
        do("meeting begin", key, participant=["office-1", "office-2"])
        answers = [f"{q}=是:已核实" for q in ("想做", "可做", "能做", "该做")]
        scores = [f"{q}=80" for q in ("可能性", "可行性", "可感性")]
        for name, placement in placed.items():
            do(
                "item judge", self.items[name], meeting=key, answer=answers,
                score=scores, placement=placement,
            )  # fmt: skip
        minutes = do.file("纪要.txt", "一致同意")
        do("meeting attach", key, minutes)
        do("meeting close", key)

    def star(self, name: str, score: int) -> None:
        """Star an item with one score in every dimension."""
        self.do(
            "item star", self.items[name], expected="80", low="70", high="90",
            score=[f"{d}={score}" for d in ("受益面", "急需度", "可感性", "长效性")],
        )  # fmt: skip

    def assess(self, number: str, kind: str, assessor: str, **engaged: Any) -> None:
        """Request an assessment, submit its finding and have it accepted."""
        do = self.do
        key = do("assessment request", number, kind=kind, assessor=assessor, **engaged)[
            "key"
        ]
        do("assessment submit", key, finding="可行")
        do("assessment accept", key, by="office-2")

    def two(self, act: str, subject: str, **fields: Any) -> Any:
        """Propose an act, and let the second person confirm the digest that is shown."""
        made = self.do(act, subject, **fields)
        shown = self.do("proposal show", made["key"])
        return self.do(
            "proposal approve",
            made["key"],
            seen=shown["proposal"]["seen"],
            by="office-2",
        )

    def edition(self, number: int) -> None:
        """Confirm the city's list by its content, and publish it."""
        self.two("list confirm", CITY)
        self.do("list publish", CITY, document=NUMBERS[number - 1])
        self.seen[f"edition {number}"] = self.do("list show", CITY, edition=number)
        self.files[number] = self.do.files(CITY, number)

    def report(self, name: str, unit: str, month: str, by: str = "") -> None:
        """Report three posts that were built in a month."""
        self.do(
            "item progress", self.items[name], task="T1", indicator="零工驿站",
            month=month, value="3", by=by or f"op-{unit}",
        )  # fmt: skip

    def rate(self, month: str, counts: dict[str, int]) -> None:
        """Import a month's ratings of units, of which each has a bad one."""
        rows = (
            f"{month}T{unit}N{n},{unit},startup_grant,app,{level},{month}-13 15:00\n"
            for unit, count in counts.items()
            for n in range(count)
            for level in ["dissatisfied" if n == 0 else "satisfied"]
        )
        text = "办件编号,单位,事项,渠道,评价,时间\n" + "".join(rows)
        self.do("rating import", self.do.file(f"{month}.csv", text))

    def describe(self, key: str, name: str, by: str = "office-1") -> None:
        """Say what an entry of a list promises."""
        self.do(
            "list describe", key, item=self.items[name], text=f"{name}全覆盖",
            target=["服务500人", "满意度90%"], supporting=["500106"],
            due="2026-12-31", by=by,
        )  # fmt: skip

    def october(self) -> None:
        """Enter the running list, judge the new demands, let units respond."""
        do, items = self.do, self.items
        self.at("2025-10-09T10:00")
        running = {
            "江北零工驿站": NORTH,
            "渝北零工驿站": YUBEI,
            "万州零工驿站": WANZHOU,
        }
        for name, unit in running.items():
            self.collect(name, unit)
        self.meet(dict.fromkeys(running, "下年度"))
        for name in running:
            self.star(name, 60)
        opening = OPENING + "".join(
            OPENING_TASK.format(n=n, title=name, unit=unit, item=items[name])
            for n, (name, unit) in enumerate(running.items(), 1)
        )
        self.two("list open", do.file("2025.yaml", opening))
        for name, unit in running.items():
            number = items[name]
            self.assess(number, "合法性审查评估", "某律所")
            plan = do.file(f"{unit}.yaml", PLAN.format(unit=unit))
            do("item assign", number, plan=plan, by=f"op-{unit}")
        self.at("2025-10-13T10:00")
        for name, unit, area in (
            ("快递员工伤保障", NORTH, "social_security"),
            ("灵活就业参保", YUBEI, "social_security"),
            ("社区就业服务", NORTH, "employment"),
            ("夜间招聘会", WANZHOU, "employment"),
            ("青年人才驿站", "DIV-RCB", "talent"),
            ("欠薪快处", "DIV-GXC", "labor_relations"),
            ("企业用工直播", WANZHOU, "employment"),
        ):
            self.collect(name, unit, area)
        self.meet(
            dict.fromkeys(list(items)[3:-1], "下年度") | {"企业用工直播": "下阶段"}
        )
        self.at("2025-10-14T10:00")
        talent, wages = items["青年人才驿站"], items["欠薪快处"]
        do("item respond", talent, unit=NORTH, by=f"op-{NORTH}")
        do(
            "ledger decline", wages, unit=WANZHOU, reason="done_already",
            by=f"op-{WANZHOU}",
        )  # fmt: skip
        self.rate("2025-10", RATED)
        self.at("2025-10-31T10:00")
        do("timetable run")
        self.report("江北零工驿站", NORTH, "2025-10")
        self.report("万州零工驿站", WANZHOU, "2025-10")

    def november(self) -> None:
        """End the districts; advise on what runs, decide it and follow it."""
        do, items = self.do, self.items
        self.at("2025-11-05T10:00")
        do("timetable run")
        self.seen["owed before"] = self.owed(*ENDED, WANZHOU)
        self.at("2025-11-06T09:00")
        do("timetable run")
        self.seen["owed after"] = self.owed(NEW, WANZHOU)
        self.at("2025-11-07T10:00")
        self.report("渝北零工驿站", YUBEI, "2025-10")
        self.at("2025-11-10T10:00")
        do("timetable run")
        north, yubei = items["江北零工驿站"], items["渝北零工驿站"]
        do(
            "item advise", north, recommendation="调整完善", grounds="选址偏远",
            by=f"op-{NORTH}",
        )  # fmt: skip
        do("item advise", yubei, recommendation="调整完善", by=f"op-{YUBEI}")
        adopted, declined = (
            do("advice list", item=number)["rows"][0]["key"]
            for number in (north, yubei)
        )
        do(
            "advice adopt", adopted, reason="确有必要", what="增设公交接驳", unit=NEW,
            mended_by="2025-11-28",
        )  # fmt: skip
        do("advice decline", declined, reason="进度正常")
        do("advice mend", adopted, done="已开通接驳", by=f"op-{NEW}")
        do("advice verify", adopted)
        do("item respond", items["欠薪快处"], unit=NEW, by=f"op-{YUBEI}")
        self.collect("新区零工地图", YUBEI)
        self.at("2025-11-28T10:00")
        self.report("江北零工驿站", NORTH, "2025-11")
        self.report("渝北零工驿站", YUBEI, "2025-11", by=f"op-{NEW}")
        self.report("万州零工驿站", WANZHOU, "2025-11")
        self.rate("2025-11", RATED)

    def owed(self, *units: str) -> dict[str, set[str]]:
        """Return by unit what it owes, and what others await of it."""
        do, owed = self.do, dict[str, set[str]]()

        def put(unit: str, duty: str) -> None:
            owed.setdefault(unit, set()).add(duty)

        for number in self.numbers():
            item = do("item show", number)
            if item["state"] not in {"closed", "rejected"}:
                put(item["unit"], f"item {number}")
                for task in (item["plan"] or {"tasks": []})["tasks"]:
                    put(task["unit"], f"task {number}/{task['key']}")
        for line in do("progress owing", "2025-10"):
            put(line["unit"], f"report {line['item']}")
        for unit in units:
            for line in do("rating bad", unit=unit)["rows"]:
                put(unit, f"rating {line['rating']['transaction']}")
            for line in do("ledger awaited", unit=unit)["rows"]:
                put(line["unit"], f"response {line['item']}")
        return owed

    def numbers(self) -> list[str]:
        """Return the numbers of all items."""
        return [row["number"] for row in self.do("item list", limit="200")["rows"]]

    def december(self) -> None:
        """Star, assess, freeze late, propose, consolidate, confirm, publish."""
        do, items = self.do, self.items
        self.at("2025-12-10T10:00")
        do("timetable run")
        for name, score in (
            ("快递员工伤保障", 90), ("灵活就业参保", 75), ("夜间招聘会", 60),
            ("青年人才驿站", 75), ("欠薪快处", 50), ("企业用工直播", 60),
        ):  # fmt: skip
            self.star(name, score)
        running = items["江北零工驿站"]
        third: dict[str, str] = {"kind": "专业机构", "understanding": "就业服务"}
        experience = "评估过3项政策"
        do(
            "third-party register",
            "两江评估中心",
            parent=NEW,
            experience=experience,
            **third,
        )
        do("third-party register", "渝州评估所", experience=experience, **third)
        engaged = {
            "approach": "问卷500份",
            "staff": "负责人:教授=1",
            "kind": "第三方评估",
        }
        self.refusals["assessor below the executor"] = do.refused(
            "assessment request",
            running,
            assessor="两江评估中心",
            by="office-1",
            **engaged,
        )
        self.assess(running, assessor="渝州评估所", **engaged)
        self.at("2025-12-15T17:59")
        self.seen["at the cutoff"] = do("list preview", "2026")
        self.at("2025-12-16T10:00")
        self.star("社区就业服务", 95)
        self.at("2025-12-20T09:00")
        do("timetable run")
        self.seen["frozen"] = {
            row["key"]: row for row in do("list list", period="2026")["rows"]
        }
        self.at("2025-12-22T10:00")
        do(
            "list arrange", "list/2026/social_security", item=items["灵活就业参保"],
            rank="1", reason="群众最盼", by="head-AG-SBJ",
        )  # fmt: skip
        for name in ("灵活就业参保", "快递员工伤保障"):
            self.describe("list/2026/social_security", name, by="head-AG-SBJ")
        self.describe("list/2026/talent", "青年人才驿站", by="head-DIV-RCB")
        self.describe(f"list/2026/{WANZHOU}", "夜间招聘会", by=f"head-{WANZHOU}")
        do("list propose", "list/2026/social_security", by="head-AG-SBJ")
        do("list propose", "list/2026/talent", by="head-DIV-RCB")
        self.refusals["an area is silent"] = do.refused(
            "list consolidate", "2026", by="office-1"
        )
        do("list consolidate", "2026", silent="就业板块逾期未提")
        self.two("list confirm-all", "2026")
        self.edition(1)
        self.at("2025-12-26T10:00")
        do("timetable run")
        self.seen["phase"] = {
            row["key"]: row for row in do("list list", period="2026Q1")["rows"]
        }
        self.at("2025-12-30T10:00")
        self.two(
            "list supplement", items["社区就业服务"], list=CITY, reason="群众多次反映"
        )
        self.describe(CITY, "社区就业服务")
        self.edition(2)

    def january(self) -> None:
        """Report, cancel, correct; the organs of the ended districts stop."""
        do, items = self.do, self.items
        self.at("2026-01-06T10:00")
        self.report("江北零工驿站", NEW, "2025-12")
        self.report("渝北零工驿站", YUBEI, "2025-12")
        self.report("万州零工驿站", WANZHOU, "2025-12")
        self.rate("2025-12", RATED)
        self.two("item cancel", items["青年人才驿站"], reason="已有相同事项")
        self.edition(3)
        self.at("2026-01-12T10:00")
        do("timetable run")
        do("item amend", items["灵活就业参保"], set="标题=灵活就业人员参保服务")
        self.edition(4)
        self.at("2026-01-26T10:00")
        self.refusals["organs have ended"] = do.refused(
            "item amend", items["江北零工驿站"], set="标题=甲", by=f"op-{NORTH}"
        )
        self.at("2026-01-30T10:00")
        for name in ("江北零工驿站", "渝北零工驿站"):
            self.report(name, NEW, "2026-01")
        self.report("万州零工驿站", WANZHOU, "2026-01")
        later = {unit: count for unit, count in RATED.items() if unit not in ENDED}
        self.rate("2026-01", {NEW: RATED[NORTH] + RATED[YUBEI], **later})
        self.seen["owed at last"] = self.owed(NEW, WANZHOU)
        self.at("2026-02-09T19:00")
        do("timetable run")
        self.seen["scores"] = {
            month: do("score month", month)
            for month in ("2025-10", "2025-11", "2025-12", "2026-01")
        }

    def play(self) -> None:
        """Play the four months."""
        self.october()
        self.november()
        self.december()
        self.january()
