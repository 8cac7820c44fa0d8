"""Why a rating, its follow-up, or an answer to an appeal is refused."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class RatingCode(ReasonCode):
    """A reason; its labels are templates filled with the reason's values."""

    UNKNOWN_ITEM = """unknown_item 没有服务事项“{given}”
    no service item {given} → *line"""
    UNKNOWN_WINDOW = """unknown_window 单位“{unit}”没有窗口“{given}”
    unit {unit} has no window {given} → *line"""
    UNKNOWN_CHANNEL = """unknown_channel 没有服务渠道“{given}”
    no service channel {given} → *line"""
    UNKNOWN_LEVEL = """unknown_level
    “{given}”不是五级评价之一(非常满意、满意、基本满意、不满意、非常不满意)
    {given} is not one of the five levels, very_satisfied to very_dissatisfied
    → *line"""
    KEY_ZEROS_LOST = """key_zeros_lost
    “{field}”的“{given}”像是“{known}”被表格软件去掉了前面的零
    {field} {given} looks like {known} without its leading zeros → *text"""
    LEVEL_CODE_UNKNOWN = """level_code_unknown
    规则库没有写明渠道“{channel}”的评价代码“{given}”是哪一级
    → 请在 channels.yaml 的 rating_codes 写明该系统的代码表并启用,或改写为等级名称
    the rulebook has no level for the code {given} of {channel}
    → add the system's codes to rating_codes in channels.yaml, or write the level"""
    PERSONAL = """personal “{field}”像是姓名、手机号或身份证号,须换成代号
    {field} looks like a name or number of a person; use a code → *line"""
    DUPLICATE_TRANSACTION = """duplicate_transaction 办件“{given}”已有另一条不同的评价
    → 请向该渠道核对哪一条属实;已记入的不改
    transaction {given} already has another, different rating
    → ask the channel which is right; the recorded rating stays"""
    OTHER_UNIT = """other_unit 单位“{given}”的评价不归本账户导入
    → 请由“{given}”或市级岗位导入
    this account may not import ratings of unit {given}
    → let {given} or a city-wide post import them"""
    NOT_BAD = """not_bad 办件“{given}”的评价不是差评,无需处置
    → 待办的差评见 huimin rating bad
    the rating of {given} is not bad and needs no follow-up
    → see huimin rating bad for the open bad ratings"""
    CALLBACK_MISSING = """callback_missing 实名差评“{given}”尚未回访
    → 请退回,由责任单位回访后在答复中写明回访日期
    the named bad rating {given} has no call-back
    → return it: the unit calls back and writes the day into its answer"""
    OWN_CASE = """own_case 当事单位“{unit_name}”({unit})不能自行认定
    → 请由办公室(办公室为当事单位时由其他单位)中未提出申诉的人认定
    unit {unit_name} ({unit}) may not judge its own case
    → let the office judge, or another unit if the office was rated"""
    SETTLED_ALREADY = """settled_already 申诉已有结论,不能再次申诉
    → 请按认定结论答复整改
    the objection was decided; a second objection is not possible
    → answer the rating as decided"""
    NO_RATING = """no_rating_of_transaction 没有办件“{transaction}”的评价
    → 请核对办件编号,或先导入评价
    transaction {transaction} has no rating
    → check the transaction, or import the rating first"""
    NOT_CALLED_BACK = """rating_not_called_back
    {transaction}没有回访,没有群众对整改的评价 → 请写明回访的日子(--called-back)
    {transaction} was not called back, so there is no rating of what was put right
    → name the day of the call-back (--called-back)"""
    ANONYMOUS = """rating_anonymous 办件“{transaction}”的评价是匿名的,无法回访
    → 请不写回访日期
    the rating of {transaction} is anonymous: a call-back is not possible
    → leave out the day of the call-back"""
    CALLED_BEFORE_RATED = """called_before_rated 回访日期{day}早于评价的{rated}
    → 请写{rated}或以后
    the call-back on {day} is before the rating on {rated} → use {rated} or later"""
    DIMENSION_UNKNOWN = """dimension_unknown 不能按“{given}”统计,可以按:{known}
    → 请改用其中之一
    ratings cannot be counted by {given}; possible: {known} → use one of them"""
    MONTHS_BACKWARD = """months_backward 起始月{first}晚于截止月{last}
    → 请先写起始月,再写截止月
    the first month {first} is after the last month {last}
    → write the earlier month first"""


class AnswerCode(ReasonCode):
    """A step with an appeal's answer that is not possible."""

    NO_DEADLINE = """answer_without_deadline
    渠道“{channel}”编号“{key}”的诉求没有答复期限,无从延期
    → 请直接答复;该渠道的期限由 channels.yaml 的 days 规定
    appeal {key} of channel {channel} has no deadline that could be extended
    → answer it; the limit of a channel is days in channels.yaml"""
    OVERDUE = """answer_overdue
    渠道“{channel}”编号“{key}”的诉求已于{day}到期,不能再延期
    → 请尽快答复
    the answer to appeal {key} of channel {channel} was due on {day}
    → answer it as soon as possible"""
    EXTENDED_ALREADY = """answer_extended_already
    渠道“{channel}”编号“{key}”的诉求只准延期{most}次,已用完
    → 请在期限内答复
    the deadline of appeal {key} of channel {channel} may be extended {most} times only
    → answer it in time"""
    UNIT_GONE = """answer_unit_gone 单位{unit}在{day}不存在,不能移交
    → 请写现有单位的代码或名称
    unit {unit} does not exist on {day} → name a unit that exists"""
    SAME_UNIT = """answer_same_unit 编号“{key}”的诉求本就由“{unit}”答复
    → 请写另一单位
    appeal {key} is answered by {unit} already → name another unit"""
    APPEAL_TWICE = """answer_appeal_twice
    渠道“{channel}”编号“{key}”的诉求在这一批里写了两次
    → 请只留一行
    appeal {key} of channel {channel} is named twice in this batch
    → leave only one of them"""
    NOTHING_LEFT = """answer_nothing_left 没有需要办理的诉求
    → 待答复的见 huimin answer list
    no appeal waits for this → see huimin answer list for what waits"""
    NOBODY_TO_TELL = """answer_nobody_to_tell
    事项{number}最近没有须告知群众的进展,或挂接的诉求都已告知
    → 待告知的事项见 huimin answer proposals
    everyone on item {number} was told, or nothing has happened to it
    → see huimin answer proposals for the items that wait"""
    COUNT_MOVED = """answer_count_moved 看到时须告知{expected}件,现在是{found}件
    → 请重新核对后再办
    {expected} appeals were to be told when you looked, now {found} are
    → look again, then answer"""
    NOTHING_TO_RETURN = """answer_nothing_to_return 渠道“{channel}”没有新的答复可以交回
    → 已交回过的,用 --since 写明自何时起再取一次
    channel {channel} has no new answer to be given back
    → name a moment with --since to get earlier ones again"""
    RECEIPT_UNKNOWN = """receipt_unknown 没有这个编号的回执
    → 请对照回执核对编号;字母大小写、短横线不影响查询
    there is no receipt with this number
    → compare it with the receipt; small letters and missing dashes do not matter"""
    ERASED = """answer_of_erased
    渠道“{channel}”编号“{key}”的诉求已依申请删除,不能再答复
    → 无需办理
    appeal {key} of channel {channel} was erased on request
    → nothing needs to be done"""


class RectificationCode(ReasonCode):
    """Why a step of a rectification may not be taken, and what it rests on."""

    NOT_THE_OFFICE = """rectification_not_the_office
    “{unit_name}”不能启动整改;由专班办公室办理
    → 请由专班办公室的岗位办理
    {unit_name} does not open rectifications; the office does
    → let a post of the office do it"""
    ITEM_ENDED = """rectification_item_ended 事项{item}{state},不能启动整改
    → 请在接续或回应它的事项上启动;结案有误的先 huimin item reopen
    item {item} is {state}, so no rectification can be opened on it
    → open one on the item that follows it, or reopen it (huimin item reopen)"""
    ITEM_NOT_RUN = """rectification_item_not_run
    事项{item}还没有分解任务,没有可整改的措施
    → 请先分解任务(huimin item assign)
    item {item} has no tasks yet, so there is no measure to put right
    → assign its tasks first (huimin item assign)"""
    OPEN_ALREADY = """rectification_open_already 事项{item}已有未完成的整改:{key}
    → 请在{key}中办理,完成后才能另启动
    item {item} has a rectification that is not accepted yet: {key}
    → go on with {key}; another one can be opened after it"""
    NO_CAUSE = """rectification_no_cause 事项{item}不在差评榜,也没有写明未销号的督办
    → 列入差评榜的事项或被督办的事项才启动整改(huimin order list)
    item {item} is not on the bad board, and no open supervision order is named
    → name an order that is not discharged (huimin order list)"""
    EVIDENCE_NEEDED = """rectification_evidence_needed 提交事项{item}的整改须附佐证
    → 请先 huimin item attach {item} 上传,再写明附件的摘要
    a rectification of item {item} is submitted with evidence
    → attach it with huimin item attach {item}, then name its digest"""
    EVIDENCE_GONE = """rectification_evidence_gone 佐证{digest}已读不到或被改动,不能验收
    → 请退回整改(huimin rectification return),由责任单位重新上传
    evidence {digest} is gone or was changed, so it can't be accepted
    → return it (huimin rectification return); the unit attaches the file again"""
    OWN_CASE = """rectification_own_case “{unit_name}”不能验收、退回本单位的整改
    → 请由专班办公室、监督组验收;整改的是专班办公室的,由其他单位负责人验收
    {unit_name} neither accepts nor returns its own rectification
    → let the office or the supervision group do it, for the office a unit's head"""
    NOT_A_JUDGE = """rectification_not_a_judge “{unit_name}”不能验收、退回其他单位的整改
    → 请由专班办公室、监督组验收
    {unit_name} does not judge the rectification of another unit
    → let the office or the supervision group do it"""
    NOT_ADDRESSED = """rectification_not_addressed {key}没有待你签收的督办,应由{to}签收
    → 请由督办到的岗位签收:{to}
    no rung of {key} waits for you, but for {to}
    → let one of these posts acknowledge it: {to}"""
    OPEN_YET = """rectification_open_yet 还有没有验收的整改:{keys},不能办结
    → 请先由责任单位提交(huimin rectification submit),再由专班办公室验收
    rectifications are not accepted yet: {keys}
    → let the unit submit (huimin rectification submit), and the office accept"""
    UNMEASURED = """rectification_unmeasured 启动或退回整改({begun})以来没有新填报的数
    → 请责任单位先填报进展(huimin item progress);任务已结束的,重报最后一个月的数
    no figure was reported since the rectification began ({begun})
    → let the unit report (huimin item progress): for ended tasks, the last month"""
    WORD_MISSING = """rectification_word_missing
    启动或退回整改({begun})的次日以来只有{answers}份群众评价,须有{least}份
    → 请等候好差评或先做满意度调查,再验收
    only {answers} answers of citizens since the day after {begun}; {least} are needed
    → wait for ratings, or survey the citizens first"""
    RESTS_ON = """rectification_rests_on
    此后新报{figures}个数,群众评价{answers}份,其中{good}份不是差评
    {figures} new figures, and {answers} answers of citizens, {good} of them not bad"""
    LADDER_ORDER = """rectification_ladder_order 各级须依次更晚,末级为分管的副组长
    → 请按逾期的工作日从小到大写,末级写 deputy_leader
    each rung must be later than the one before, and the last a deputy leader
    → write them by overdue days, the last with the role deputy_leader"""
    RUNG_ROLE = """rectification_rung_role 督办对象只能是 {allowed}
    → 请改为其中之一
    a rung is for one of {allowed}
    → write one of them"""


class ReplicationCode(ReasonCode):
    """Why a practice is on the shelf, is proposed or not, and how effects compare."""

    NOT_THE_OFFICE = """replication_not_the_office
    “{unit_name}”不能列、推荐好经验,不能对比效果;由专班办公室办理
    → 请由专班办公室的岗位办理
    {unit_name} does not shelve, propose or compare practices; the office does
    → let a post of the office do it"""
    RESTS_ON = """practice_rests_on {period}双榜第{edition}版把事项{item}列入好评榜
    item {item} is on the good board of {period}, edition {edition}"""
    NOT_GOOD = """practice_not_good 事项{item}不在已公布的好评榜上,不能列为好经验
    → 公布列有它的好评榜以后再办(huimin board published)
    item {item} is on no good board that is published
    → wait for a published board with it (huimin board published)"""
    GROUND_MISSING = """practice_ground_missing 事项{item}在{period}好评榜上缺“{ground}”
    → 具备“{ground}”以后再办;依据见 huimin board published {period}
    item {item} lacks the ground {ground} on the good board of {period}
    → wait until it holds ({ground}); see huimin board published {period}"""
    NOW_BAD = """practice_now_bad 事项{item}自{since}起在差评榜上,不能列为好经验
    → 整改验收、离开差评榜以后再办(huimin rectification list)
    item {item} has been on the bad board since {since}
    → wait until its rectification is accepted (huimin rectification list)"""
    SHELVED_ALREADY = """practice_shelved_already
    事项{item}已列为好经验:{key}
    → 请用{key};要改写的先撤回(huimin practice withdraw)
    item {item} is on the shelf already: {key}
    → use {key}, or withdraw it first (huimin practice withdraw)"""
    WITHDRAWN = """practice_is_withdrawn 好经验{key}已撤回,不能推荐
    → 请在 huimin practice list 中另选
    practice {key} is withdrawn, so it can't be proposed
    → choose another one (huimin practice list)"""
    ITEM_ENDED = """practice_item_ended 事项{item}{state},不能再由其他单位响应
    → 请由该单位另采集事项,写明由{item}引出(huimin item collect)
    item {item} is {state}, so other units can't respond to it any more
    → let the unit collect an item that arises from {item} (huimin item collect)"""
    SAME_UNIT = """replication_same_unit 好经验{key}就是“{unit_name}”的,不向本单位推荐
    → 请推荐给其他单位
    practice {key} is that of {unit_name} itself
    → propose it to another unit"""
    PROPOSED_ALREADY = """replication_proposed_already
    好经验已推荐给“{unit_name}”:{key}({state})
    → 请办理{key};未采纳、已收回的才再推荐
    the practice was proposed to {unit_name} already: {key} ({state})
    → go on with {key}; only what was declined or recalled is proposed again"""
    TOO_MANY = """replication_too_many
    好经验{key}已有{open}个单位待答复,同时至多{most}个
    → 待答复以后再推荐,或先收回(huimin replication recall)
    {open} units have not answered about practice {key} yet, at most {most} at once
    → wait for their answers, or recall a proposal (huimin replication recall)"""
    UNIT_UNFIT = """replication_unit_unfit “{unit_name}”不承担事项,不能向其推荐
    → 请推荐给区县、业务处室或直属单位
    {unit_name} has no items, so nothing is proposed to it
    → propose it to a district, a division or a body"""
    NOT_EVALUATED = """replication_not_evaluated 事项{item}{state},还没有最终评价
    → 最终评价以后再对比(huimin item evaluate {item})
    item {item} is {state}, and has no final evaluation yet
    → compare after it (huimin item evaluate {item})"""
    IN_DOUBT = """replication_in_doubt 事项{item}的评价依据已更正,尚待重新评价
    → 重新评价以后再对比(huimin item evaluate {item})
    what the evaluation of item {item} rests on was corrected
    → compare after it is evaluated again (huimin item evaluate {item})"""
    NOTHING_NEW = """replication_nothing_new {key}对比以后,效果没有变化
    → 重新评价、结果不同的才再对比
    the effect has not changed since {key} was compared
    → compare again after another evaluation"""
    HIGHER = """effect_higher
    {measure}:原{practice}%,推广后{replica}%,高出{margin}点以上
    {measure}: {practice}% there, {replica}% here, higher by more than {margin}"""
    SAME = """effect_same
    {measure}:原{practice}%,推广后{replica}%,相差不超过{margin}点
    {measure}: {practice}% there, {replica}% here, within {margin}"""
    CHANCE = """effect_chance
    {measure}:原{practice}%,推广后{replica}%,相差{margin}点以上,但可能只是抽样的偶然
    {measure}: {practice}% there, {replica}% here: beyond {margin}, but maybe chance"""
    LOWER = """effect_lower
    {measure}:原{practice}%,推广后{replica}%,低了{margin}点以上
    {measure}: {practice}% there, {replica}% here, lower by more than {margin}"""
    UNMEASURED = """effect_unmeasured {measure}:不可测评
    {measure}: not measurable"""
    GROUNDS_GOOD = """replication_grounds_good
    须写好评榜的三条依据:{allowed},至少要求一条
    → 请逐条写明 true 或 false
    name the grounds of the good board, {allowed}, and ask for one at least
    → write true or false for each"""
