"""What to type for each act at a terminal, and the files that it names."""

from __future__ import annotations

#: What to type for each act after its command, but who acts; ``{screened}`` is an item.
WORDS = {
    "advice adopt": "{advised} --reason 同意 --what 甲 --unit 500101 --mended-by 2099-01-01",
    "advice decline": "{advised} --reason 不同意",
    "advice mend": "{mending} --done 已完善",
    "advice return": "{reported} --reason 补充",
    "advice verify": "{reported}",
    "appeal add": "--channel media --key A2 --who p2 --district 500101 --text 乙",
    "assessment accept": "{submitted}",
    "assessment request": "{listed} --kind legality --assessor 甲",
    "assessment return": "{submitted} --reason 补充",
    "assessment submit": "{requested} --finding 可行",
    "assessment treat": "{risky} --measures 走访 --unit 500101 --due 2099-12-31",
    "screening run": "",
    "policy register": "某部 --document 3号 --title 甲 --dated 2023-10-01 "
    "--promise 甲=12个@2099-01-01",
    "policy amend": "{policy} --title 丙",
    "policy withdraw": "{free_policy} --reason 到期",
    "measure register": "{policy} --title 丁 --area employment --unit 500101 "
    "--undertaking P2=2099-01-01",
    "measure amend": "{measure} --title 戊",
    "measure withdraw": "{measure} --reason 到期",
    "third-party amend": "{party} --parent 某集团",
    "third-party end": "{party} --reason 注销",
    "third-party register": "丙大学 --kind university --experience 有 "
    "--understanding 有",
    "item adjust": "{evaluated} --recommendation improve --grounds 整改",
    "item advise": "{assigned} --recommendation improve",
    "item amend": "{collected} --set 标题=乙",
    "item assign": "{listed} --plan {plan}",
    "item attach": "{assigned} {plan}",
    "item cancel": "{listed} --reason not_ours --second office-2 --yes",
    "item carry-over": "{executed}",
    "item close": "{adjusted} --yes",
    "item collect": "--title 甲 --origin problem --area employment --unit 500101",
    "item defer": "{starred} --reason not_this_period",
    "item evaluate": "{executed} --satisfaction 92 --method on_site --replies 40",
    "item excuse": "{assigned} --task T1 --reason 不可抗力",
    "item execute": "{assigned} --met T1",
    "item judge": "{screened} --meeting {meeting} --yes --answer wanted=是:甲 --answer "
    "permitted=是:甲 --answer capable=是:甲 --answer warranted=是:甲 --score "
    "possibility=80 --score feasibility=80 --score perceptibility=80",
    "answer give": "A1 --text 已办",
    "answer extend": "A1 --reason 须核实",
    "answer transfer": "A1 --unit DIV-JYC --reason wrong_unit",
    "answer reopen": "A3 --reason citizen_disagrees",
    "answer close": "--unit 500101",
    "answer batch": "{listed} --yes",
    "answer give-back": "media --unit 500101 --out returned.csv",
    "appeal read": "media=A1 --reason 挂接",
    "person erase": "p1 --reason 本人要求 --second office-2",
    "item link": "{collected} media=A1",
    "item merge": "{collected} --keep {screened} --yes",
    "item progress": "{assigned} --task T1 --indicator 候工区 --month 2023-10 --value 1",
    "item reject": "{collected} --reason duplicate --yes",
    "item reopen": "{rejected} --reason facts_incomplete --second office-2",
    "item respond": "{judged} --unit 500102",
    "item return": "{screened} --reason facts_incomplete",
    "item transfer": "{judged} --unit 500102 --reason wrong_unit",
    "item revive": "{deferred}",
    "item rework": "{evaluated}",
    "item screen": "{collected} --score urgency=100 --score fundamentality=100 --yes",
    "item split": "{screened} --parts {parts}",
    "item star": "{judged} --score reach=80 --score need=80 --score perceptibility=80 "
    "--score lasting=80 --expected 85 --low 80 --high 90",
    "item unlink": "{collected} media=A1",
    "item unmerge": "{merged}",
    "ledger decline": "{judged} --unit 500102 --reason lacks_means",
    "ledger reconsider": "{judged} --unit 500102 --reason 改为承接",
    "ledger drop": "{judged} --reason not_ours --second office-2",
    "list arrange": "list/2096/employment --item {listed} --rank 1 --reason 群众最盼",
    "list describe": "list/2096/employment --item {listed} --target 建成9个",
    "list leave-out": "list/2096/employment --item {listed} --reason 群众最盼",
    "list propose": "list/2096/employment",
    "list consolidate": "2096 --silent 今年不列",
    "list confirm": "list/2098/city --second office-2",
    "list confirm-all": "2098 --second office-2",
    "list drop": "list/2098/city --reason 误改",
    "list publish": "list/2098/city",
    "list open": "{opening} --second office-2",
    "list supplement": "{starred} --list list/2099/city --reason 确有必要 --second office-2",
    "meeting amend": "{meeting} --minutes 再议",
    "meeting hold": "--on {today} --chair leader-1 --participant office-1 "
    "--participant office-2 --minutes 同意 --item {free}",
    "meeting convene": "--on {today} --chair leader-1 --item {free}",
    "meeting begin": "{convened} --participant office-1 --participant office-2",
    "meeting put": "{convened} --item {free}",
    "meeting take-off": "{convened} --item {waiting}",
    "meeting call-off": "{convened} --reason 改期",
    "meeting postpone": "{meeting} --item {screened} --reason 材料不齐",
    "meeting attach": "{meeting} {ratings}",
    "meeting close": "{ended}",
    "resource state": "2024 --area 就业创业 --amount 100 --source 财政批复",
    "resource cost": "{free} --amount 60 --unit 500101 --funding 财政预算 --headcount 3",
    "proposal approve": "{proposal} --seen {seen}",
    "proposal withdraw": "{proposal}",
    "rating answer": "T1 --text 已整改",
    "rating import": "{ratings}",
    "rating object": "T1 --kind mistaken --reason 点错",
    "rating settle": "T3 --finding 属实",
    "rating verify": "T2 --finding 属实",
    "rules activate": "--second office-2",
    "clock confirm": "2023-10-09T10:00",
    "clock declare": "1 --last-record 1 --reason 慢 --second office-2",
    "score correct": "score/2023-09 --reason 补报 --second office-2",
}

FILES = {
    "opening": "year: 2097\nkind: opening\ndated: 2023-06-29\nsource: 通知 附件2\n"
    "due: 2097-12-31\ndue_source: ours\nlead_source: ours\ntitle_source: ours\n"
    "curve_source: ours\ndenominator_source: ours\narea_source: ours\ntasks:\n"
    "- {task: 1, title: 甲, text: 甲, area: employment, lead_unit: DIV-JYC,"
    " indicators: [], deliverables: [], item: STARRED}\n",
    "plan": "deliverable: 候工区\ncarrier: 市场\npath: 建设\nmethod: 采购\n"
    "satisfaction_measure: {method: on_site}\ntasks: []\n",
    "parts": "- demand: {title: 甲, origin: problem, area: employment, unit: '500101'}\n"
    "  appeals: []\n",
    "ratings": "办件编号,单位,事项,渠道,评价,时间,窗口,人员\n"
    "C2,500101,startup_grant,app,5,2023-10-02 10:00,,\n",
}
