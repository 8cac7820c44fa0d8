"""What each command and each field is for, in one line of each language."""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.acts import pairs

#: By command, its words joined by dots: what it does, if it is no single act.
COMMANDS: Final = pairs(
    """
huimin 惠民有感:从一条诉求到可以重放、可以证明的办理历史。
    People's demands, from an appeal to a history that can be replayed and proved.
init 建立数据库并启用第一版规则库;已有数据库只作升级。
    Create the database and activate the first rulebook; upgrade an existing one.
demo 推演:让2023年真实清单走完九个状态(2022-10-01至2024-02-29)。
    Rehearse the real list of 2023 through nine states (2022-10-01 to 2024-02-29).
doctor 检查本机与数据库:版本、日志方式、表结构、规则库、日历、定时服务。
    Check machine and database: versions, tables, rulebook, calendar, service.
backup 备份数据库与附件到新目录,并核验;办理照常进行。
    Back up the database and its attachments to a new folder, and verify the copy.
restore 把备份恢复到没有数据库的地方;说明备份以后还办理过什么。
    Restore a backup where no database is; say what was recorded after it.
key 个人信息的主密钥:它在数据库以外,备份里没有它。
    Master key of personal data: outside the database, in no backup.
key.check 核对主密钥打得开该库;恢复旧备份后,再次抹去早已抹去的。
    Check that the master key opens the database; erase again what came back.
key.rotate 换一个主密钥:重新封装每个数据密钥,内容不动。
    Change the master key: every data key is wrapped anew, contents stay.
next 办理事项的下一步:缺什么问什么,逐项列出可选的值。
    Take an item's next step; what is missing is asked for, with its choices.
shell 交互式操作:同样的命令,有历史与补全;Ctrl-D 退出。
    Work interactively: the same commands with history and completion; Ctrl-D ends.
whoami 您是谁:账户、岗位、单位、角色;在哪个数据库,是否推演。
    Who you are: account, post, unit, roles; which database, rehearsal or not.
permissions 权限表:哪个角色可办哪些步骤与事务,对谁的事项。
    Rights: which role may take which steps and duties, on whose items.
item 事项:从采集到办结的每一步;列出、查看、看历史。
    Items: every step from collection to the end; lists, histories.
appeal 诉求:登记一条;查看一条办到了哪一步。
    Appeals: add one; see what was done about one.
gather 归并:哪些诉求说的是同一问题;自动归并、请人确认、撤销,反复反映的问题。
    Gathering: which appeals tell of one problem; proposals, undoing, repeats.
point 直报点:开设、变更、撤销,覆盖与静默。
    Direct-report points: set up, change, close; coverage and silence.
screening 筛选台:待筛选的事项,立即列出并存档,历次定期筛选。
    Screening desk: what waits to be screened, and the rounds drawn up.
appeal.import 导入诉求文件(xlsx、xls、csv、jsonl,可压缩为 .gz);坏行另存,可反复导入。
    Import a file of appeals (xlsx, xls, csv, jsonl, or .gz); bad rows are kept apart.
appeal.export 导出诉求(csv、jsonl、xlsx):渠道、编号、时间、地点;没有来访人与内容。
    Export appeals (csv, jsonl, xlsx): channel, key, time, place; no person, no text.
appeal.profile 按文件的表头与前几行拟一份列对照(YAML),供核对后使用。
    Propose a profile (YAML) for a file from its header and its first rows.
answer 诉求答复:待答复的、期限、答复、移交、批量告知、答复率。
    Answers to appeals: what waits, deadlines, answers, transfers, rates.
feed 数据共享回流:登记、导入、断供与停用;各单位手工与回流的数各几个。
    Feeds of figures from other systems: register, import, what is missed, shares.
feed.import 导入一个回流送来的文件(csv、xlsx、jsonl);不收的行另存,可反复导入。
    Import a file of a feed (csv, xlsx, jsonl); refused rows are kept apart.
policy 政策:登记、更正、停止执行,与措施的执行对照。
    Policies: register, amend, withdraw, and comparisons with measures.
measure 政策措施:登记、更正、停止执行,对照承诺、进展、投诉、满意度。
    Measures of policies: register, amend, withdraw; how promises are kept.
meeting 专题论证会议。
    Deliberations.
assessment 四种评估:委托、提交、采信、退回、高风险的处置。
    Four kinds of assessments: request, submit, accept, return, treat a risk.
resource 可用资源与事项成本(量力而行)。
    Resources of a period, and costs of items.
third-party 评估机构名册:登记、更正、终止。
    Register of third parties: register, amend, end.
ledger 台账:民生需求台账、各单位的响应。
    Ledgers: demands, and what units respond to them.
forecast 预估执行效度与实际效度的比较。
    Forecasts of effectiveness beside what was measured.
board 好评榜、差评榜:查看、公布、更正、仍在榜的事项。
    Boards of each quarter: show, publish, correct, open entries.
burden 基层负担:各单位每月手工填报、上传、被检查。
    Burden of the units: entries by hand, uploads, checks of a month.
digest 月报、季报:查看、下载、更正、再发、送达情况。
    Digests: show, files, correct, send again, whom they have reached.
review 调度会:召集、召开、纪要、材料。
    Review meetings: call, hold, minutes, pack.
decision 调度决定:责任、期限、催办、报告、认定。
    Decisions of review meetings: owner, due day, reminder, report, finding.
order 督查督办:登记、催办、答复、退回、销号。
    Supervision orders: record, remind, answer, return, discharge.
engagement 第三方评估项目:委托、进场、报告、更正、意见的回应。
    Engagements of third parties: plan, field, report, findings, answers.
spot-check 抽查:双方随机数定种子、按风险抽取、检查、公开、回应。
    Spot checks: sealed draws by two secrets, findings, answers.
task 任务:退回与处理、单位年度任务。
    Tasks: sent back and settled; a unit's year.
rectification 整改:启动、提交、验收、退回、逐级督办、签收。
    Rectifications: open, submit, accept, return, escalate, acknowledge.
practice 好经验:列入、撤回、查看。
    Good practices: put on the shelf, withdraw, show.
replication 复制推广:推荐、催办、采纳与否、收回、对比效果。
    Replications: propose, remind, adopt or decline, recall, compare the effect.
advice 动态调整建议:依据、采纳与否、完善情况。
    Advice on running measures: grounds, decision, mending.
survey 满意度调查:抽样、收集答卷、结束、核对。
    Surveys of satisfaction: draw, collect, close, check.
survey.answer 导入答卷(csv、xlsx、jsonl);不合格的行另存,其余记入。
    Import answers (csv, xlsx, jsonl); refused rows are kept apart.
list 清单:查看、预览、增补、确认、发布。
    Lists: show, preview, supplement, confirm, publish.
bulk 批量办理:填一张表,试算一次,确认一次;每项各记一条。
    Many at once: one sheet, one trial, one confirmation; an event each.
bulk.template 导出批量办理的表(xlsx):等着您办的事项已列好。
    Write a sheet (xlsx) with what waits for you, to be filled in.
bulk.do 按填好的表(xlsx、csv)办理;先用 --dry-run 试算,得到核对码。
    Do what a filled sheet (xlsx, csv) says; --dry-run shows it and a check code.
person 抹去一个人的个人信息。
    Erase the data of a person.
proposal 两人办理的事:查看待复核、复核、撤回。
    Acts of two people: what waits, approve, withdraw.
progress 月度进展:对照计划曲线的快慢、催报名单、填报表的导出与导入。
    Monthly progress: pace against the plan, who owes a report, sheets.
progress.template 导出某月的填报表(xlsx),已知的都填好。
    Write a month's sheet (xlsx), filled in as far as known.
progress.import 导入填好的表(xlsx、csv);有一处不对就都不记入。
    Import a filled sheet (xlsx, csv), wholly or not at all.
rating 好差评:导入、统计、覆盖情况、减负成效、差评整改。
    Ratings of services: import, counts, coverage, savings, follow-ups.
score 评价:月度指数、五色图、季度榜单;每个数都能拆到来源。
    Scores: monthly index, five colors, quarterly ranking; all explained.
report 报告页面:月、季、全站;单个文件即可打开,不联网。
    Pages: month, quarter, site; each is a file that needs no network.
report.site 全部清单、月、季、进展、服务事项页面与目录页。
    Write all pages and an index.
report.cockpit 驾驶舱页面:大数字、五色图、需要过问的事、事项在哪一步、诉求、到期。
    Write the cockpit: figures, colors, concerns, states of items, appeals, due days.
report.month 某月的五色图页面。
    Write the page of a month's five colors.
report.own 按自己的模板写一页;模板只拿到事项、单位、清单等数据,在沙箱里运行。
    A page by your own template, which gets plain values and runs in a sandbox.
report.quarter 某季的榜单页面。
    Write the page of a quarter's ranking.
report.progress 某月的进展页面:各项任务对照计划。
    Write the page of a month's progress against the plans.
report.services 某年的服务事项页面:目录、减负成效、评价覆盖、差评处置。
    Write the page of a year's services: catalogue, savings, coverage, follow-ups.
report.list 一份清单的页面,如 list/2024/city。
    Write the page of a list, such as list/2024/city.
report.item 一个事项的全部历史。
    Write the page of an item's history.
rules 规则库:检查、启用、查看。
    Rulebook: check, activate, show.
rules.check 整体检查 config/,指出文件、行、键、值与改法。
    Check config/ as a whole; name file, line, key, value and remedy.
timetable 时间表:有哪些作业、何时到期、做过什么。
    Timetable: jobs, when they are due, what they did.
timetable.list 时间表上的作业。
    List the jobs of the timetable.
timetable.due 已到期未做的,与接下来的。
    List the jobs that are due, and the next ones.
timetable.status 作业台账:每个(作业,期)一行;失败未了的与各作业的下一期另列。
    Ledger of jobs: a line for each job and period; open failures; next periods.
timetable.run 立即做完所有已到期的作业;有失败的,其余照做。
    Run all due jobs now; after a failure the rest are run.
changes 变更:供其他系统按位置读取,不缺不重。
    Changes for other systems, by position and without gaps.
outbox 投递:把变更投到文件、邮箱、网络回调;失败的重投或放弃。
    Deliveries of changes to files, mail and webhooks; what failed is sent again.
outbox.send 立即投递一次到期的;有失败的退出码为1。
    Send once what is due; exit 1 after a failure.
clock 时钟:是否可信,确认时间,认定走错的一段。
    Clock: whether it is trusted, confirm the time, declare a wrong span.
scheduler 无人值守的定时服务;SIGTERM 或 Ctrl-C 结束。
    Serve the timetable unattended; SIGTERM or Ctrl-C ends it.
desk 网页工作台:按打印的地址用浏览器打开;Ctrl-C 结束。link 取一次性登录链接。
    Pages and forms for a browser; Ctrl-C ends it. link fetches a one-time link.
audit 审计:核验全部历史,重放任一历史;只读。
    Audit: verify all histories, replay any; read-only.
audit.verify 核验全部历史、现状、数据行;有异常则指明位置。
    Verify all histories, states and rows; each finding has its place.
audit.replay 从历史重放一个事项或任一历史(如 list/2024/city),并与现状逐列比对。
    Replay a history, such as list/2024/city, and compare it with its row.
drafts 被拒绝的输入:逐条列出,改正后可再用。
    List refused input, to be corrected and used again.
"""
)
