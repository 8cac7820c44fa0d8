"""Why what is carried out is judged so, and why a step of it may not be taken."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class AdviceCode(ReasonCode):
    """A ground of advice, or a reason why a step of it may not be taken."""

    PROGRESS_REACHES = """progress_reaches
    {indicators}项指标中{on_plan}项按计划推进,{score}%,达到{mark}%
    {on_plan} of {indicators} indicators on plan: {score}%, at least {mark}%"""
    PROGRESS_BEHIND = """progress_behind
    {indicators}项指标中{on_plan}项按计划推进,{score}%,低于{mark}%
    {on_plan} of {indicators} indicators on plan: {score}%, below {mark}%"""
    PROGRESS_UNKNOWN = """progress_unknown 没有可量化的指标,进度缺
    there is no indicator, so progress is not known"""
    SATISFACTION_REACHES = """satisfaction_reaches
    满意度{score}%(来源:本单位服务事项好差评{ratings}件),达到{mark}%
    satisfaction {score}% ({ratings} ratings of its services), at least {mark}%"""
    SATISFACTION_LOW = """satisfaction_low
    满意度{score}%(来源:本单位服务事项好差评{ratings}件),低于{mark}%
    satisfaction {score}% ({ratings} ratings of its services), below {mark}%"""
    SATISFACTION_UNKNOWN = """satisfaction_unknown
    满意度缺:本单位服务事项好差评{ratings}件,不足{least}件
    satisfaction is not known: {ratings} ratings of its services, {least} needed"""
    COMPLAINTS_FEW = """complaints_few
    分解任务以来投诉{complaints}件({people}人),少于{mark}件
    {complaints} complaints ({people} people) since its tasks began, below {mark}"""
    COMPLAINTS_MANY = """complaints_many
    分解任务以来投诉{complaints}件({people}人),达到{mark}件
    {complaints} complaints ({people} people) since its tasks began, {mark} or more"""
    ADVICE_OPEN = """advice_open 建议“{advice}”尚待决定,不能另提建议
    → 请先由专班办公室决定该建议(huimin advice adopt、decline)
    the advice {advice} is not decided yet
    → let the office decide it first (huimin advice adopt, decline)"""
    ADVICE_UNFIT = """advice_unfit 现有依据未达标,不能建议“{recommendation}”
    → 请建议调整完善或停止实施;数据有误的先更正
    a ground is below its mark, so the recommendation cannot be: {recommendation}
    → recommend to improve or to stop, or correct wrong figures first"""
    UNPROVEN = """replication_unproven 进度或满意度缺,不能建议复制推广
    → 请建议继续实施或调整完善,有了数据再建议复制推广
    progress or satisfaction is not known, so it cannot be replicated
    → recommend to continue or to improve until there are figures"""
    NOT_THE_OFFICE = """not_the_office “{unit_name}”不能决定建议;由专班办公室决定
    → 请由专班办公室的岗位办理
    {unit_name} does not decide on advice; the office does
    → let a post of the office do it"""
    MENDING_NEEDED = """mending_needed 采纳“调整完善”的,须写明完善什么、由谁、何时之前
    → 请写明完善内容、责任单位和期限
    who adopts the advice to improve says what is to be mended, by whom, until when
    → name what, unit and last day"""
    MENDING_UNFIT = """mending_unfit 建议为“{recommendation}”,没有要完善的内容
    → 请去掉完善内容、责任单位和期限;需要完善的,请重新提出“调整完善”的建议
    the advice is to {recommendation}, so nothing is to be mended
    → leave out what, unit and last day; or advise anew to improve"""
    UNTIL_PAST = """mending_until_past 完善期限{until}早于今日 → 请把期限改为今日或以后
    the last day {until} is in the past → set it to today or later"""
    MENDING_OPEN = """mending_open 还有要完善的没有核实:{advice},不能办结
    → 请先由责任单位报告完善情况,再由专班办公室核实(huimin advice mend、verify)
    what is to be mended is not verified yet: {advice}
    → let the unit report it, and the office verify it (huimin advice mend, verify)"""
    MEASURE_STOPPED = """measure_stopped 已采纳停止实施的建议“{advice}”,不能接续
    → 情况有变的,请先重新提出建议并由专班办公室采纳
    the advice {advice} to stop was adopted, so nothing continues it
    → if things have changed, advise anew and let the office adopt it"""
    INTERIM_COUNTED = """interim_counted
    接续自{parent}:其结果{result}分占{weight}%,本次评分{score}分
    it continues {parent}, whose result {result} is {weight}% of it; scored {score}"""
    PARENT_STOPPED = """parent_stopped 所接续的事项{parent}已采纳停止实施的建议
    → 情况有变的,请对事项{parent}重新提出建议,由专班办公室采纳后再办
    the advice to stop {parent}, which it continues, was adopted
    → if things have changed, advise on {parent} anew and let the office adopt it"""
    FILE_UNKNOWN = """mending_file_unknown 事项{item}没有摘要为“{given}”的附件
    → 请先用 huimin item attach 上传,再写明摘要
    item {item} has no attachment with digest {given}
    → attach it with huimin item attach, then name its digest"""


class OrderCode(ReasonCode):
    """Why a step of a supervision order may not be taken."""

    NOT_THE_OFFICE = """order_not_the_office
    “{unit_name}”不能登记、催办、销号督办;由专班办公室办理
    → 请由专班办公室的岗位办理
    {unit_name} does not record, remind or discharge orders; the office does
    → let a post of the office do it"""
    ITEM_ENDED = """order_item_ended 事项{item}{state},不能登记督办
    → 请登记到接续或回应它的事项;结案有误的先 huimin item reopen
    item {item} is {state}, so no order can be recorded on it
    → record it on the item that follows it, or reopen it (huimin item reopen)"""
    ITEM_MERGED = """order_item_merged 事项{item}已并入{into},不能登记督办
    → 请登记到事项{into}
    item {item} was merged into {into}, so no order can be recorded on it
    → record it on {into}"""
    RECORDED_ALREADY = """order_recorded_already
    {authority}的{document}已登记为{order}(事项{item})
    → 请查看{order};文号有误的请核对来文
    {document} of {authority} is recorded already: {order} (item {item})
    → look at {order}, or check the number of the paper"""
    ISSUED_LATER = """order_issued_later 发文日期{day}晚于今日({today})
    → 请核对来文的日期
    the paper is of {day}, later than today ({today})
    → check the day of the paper"""
    DUE_BEFORE_ISSUED = """order_due_before_issued 期限{due}早于发文日期{day}
    → 请核对来文;没有写期限的不填
    due on {due}, before the paper is issued ({day})
    → check the paper; leave out a day that it does not name"""
    DUE_PAST = """order_due_past 期限{due}早于今日 → 请改为今日或以后
    the due day {due} is in the past → set it to today or later"""
    EVIDENCE_NEEDED = """order_evidence_needed 答复事项{item}的督办须附佐证
    → 请先 huimin item attach {item} 上传,再写明附件的摘要
    an order about item {item} is answered with evidence
    → attach it with huimin item attach {item}, then name its digest"""
    ORDER_OPEN = """order_open 还有没有销号的督办:{orders},不能办结
    → 请先由责任单位答复(huimin order answer),再由专班办公室销号(huimin order discharge)
    supervision orders are not discharged yet: {orders}
    → let the unit answer (huimin order answer), and the office discharge them"""


class FeedCode(ReasonCode):
    """What is wrong with a feed, with a figure that it brings, or with its pull."""

    KEY_UNFIT = """feed_key_unfit 回流代号“{given}”不对
    → 请用小写字母开头,只含小写字母、数字、短横线,最多40位,如 jobs-center
    {given} is no key of a feed
    → use a-z, 0-9 and hyphens, a letter first, at most 40, such as jobs-center"""
    TWICE = """feed_twice 已有回流“{feed}” → 请另取代号;停用的代号不再用
    there is a feed {feed} already → choose another key; that of an ended one stays"""
    INDICATOR_FED = """feed_indicator_fed “{indicator}”已由回流{feed}提供
    → 一个指标只有一个在用的回流;请先停用{feed}(huimin feed end)
    {indicator} is supplied by the feed {feed} already → end {feed} first"""
    NOT_FEEDABLE = """feed_not_feedable “{indicator}”是成果,须附佐证,不能回流
    → 请由责任单位报送并附佐证
    {indicator} is a milestone, which needs evidence, so no feed supplies it
    → let the unit report it with its evidence"""
    NOT_A_FLOW = """feed_not_a_flow “{indicator}”不是当月新增,不能按累计数回流
    → 请去掉“累计”,报送各月的数
    {indicator} is no flow, so it has no running total → deliver each month's figure"""
    IS_FED = """feed_is_fed “{indicator}”由回流{feed}提供,不手工填报
    → 数据有误的,写明更正理由再报;不再回流的,先停用(huimin feed end)
    {indicator} is supplied by the feed {feed}, not by hand
    → to correct it, state the reason; if it comes no more, end the feed first"""
    SOURCE_STATED = """feed_source_stated 来源与取数时间由回流记入,报送时不写
    → 请去掉这两项;回流的数用 huimin feed import 导入
    feed and measured_at are set by a delivery, not by a report
    → leave them out, or deliver the figure through its feed"""
    NOT_FED = """feed_not_fed “{indicator}”没有在用的回流,不需要更正理由
    → 请去掉更正理由;再报即更正
    {indicator} has no open feed, so its figure needs no reason to correct it
    → leave the reason out: a further report corrects the figure"""
    OTHER_FIGURE = """feed_other_figure 回流{feed}提供{known},不提供“{given}”
    → 请写其中之一:{known}
    the feed {feed} supplies {known}, not {given} → name one of them: {known}"""
    FIGURE_INCOMPLETE = """feed_figure_incomplete 回流{feed}的数缺:{fields}
    → 请补上这几项
    a figure of the feed {feed} lacks: {fields} → add them"""
    SERVICE_UNKNOWN = """feed_service_unknown 没有服务事项“{given}”
    → 请写服务事项目录中的代码或名称(huimin rating items)
    there is no service item {given} → see huimin rating items for the catalogue"""
    OTHER_UNIT = """feed_other_unit 回流{feed}只提供本单位的业务量,不含{unit}
    → 请改由全市的回流提供,或去掉这一行
    the feed {feed} counts the business of its own unit only, not of {unit}
    → deliver it through a citywide feed, or leave it out"""
    TASK_MOVED = """feed_task_moved 任务由“{unit}”负责,回流{feed}的单位不再报它的数
    → 请由该单位或牵头单位登记回流,并停用原来的回流
    the task is one of {unit}, no longer of the unit of the feed {feed}
    → let that unit or the lead unit register a feed, and end the former one"""
    MEASURED_MISSING = """feed_measured_missing 没有取数时间
    → 请写明来源系统在何时统计出这个数(measured_at)
    the moment of measurement is missing → state when the source counted it"""
    MEASURED_TO_COME = """feed_measured_to_come 取数时间{measured}尚未到来
    → 请核对来源系统的时钟
    the moment of measurement {measured} is to come → check the clock of the source"""
    MEASURED_BEFORE = """feed_measured_before
    {month}的数取于{measured},早于该月:可能是往年的数
    → 请核对月份,或重新取数
    the figure of {month} was measured at {measured}, before that month began
    → check the month, or measure again: it may be a former year's figure"""
    SAME_MOMENT = """feed_same_moment
    {month}“{indicator}”取于{measured}的数已有,内容不同
    → 来源有更正的,请连同新的取数时间再送
    another figure of {month}, {indicator}, was measured at {measured}
    → deliver a corrected figure with its own moment of measurement"""
    OLDER_FIGURE = """feed_older_figure
    {month}“{indicator}”已有取于{known}的数,比这次的{measured}新
    → 请重新取数;旧数不替换新数
    {month}, {indicator}: known since {known}, newer than this one of {measured}
    → measure again: an older figure replaces no newer one"""
    CORRECTED = """feed_corrected
    {month}“{indicator}”已手工更正({correction}),回流的数没有替换它
    → 确以来源为准的,写明理由再送(reason)
    {month}, {indicator}: corrected by hand ({correction}), so it was not replaced
    → if the source is right, deliver it again with a reason"""
    OTHER_FEED = """feed_other_feed {month}“{indicator}”已由回流{feed}提供
    → 同一业务量只由一个回流提供;请先停用{feed}
    {month}, {indicator}: supplied by the feed {feed} → end {feed} first"""
    BELOW_BEFORE = """feed_below_before
    “{indicator}”{month}的累计数{total}少于此前各月已记的{before}
    → 请核对来源;往月多报的,先更正往月
    {indicator}: the running total {total} of {month} is below {before} before it
    → check the source; if an earlier month was too high, correct that month first"""
    LATER_KNOWN = """feed_later_known
    “{indicator}”{month}以后的{later}已有数,改{month}的累计数须连同以后各月
    → 请把以后各月的累计数一并送来
    {indicator}: {later}, after {month}, is known; its total must come along
    → deliver the totals of all later months with it"""
    TWO_FIGURES = """feed_two_figures {month}“{indicator}”在这次回流里有两个数
    → 请只留一个
    {month}, {indicator}: two figures in one delivery → keep one of them"""
    PULL_UNREGISTERED = """feed_pull_unregistered 定时服务没有登记回流{feed}的拉取程序
    → 请在运行定时服务的程序里登记(Flow.open 的 pulls)
    no function is registered for the feed {feed} where the timetable runs
    → register it in Flow.open(pulls=...) of the process that runs the timetable"""
    PULL_RAISED = """feed_pull_raised 拉取回流{feed}出错:{error}
    → 请查来源系统与拉取程序
    the pull of the feed {feed} failed: {error} → check the source and the function"""
    PULL_UNFIT = """feed_pull_unfit 拉取程序没有返回 Pulled → 请按说明返回 Pulled
    the function of a pull returned no Pulled → return one, as the how-to shows"""
    PULL_REFUSED = """feed_pull_refused 回流{feed}送来的{count}个数都未收
    → 请按原因更正来源
    all {count} figures of the feed {feed} were refused
    → put right at the source what the reason names"""
    PULL_EMPTY = """feed_pull_empty 回流{feed}没有送来任何数 → 请查来源系统有无该月的数
    the pull of the feed {feed} brought no figure → check the source for that month"""
    PULLS_AT_HOME = """feed_pulls_at_home 拉取程序只能登记在直接打开的数据库上
    → 请用数据库地址打开,不要用服务的套接字
    pulls are registered only where the database itself is opened
    → open the address of the database, not the socket of a service"""
    DAYS_UNFIT = """feed_days_unfit 时效{given}天不在1至{most}之间 → 请写1至{most}的整数
    {given} days of freshness are not 1 to {most} → write 1 to {most}"""
    COUNT_UNFIT = """feed_count_unfit “{service}”的业务量{given}不对 → 请写不小于0的整数
    {given} is no number of cases of {service} → write a whole number from 0"""
    FILE_COLUMNS = """feed_file_columns
    {file} 第{line}行:列不对(缺少:{missing};重复:{twice})
    → 表头请写列名:月份、数值,另写事项、任务、指标,或服务事项、单位
    line {line} of {file}: wrong columns (missing: {missing}; twice: {twice})
    → name month and value, and item, task and indicator, or service and unit"""


class BoardCode(ReasonCode):
    """A ground of a board, whether it holds, or why boards can't be published."""

    CONCRETE = """board_concrete
    {indicators}项指标都有数({measured}项),{proven}项有佐证,{on_plan}项按计划推进
    {measured} of {indicators} measured, {proven} proven, {on_plan} on plan"""
    CONCRETE_NOT = """board_concrete_not
    {indicators}项指标中{measured}项有数,{proven}项有佐证,{on_plan}项按计划,不算措施实
    {measured} of {indicators} measured, {proven} proven, {on_plan} on plan: too few"""
    EFFECTIVE = """board_effective
    约定效果{outcomes}项中达成{met}项,落实度{score}(要求{mark}%)
    {met} of {outcomes} agreed outcomes met, fulfilment {score} (mark {mark}%)"""
    EFFECTIVE_NOT = """board_effective_not
    约定效果{outcomes}项中达成{met}项,落实度{score}(要求{mark}%),不算效果好
    {met} of {outcomes} agreed outcomes met, fulfilment {score}, below {mark}%"""
    REACHED = """board_reached 没有评过约定效果,只看落实度:{score}(要求{mark}%)
    no agreed outcome was judged; fulfilment alone: {score} (mark {mark}%)"""
    REACHED_NOT = """board_reached_not
    没有评过约定效果,只看落实度:{score}(要求{mark}%),不算效果好
    no agreed outcome was judged; fulfilment alone: {score}, below {mark}%"""
    SATISFIED = """board_satisfied
    {answers}份评价中{satisfied}份满意,有把握不低于{bound}%,达到{mark}%
    {satisfied} of {answers} satisfied: surely {bound}% or more, at least {mark}%"""
    SATISFIED_NOT = """board_satisfied_not
    {answers}份评价中{satisfied}份满意,有把握的只有{bound}%,未达{mark}%
    {satisfied} of {answers} satisfied: surely only {bound}%, below {mark}%"""
    SATISFACTION_UNMEASURED = """board_satisfaction_unmeasured
    没有满意度(要求{mark}%)
    satisfaction is not known (mark {mark}%)"""
    HOLLOW_UNMEASURED = """board_hollow_unmeasured 没有一项可量化的指标
    nothing of it is measured"""
    HOLLOW_SILENT = """board_hollow_silent {months}个月没有填报一个数(达到{mark}个月)
    no figure for {months} months ({mark} or more)"""
    HOLLOW_UNPROVEN = """board_hollow_unproven
    {months}个月没有一件佐证(达到{mark}个月)
    no evidence for {months} months ({mark} or more)"""
    HOLLOW_EXCUSED = """board_hollow_excused 各项任务都已免责
    each of its tasks is excused"""
    HOLLOW_NOT = """board_hollow_not
    最近一个数在{months}个月前,最近一件佐证在{unproven}个月前
    the last figure is {months} months old, the last evidence {unproven}"""
    SLOW = """board_slow “{indicator}”比计划落后{days}天,超过{mark}天
    “{indicator}” is {days} days behind its plan, more than {mark}"""
    SLOW_UNREPORTED = """board_slow_unreported
    “{indicator}”{days}天没有填报过,按没有进展计,超过{mark}天
    no figure of “{indicator}” for {days} days counts as none done: more than {mark}"""
    SLOW_NOT = """board_slow_not 最多比计划落后{days}天,不超过{mark}天
    at most {days} days behind its plan, not more than {mark}"""
    DISLIKED = """board_disliked
    {answers}份评价中{dissatisfied}份不满意,满意的至多{bound}%,低于{mark}%
    {dissatisfied} of {answers} dissatisfied: at most {bound}% content, below {mark}%"""
    DISLIKED_NOT = """board_disliked_not
    {answers}份评价中{dissatisfied}份不满意,满意的可能有{bound}%,不低于{mark}%
    {dissatisfied} of {answers} dissatisfied: {bound}% may be content, mark {mark}%"""
    DISLIKED_BY_FEW = """board_disliked_by_few
    {answers}份评价中只有{dissatisfied}份不满意,不足{least}份
    only {dissatisfied} of {answers} are dissatisfied, fewer than {least}"""
    REPEATED = """board_repeated
    {days}天内{people}人经{channels}条渠道反映{appeals}次
    told {appeals} times by {people} people on {channels} channels in {days} days"""
    REPEATED_NOT = """board_repeated_not 本季没有认定反复多渠道反映
    no repeat across channels was found in the quarter"""
    SUPERVISED = """board_supervised
    {authority}{document}督办({order}),未销号的共{orders}件
    order {document} of {authority} ({order}); {orders} not discharged"""
    SUPERVISED_NOT = """board_supervised_not 没有未销号的督办
    no supervision order is open"""
    NO_BOARDS = """boards_not_published 还没有公布{quarter}的好评榜、差评榜
    → 到期由定时服务拟定,再由两人公布(huimin board publish)
    the boards of {quarter} are not published yet
    → the service drafts them when due; two people publish (huimin board publish)"""
    NO_EDITION = """boards_no_edition {period}没有第{edition}版,最近一版是第{last}版
    → 请用第1至{last}版
    {period} has no edition {edition}; the last one is {last}
    → use an edition from 1 to {last}"""
    NOTHING_CHANGES = """boards_nothing_changes 按现在所知,{period}的双榜没有变化
    → 补齐有误的数据后再更正
    by what is known now, the boards of {period} do not change
    → correct the wrong figures first"""


class SpotCheckCode(ReasonCode):
    """A reason why a step of a spot check may not be taken (D8, N10)."""

    NOT_A_PARTY = """spot_check_not_a_party
    承诺与揭示只由专班办公室、监督组各自办理 → 请由这两方的岗位办理
    only the office and the supervision group commit and reveal
    → let a post of that party do it"""
    COMMITMENT_UNFIT = """spot_check_commitment_unfit
    承诺值应为随机数的SHA-256(64位十六进制),所写为“{given}”
    → 请用 huimin spot-check secret 生成,或自行计算后照抄
    a commitment is the SHA-256 of a secret, 64 hex digits, not: {given}
    → make one with huimin spot-check secret, or compute it and copy it"""
    COMMITMENT_USED = """spot_check_commitment_used
    该承诺值在抽查“{other}”中用过 → 请另取随机数
    this commitment was used in {other} → take another secret"""
    WEAK = """spot_check_secret_weak
    随机数不足:须为{least}至{most}位十六进制数字(至少16字节)
    → 该次抽取由对方在揭示期限后作废,用新的随机数重抽
    the secret is no {least} to {most} hex digits of at least 16 random bytes
    → let the draw be declared void after the last day, and repeat it"""
    REVEALED_ALREADY = """spot_check_revealed_already
    “{party}”已经揭示 → 请等另一方揭示
    {party} has revealed already → wait for the other party"""
    REVEAL_UNMATCHED = """spot_check_reveal_unmatched
    所揭示的随机数与“{party}”的承诺值不符,不予采用
    → 请核对后揭示承诺时的随机数;逾期不能揭示的,该次抽取作废重抽
    the secret is not the one that {party} has committed to
    → reveal the secret of the commitment; if it is lost, the draw will be void"""
    REVEAL_LATE = """spot_check_reveal_late
    揭示期限{due}已过 → 请将该次抽取作废(huimin spot-check void),用新的随机数重抽
    the last day to reveal, {due}, is over
    → declare it void (huimin spot-check void), and repeat it with new secrets"""
    REVEAL_STILL_DUE = """spot_check_reveal_still_due
    揭示期限为{due},尚不能作废 → 请等到期限之后
    the secrets may be revealed until {due}, so it can't be void yet
    → wait until that day is over"""
    POPULATION_EMPTY = """spot_check_population_empty
    没有可抽查的任务或窗口,不能抽取 → 请待任务分解、评价入库后再办
    there is no task and no window to check, so nothing can be drawn
    → wait until items have tasks, or ratings are imported"""
    NOT_VOID = """spot_check_not_void
    抽查“{other}”没有作废,不能重抽 → 请不写重抽的编号,或先将其作废
    {other} is not void, so it is not repeated
    → leave out what it repeats, or declare that void first"""
    REPEATED_ALREADY = """spot_check_repeated_already
    “{other}”已由“{key}”重抽 → 请办理该次抽查
    {other} is repeated already by {key} → go on with that one"""
    NOT_DRAWN = """spot_check_not_drawn
    “{given}”不在本次抽中之列 → 请用 huimin spot-check show 查看抽中的对象
    {given} is not among what was drawn
    → see what was drawn with huimin spot-check show"""
    OWN_UNIT = """spot_check_own_unit
    被查的是“{unit_name}”,检查与更正由其他单位的人办理 → 请换一人
    {unit_name} is checked, so people of other units do it → let another person do it"""
    UNCHECKED = """spot_check_unchecked
    还有{count}个抽中对象没有检查结果,如“{first}” → 请逐一记录,查无问题的也要记
    {count} things that were drawn have no finding, such as {first}
    → record one for each, also where nothing is wrong"""
    NOT_FOUND_WRONG = """spot_check_not_found_wrong
    “{given}”没有查出问题,无须回应 → 请核对被查对象
    nothing wrong was found at {given}, so nothing is to be answered
    → check which thing is meant"""
    FOUND_BY_ANOTHER = """spot_check_found_by_another
    “{given}”由{finder}查为“{severity}”,他人不能改轻 → 请由本人重记,或完成后由两人更正
    {finder} found {given} to be: {severity}; nobody else makes it milder
    → let them record it anew, or let two people correct it once it is done"""
    SAME_SEVERITY = """spot_check_same_severity
    检查结果已是“{severity}” → 请写更正后的轻重
    the finding is already: {severity} → say what it is corrected to"""
    FILE_UNKNOWN = """spot_check_file_unknown
    抽查“{key}”没有摘要为“{given}”的附件
    → 请先用 huimin spot-check attach 上传,再写明摘要
    {key} has no attachment with digest {given}
    → attach it with huimin spot-check attach, then name its digest"""
    REVEAL_MISSING = """spot_check_reveal_missing
    “{party}”到{due}仍未揭示,该次抽取作废
    {party} did not reveal until {due}, so the draw is void"""
