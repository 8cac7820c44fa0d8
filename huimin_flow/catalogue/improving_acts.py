"""What acts and questions of tasks, results, improvement do, in both languages."""

from __future__ import annotations

from typing import Final

#: As ``acts.ACTS``: a line of each language for what is carried out and judged.
IMPROVING_ACTS: Final = """\
forecasts.cases 评价过的事项:预估执行效度与实际效度并列。
    Forecasts of evaluated items beside what was measured.
forecasts.calibration 效度校准:各单位的预估高估、低估、在区间内各几件。
    How forecasts of each unit compare with results: over, within, under.
feeds.status 列出数据共享回流:来源、责任单位、最近取数,是否按时。
    List the feeds: source, who answers for them, newest figure, fresh or missed.
feeds.get 查看一个回流:来源、供给哪些指标或业务量,是否断供。
    Show a feed: source, what it supplies, and whether it is missed.
feeds.figures 一个回流送来的各个数:取数时间、到达时间、第几批。
    Figures that a feed has brought: measured when, arrived when, in which batch.
feeds.business 某月各单位各服务事项的业务量,注明由哪个回流、何时取数。
    Business of units by service item in a month: its feed, measured when.
feeds.shares 某月各单位的数有几个手工填报、几个回流。
    Figures of a month by unit: how many by hand, how many fed.
feeds.register 登记回流:来源系统、责任单位、方式、供给什么、时效。
    Register a feed: its source, who answers for it, what it supplies, how fresh.
feeds.amend 变更回流的名称、来源、方式、时效或所供指标。
    Change a feed: its name, source, way, freshness or indicators.
feeds.deliver 送入一批回流的数;旧数、来路不明的数逐个说明不收的原因。
    Deliver figures of a feed; each one that is not kept is named with its reason.
feeds.end 停用回流,写明理由;此后由责任单位手工填报。
    End a feed, with the reason; its figures are then reported by hand.
advice.list 列出动态调整建议及其依据、决定与完善情况。
    List advice on running measures: grounds, decision, mending.
advice.count 建议数:符合条件的有几条。
    Number of pieces of advice: how many fit.
advice.get 一条动态调整建议:依据、决定、完善情况。
    Show advice on a running measure: grounds, decision, mending.
advice.adopt 采纳建议;“调整完善”的写明完善什么、由谁、何时之前。
    Adopt advice; to improve it says what, by whom, until when.
advice.decline 不采纳建议,写明理由。
    Decline advice with the reason.
advice.mend 责任单位报告完善情况,附上佐证。
    Report as mended what was decided, with evidence.
advice.verify 核实完善情况。
    Verify what was reported as mended.
advice.return_ 退回完善情况,写明理由。
    Return what was reported as mended, with the reason.
boards.list 各季的好评榜、差评榜,包括待公布的。
    Boards of all quarters, drafts among them.
boards.count 有几个季度的双榜。
    Number of quarters with boards.
boards.get 一个季度的好评榜、差评榜现在的样子,附每条依据。
    Show a quarter's boards as they stand, with each ground.
boards.published 一个季度已公布的双榜,或以前的一版。
    Show a quarter's boards as published, or an earlier edition.
boards.periods 已公布双榜的季度。
    Quarters whose boards are published.
boards.bad_entries 仍在差评榜上的事项:整改认可以后才离榜。
    Items on the bad board, until a rectification is accepted.
boards.late 截点以后才知道的事会怎样改变双榜。
    What became known after the cut, and would change the boards.
boards.publish 公布一个季度的双榜,由两人看过内容后办理。
    Publish a quarter's boards, by two people who saw them.
boards.correct 按现在所知更正双榜,公布下一版,由两人办理。
    Correct a quarter's boards by a new edition, by two people.
orders.list 列出督查督办:谁要求什么、何时之前、办到哪一步。
    List supervision orders: what is demanded, until when, how it stands.
orders.count 督办数:符合条件的有几件。
    Number of supervision orders: how many fit.
orders.get 一件督办:要求、答复、佐证、销号。
    Show a supervision order: demand, answer, evidence, discharge.
orders.receive 登记督查督办:机关、文号、日期、要求、期限。
    Record an order: authority, number, day, demand, due day.
orders.remind 催办还没有答复的督办。
    Remind the unit of an order that it has not answered.
orders.answer 责任单位答复督办,附上佐证。
    Answer an order for the item's unit, with evidence.
orders.return_ 来文机关不满意的,退回重办,写明理由。
    Return an answer with which the authority is not content.
orders.discharge 来文机关认可后销号,写明如何认可。
    Discharge an order when the authority is content.
orders.withdraw 登记有误或来文机关收回的,撤回,由另一人办理。
    Withdraw an order that is recorded wrongly or taken back.
surveys.list 列出满意度调查:样本、答卷与结果。
    List surveys of satisfaction: sample, answers and result.
surveys.count 满意度调查数:符合条件的有几项。
    Number of surveys: how many fit.
surveys.get 一项满意度调查:样本、种子、名册摘要、结果。
    Show a survey: sample, seed, digest of its list of people, result.
surveys.sample 调查的样本:抽中的代号,谁已答。
    Sample of a survey: the drawn codes, and who has answered.
surveys.redraw 以名册和种子重抽一遍,与记录的样本核对。
    Draw a sample again from its list and seed, to compare it with the record.
surveys.draw 抽样:任务执行完成后,从名册(全部服务对象的代号)中抽取。
    Draw a sample from the codes of all people served, when the tasks have ended.
surveys.add_answers 记入答卷:一个代号一份,只收抽中的。
    Keep answers: one a code, only of the sample.
surveys.close 结束调查:有效答卷达到约定数才能结束。
    Close a survey: it needs as many valid answers as agreed.
surveys.set_aside 把一份答卷作废,写明理由;由抽样人以外的人办理。
    Set an answer aside with the reason; another than who drew the sample does it.
surveys.call_off 调查作废,写明理由;由抽样人以外的人办理。
    Call a survey off with the reason; another than who drew the sample does it.
engagements.list 列出第三方评估项目:谁评、评什么、办到哪一步。
    List engagements of third parties: who judges what, how they stand.
engagements.count 评估项目数:符合条件的有几个。
    Number of engagements: how many fit.
engagements.get 一个评估项目:方案、人员、样本、报告、意见与回应。
    Show an engagement: plan, staff, sample, report, findings, answers.
engagements.files 评估项目的附件:报告、更正后的报告。
    List the files of an engagement: its report, and corrected ones.
engagements.sample 评估项目的样本:抽中的代号。
    Sample of an engagement: the drawn codes.
engagements.redraw 以名册和种子重抽一遍,与记录的样本核对。
    Draw an engagement's sample again from its list and seed, to compare.
engagements.plan 委托评估项目:哪个机构、评哪些约定效果、方案、期限。
    Plan an engagement: which organization, which outcomes, how, until when.
engagements.enter 评估进场:人员按职责计数,从名册抽取样本。
    Record that the evaluator is in the field: staff by role, sample drawn.
engagements.attach 上传评估报告。
    Attach the report of an engagement.
engagements.report 记入评估报告:各项约定效果的结果、逐条意见。
    Record the report: results of the agreed outcomes, and findings.
engagements.correct 更正评估报告,写明理由,由另一人办理;依据它的评价存疑。
    Correct a report; the evaluation that rests on it is in doubt.
engagements.answer 责任单位回应一条意见:措施、责任单位或岗位、期限。
    Answer a finding by an action: what, owner, due day.
engagements.decline 责任单位不采纳一条意见,写明理由。
    Decline a finding, with the reason.
engagements.complete 报告一条意见的措施办结,附上佐证。
    Report the action of a finding as done, with evidence.
engagements.follow 认定各条意见都已回应,由回应人以外的人办理。
    Accept that each finding is answered; another than who answered does it.
engagements.call_off 取消还没有报告的评估项目,写明理由。
    Call off an engagement without a report, with the reason.
rectifications.list 列出整改:为什么、期限、办到哪一步、逾期几个工作日。
    List rectifications: why, until when, how they stand, how late.
rectifications.count 整改数:符合条件的有几件。
    Number of rectifications: how many fit.
rectifications.get 一件整改:事由、做了什么、谁验收、依据哪些数、督办到哪一级。
    Show a rectification: cause, what was done, who accepted it, on what.
rectifications.accepted_for 某事项某季度列入差评榜后验收了的整改。
    Accepted rectifications of an item's entry on the bad board.
rectifications.open 启动差评榜事项或被督办事项的整改。
    Open the rectification of an item on the bad board or under an order.
rectifications.open_listed 为差评榜上还没有整改的每件事项启动整改,每天一次。
    Open a rectification for each item of the bad board that has none, once a day.
rectifications.submit 责任单位提交整改,附上佐证。
    Submit what was put right for the item's unit, with evidence.
rectifications.accept 责任单位以外的人验收整改,须有新报的数和群众评价。
    Accept what another unit put right, after figures and citizens' word.
rectifications.return_ 退回整改,写明理由,另给期限。
    Return what was submitted, with the reason and more days.
rectifications.escalate 逾期的整改逐级督办,到哪一级都有记录。
    Record the rungs of the ladder that overdue rectifications have reached.
rectifications.acknowledge 签收督办到本岗位的整改。
    Acknowledge the rungs that concern one's own post.
practices.list 列出好经验:做法、惠及对象、实测效果、依据的双榜。
    List good practices: what was done, for whom, measured effect, its board.
practices.count 好经验数:符合条件的有几条。
    Number of good practices: how many fit.
practices.get 一条好经验:做法、惠及对象、实测效果、依据。
    Show a good practice: what was done, for whom, measured effect, grounds.
practices.shelve 把好评榜上的事项列为好经验,写明做法与惠及对象。
    Put an item of the good board on the shelf: what was done, for whom.
practices.withdraw 撤回好经验,写明理由;待答复的推荐一并收回。
    Withdraw a practice with the reason; its open proposals are recalled.
replications.list 列出复制推广:推荐给谁、期限、采纳与否、效果对比。
    List replications: to whom, until when, adopted or not, effect compared.
replications.count 复制推广数:符合条件的有几件。
    Number of replications: how many fit.
replications.get 一件复制推广:好经验、单位、答复、由此立的事项、效果对比。
    Show a replication: practice, unit, answer, the unit's item, effect compared.
replications.propose 把好经验推荐给另一个单位。
    Propose a practice to another unit.
replications.remind 催办还没有答复的推荐。
    Remind the unit of a proposal that it has not answered.
replications.adopt 本单位采纳:由响应立为本单位的事项。
    Adopt a practice: it becomes the unit's own item, by its response.
replications.decline 本单位不采纳,写明理由。
    Decline a practice with the reason.
replications.recall 收回还没有答复的推荐,写明理由。
    Recall a proposal that is not answered, with the reason.
replications.compare 推广的事项评价以后,与好经验对比效果。
    Compare the effect with that of the practice, after the evaluation.
burden.of 基层负担:某月各单位手工办了几件、上传几份、被要求几项,手工与回流的数。
    Burden of a month by unit: acts, uploads, checks, figures by hand and fed.
burden.price 新规则库的负担:每月比启用中的多要填几个数、几项、传几份、办几件。
    Price of a rulebook: fields, files, checks a month more than the active one.
digests.list 各单位的月报、季报:默认最近一期;写明单位的列出该单位各期。
    List the digests of units: the newest, or all of a period or a unit.
digests.get 一个单位一期的月报或季报;写 --into 的存为 html、docx、json。
    Show a unit's digest of a period; --into writes it as html, docx and json.
digests.editions 一期月报或季报的各版。
    All editions of a period's digests.
digests.periods 有月报、季报的各期。
    Periods that have digests.
digests.reached 一期月报或季报投递到了哪些单位。
    Which units a period's digests have reached.
digests.reissue 按现在所知更正一期月报或季报,另出一版,发给内容有变的单位。
    Issue a corrected edition of a period's digests to whom it changes.
digests.send 把一个单位的月报或季报再发一次。
    Send a unit its digest of a period once more.
reviews.list 列出调度会:日期、主持人、到会、办到哪一步。
    List review meetings: day, chair, attendance, how they stand.
reviews.count 调度会数:符合条件的有几次。
    Number of review meetings: how many fit.
reviews.get 一次调度会:日期、主持人、到会、纪要。
    Show a review meeting: day, chair, attendance, minutes.
reviews.files 调度会的纪要与材料。
    List the minutes and papers of a review meeting.
reviews.pack 调度会材料:各单位迟办、欠办的,以往决定办得怎样。
    Show the pack: what units are late with and owe, how decisions turned out.
reviews.digest 月报、季报:各单位迟办了什么、欠办什么、办好了什么。
    Digest of a month or quarter by unit: what was late, owed, and went well.
reviews.call 召集调度会:日期、主持人。
    Call a review meeting: day, chair.
reviews.hold 记为已召开:到会的岗位;主持人有变的写明。
    Record that it is held: who attends, and who chairs if not as planned.
reviews.attach 上传调度会纪要。
    Attach the minutes of a review meeting.
reviews.close 办结调度会;须有纪要。
    Close a review meeting that has its minutes.
reviews.call_off 取消没有召开的调度会,写明理由。
    Call off a review meeting that was not held, with the reason.
decisions.list 列出调度决定:谁、何时之前、办什么、办到哪一步。
    List decisions: who does what until when, how it stands.
decisions.count 调度决定数:符合条件的有几条。
    Number of decisions: how many fit.
decisions.get 一条调度决定:责任、期限、报告、佐证、认定。
    Show a decision: owner, due day, report, evidence, finding.
decisions.files 一条调度决定的附件。
    List the files of a decision.
decisions.decide 记入调度会的决定:责任单位或岗位、事项、期限。
    Record a decision of a held review meeting: owner, what, due day.
decisions.remind 催办还没有报告办结的决定。
    Remind the owner of a decision that is not reported as done.
decisions.attach 为决定上传佐证。
    Attach evidence to a decision.
decisions.report 责任单位或岗位报告办结,附上佐证。
    Report a decision as done, with evidence.
decisions.accept 认定办结。
    Accept a decision as done.
decisions.return_ 没有办到的,退回再办,写明理由。
    Return what is not done yet, with the reason.
decisions.drop 不必再办的,撤销决定,写明理由。
    Drop a decision that is not to be done any more, with the reason.
tasks.sheet 某月各项任务的进展:超前、按期还是滞后,差几天。
    Pace of a month's tasks: ahead, on time or behind, and by how many days.
tasks.owing 某月还没有报送的任务,按单位。
    Tasks without a month's report, by unit.
tasks.calls 征集与催报点名的未报任务;可只看一个月。
    Calls for progress: the tasks that they named; of a month or all.
tasks.months 有任务在执行的月份,从最早到最近。
    Months in which tasks ran, from the first to the last.
tasks.report 报送一个指标的月度进展;再报即更正。
    Report a month's figure; a further report corrects it.
items.coverage 各任务的目标合计够不够事项自己的目标,差在哪里。
    Whether an item's tasks reach its own targets, and what they lack.
items.reassign 调整一项任务的责任单位、目标或时限,写明理由。
    Change a task's unit, targets or due day, with the reason.
tasks.returns 列出退回的任务:理由、处理期限、如何处理;新事项的在前。
    List the tasks that were sent back: reason, last day, how they were settled.
tasks.count_returns 退回数:符合条件的有几件。
    Number of tasks that were sent back: how many fit.
tasks.returned 一件任务退回:理由、处理期限、如何处理。
    Show a task that was sent back: reason, last day, how it was settled.
tasks.returns_by_unit 某年各单位退回几项任务,调整、维持、逾期处理各几项。
    Tasks that each unit sent back in a year: reassigned, retained, settled late.
tasks.year 某单位某年的全部任务:事项、目标、进度、期限、退回与免除。
    All tasks of a unit in a year: items, targets, progress, due days, standing.
tasks.return_ 责任单位把任务退回牵头单位,写明理由;处理之前其目标不计。
    Send a task back to the lead unit, with the reason; it doesn't count meanwhile.
tasks.retain 维持原分工:退回的任务仍由该单位负责,写明理由。
    Retain a task that was sent back: it stays with its unit, with the reason.
tasks.excuse 上级免除一项任务,由其本人办理。
    Excuse a task; the superior does it in person.
spot_checks.list 列出已完成与已作废的抽查;可只看查到某单位的。
    List spot checks that are done or void, also those of one unit.
spot_checks.mine 列出全部抽查,包括进行中的;只给办理抽查的人看。
    List all spot checks, also under way; for those who make them.
spot_checks.get 查看一次已完成或已作废的抽查。
    Show a spot check that is done or void.
spot_checks.view 一次已公开的抽查:承诺、总体、抽中的、检查结果。
    Show a public spot check: commitments, population, draw, findings.
spot_checks.show 查看一次抽查:承诺、总体、抽中的、检查结果、期限。
    Show a spot check: commitments, population, draw, findings, deadlines.
spot_checks.record 抽取记录:任何人可据此不用本系统重做抽取。
    Record of a draw: anybody can repeat the draw with it, without this system.
spot_checks.plan 计划一次抽查;完成之前只有办理双方可见,作废的可重抽。
    Plan a spot check, hidden until it is done; or repeat a void one.
spot_checks.secret 生成随机数并承诺:随机数只显示这一次,系统只存其摘要。
    Make a secret and commit to it; it is shown this once, only its digest is kept.
spot_checks.commit 承诺:交出自备随机数的SHA-256,固定总体之前可以另交。
    Commit to a secret of your own by its SHA-256; until the cut it may be replaced.
spot_checks.cut 固定总体:此刻可抽查的任务与窗口、各层件数、抽取件数。
    Fix the population: tasks and windows, their strata, the sample sizes.
spot_checks.reveal 揭示:交出承诺时的随机数,不符的不收。
    Reveal the secret of the commitment; another one is refused.
spot_checks.draw 抽取:种子为双方随机数的SHA-256,各层按摘要排序取前几件。
    Draw by both secrets: in each stratum those with the lowest digests.
spot_checks.void 作废:一方逾期不揭示,或固定总体之前写明理由不办。
    Declare void: a party didn't reveal in time; or call it off before the cut.
spot_checks.attach 上传检查佐证;完成之前同样不公开。
    Attach evidence, which is hidden as the spot check is.
spot_checks.find 记录检查结果:查无问题的也要记;完成之前可以重记。
    Record a finding, also that nothing is wrong; until it is done it may change.
spot_checks.finish 完成抽查:公开,通知被查单位,检查结果计入当月指数。
    Finish a spot check: it becomes public, and its findings count.
spot_checks.answer 被查单位回应检查结果。
    Answer a finding as the checked unit.
spot_checks.correct 更正检查结果的轻重,或撤回(无问题);须两人。
    Correct the severity of a finding, or withdraw it; by two people.
"""
