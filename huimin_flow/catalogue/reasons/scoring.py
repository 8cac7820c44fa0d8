"""Reason codes of progress, scores, colors and places, and of published editions."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class ProgressCode(ReasonCode):
    """What is wrong with a report of progress, or with a period."""

    MONTH_UNFIT = """month_unfit 月份“{period}”不对 → 请写成 2023-07 的样子
    {period} is not a month → write it as 2023-07"""
    YEAR_UNFIT = """year_unfit 年份“{period}”不对 → 请写成 2023 的样子
    {period} is not a year → write it as 2023"""
    QUARTER_UNFIT = """quarter_unfit “{period}”不是季度 → 请写成 2026Q4 的样子
    {period} is not a quarter → write it as 2026Q4"""
    LIST_PERIOD_UNFIT = """list_period_unfit “{period}”不是年份或季度
    → 请写成 2023 或 2026Q4 的样子
    {period} is neither a year nor a quarter → write it as 2023 or 2026Q4"""
    MONTH_TO_COME = """month_to_come 月份{period}尚未到来 → 请核对月份
    the month {period} is in the future → check the month"""
    YEAR_UNKNOWN = """year_unknown 没有{year}年 → 请写四位数的年份
    {year} is not a possible year → write a year of four digits"""
    ITEM_UNKNOWN = """report_item_unknown 没有编号为“{item}”的事项
    → 用 huimin item list 查看全部编号
    there is no item {item} → see huimin item list for all numbers"""
    INDICATOR_UNKNOWN = """report_indicator_unknown
    事项{item}的任务“{task}”没有指标“{indicator}”;其指标:{indicators}
    → 请写其中一个指标的全称
    task {task} of item {item} has no indicator {indicator}; it has: {indicators}
    → write the whole name of one of them"""
    TASK_UNKNOWN = """report_task_unknown 事项{item}没有任务“{task}”;其任务:{tasks}
    → 请写其中一个任务的代号
    item {item} has no task {task}; it has: {tasks} → write the key of one of them"""
    NOT_RUNNING = """report_not_running 事项{item}没有在执行 → 请核对事项编号
    item {item} is not being executed → check the item's number"""
    BEFORE_BEGIN = """report_before_begin 月份{period}早于事项{item}分解任务的{begun}
    → 请报{begun}及以后的月份
    {period} is before {begun}, when the tasks of item {item} were assigned
    → report {begun} or later"""
    AFTER_END = """report_after_end 月份{period}晚于事项{item}执行完成的{ended}
    → 请报{ended}及以前的月份
    {period} is after {ended}, when item {item} was executed
    → report {ended} or earlier"""
    TWO_FIGURES = """report_two_figures 与{other}报的是同一指标同一月份,内容不同
    → 请只留一条
    {other} reports the same indicator and month with other values → keep one of them"""
    EVIDENCE_UNKNOWN = """report_evidence_unknown
    事项{item}没有摘要为“{given}”的附件(至少写前{shortest}位)
    → 请用 huimin item files 查看摘要
    item {item} has no attachment with digest {given} (at least {shortest} characters)
    → see huimin item files for the digests"""
    EVIDENCE_MISSING = """report_evidence_missing 成果“{indicator}”须附佐证才算完成
    → 请先用 huimin item attach 上传,报送时写明该附件
    {indicator} needs evidence to be done
    → attach it to the item and name it in the report"""
    NEGATIVE = """figure_negative “{indicator}”的数值不能为负
    a figure of {indicator} is below 0 → *figure"""
    TOO_LARGE = """figure_too_large “{indicator}”的数值不能这样大
    a figure of {indicator} is too large → *figure"""
    SHARE_INCOMPLETE = """share_incomplete “{indicator}”须同时给出分子与分母
    {indicator} needs numerator and denominator → *kind"""
    CASES_INCOMPLETE = """cases_incomplete
    “{indicator}”须同时给出本月帮扶数(数值)与本月发现数(分母)
    {indicator} needs the cases helped (figure) and found (denominator) → *kind"""
    NO_DENOMINATOR = """no_denominator “{indicator}”不需要分母
    {indicator} has no denominator → *kind"""
    SHARE_ABOVE_WHOLE = """share_above_whole
    “{indicator}”的本月数值{value}多于分母{whole}({of})
    → 请核对这两个数;部分不能多于全部
    {indicator}: the figure {value} is greater than the denominator {whole} ({of})
    → check both figures: a part cannot be greater than its whole"""
    SHARE_OF_NOTHING = """share_of_nothing “{indicator}”的分母是0,本月数值却是{value}
    → 请核对这两个数;没有对象的月份两数都写0
    {indicator}: the denominator is 0, but the figure is {value}
    → check both figures; in a month without cases both are 0"""
    NO_SET = """no_set “{indicator}”不是具名事项,不需要成员
    {indicator} is not a set and has no members → *kind"""
    MEMBER_UNKNOWN = """member_unknown “{indicator}”没有成员“{given}”;可用的成员:{known}
    → 可用的成员:{known};多个成员用顿号或分号隔开
    {indicator} has no member {given}; its members: {known}
    → name its members, separated by semicolons"""
    MEMBER_TWICE = """member_twice “{indicator}”的成员为空或写了两次:{given}
    → 每个成员只写一次
    members of {indicator} are empty or named twice: {given} → name each member once"""
    MEMBERS_MISCOUNTED = """members_miscounted
    “{indicator}”报{value}项,写明了{named}项成员;成员:{known}
    → 请写明本月完成的是哪几项;成员:{known}
    {indicator} reports {value} but names {named} members; its members: {known}
    → name the members that were done in the month"""


class ScoreCode(ReasonCode):
    """Why a unit has its score, color or place (D5–D7)."""

    NO_FIGURE = """no_figure “{index_indicator}”(权重{weight}%)当月没有数据:{missing}
    {index_indicator} (weight {weight}%) has no data this month: {missing}"""
    NOT_MEASURED = """not_measured
    “{index_indicator}”(权重{weight}%)不可衡量,任务没有指标或已免除:{tasks};{missing}
    {index_indicator} (weight {weight}%) is not measurable: {tasks}; {missing}"""
    TOO_FEW_CASES = """too_few_cases
    “{index_indicator}”(权重{weight}%)只有{n}例,至少要{least_n}例:{missing}
    {index_indicator} (weight {weight}%): {n} cases, {least_n} needed: {missing}"""
    NO_PEERS = """no_peers
    “{index_indicator}”(权重{weight}%)没有可比的同组单位:{missing}
    {index_indicator} (weight {weight}%) has no peers with a figure: {missing}"""
    COLOR_ROSE = """color_rose 由{before}升为{color}(指数{index_before}→{index})
    rose from {before} to {color} (index {index_before}→{index})"""
    COLOR_FELL = """color_fell 由{before}降为{color}(指数{index_before}→{index})
    fell from {before} to {color} (index {index_before}→{index})"""
    COLOR_LOST = """color_lost 由{before}变为数据不足(上月指数{index_before})
    {before} last month (index {index_before}), not enough data now"""
    COLOR_GAINED = """color_gained 由数据不足变为{color}(指数{index})
    not enough data last month, {color} now (index {index})"""
    COLOR_KEPT = """color_kept
    指数{index}已在“{band}”档,但离原档不超过{reach}分,仍为“{color}”
    index {index} is in {band}, but within {reach} of the old band: still {color}"""
    BANDS_CHANGED = """bands_changed
    分档办法有调整:上月指数{index_before}按本月办法也是“{color}”
    the bands changed: last month's index {index_before} would be {color} now"""
    PART_MOVED = """part_moved
    “{index_indicator}”{score_before}→{score}分(合指数{points}分)
    {index_indicator} {score_before}→{score} ({points} points of the index)"""
    PART_CAME = """part_came
    “{index_indicator}”上月缺数据,本月{score}分计入(合指数{points}分)
    {index_indicator} had no data, {score} now ({points} points of the index)"""
    PART_WENT = """part_went
    “{index_indicator}”上月{score_before}分,本月缺数据未计入(合指数{points}分)
    {index_indicator} was {score_before}, no data now ({points} points)"""
    LEFT_OUT = """left_out “{index_indicator}”缺数据,未计入
    {index_indicator} has no data and is left out"""
    LEADS_AT = """leads_at
    “{index_indicator}”得{score}分,高于其余单位的中位数{median}分(合指数{points}分)
    {index_indicator} {score}, above the others' {median} ({points} points)"""
    TRAILS_AT = """trails_at
    “{index_indicator}”得{score}分,低于其余单位的中位数{median}分(合指数{points}分)
    {index_indicator} {score}, below the others' {median} ({points} points)"""
    EVEN_AT = """even_at
    “{index_indicator}”得{score}分,与其余单位的中位数{median}分相当(合指数{points}分)
    {index_indicator} {score}, equal to the others' {median} ({points} points)"""
    ALONE_AT = """alone_at
    “{index_indicator}”得{score}分,其余单位都没有此项,与不计入相比(合指数{points}分)
    {index_indicator} {score}, which no other unit has ({points} points)"""
    WITHOUT_THESE = """without_these 除去以上各项,季度值为{index}分
    without all of these the quarter's value would be {index}"""
    EVENLY_FIRST = """evenly_first 没有一项高于其余单位的中位数,名次来自各项均衡
    no indicator is above the others' median: first because all are balanced"""
    EVENLY_LAST = """evenly_last 没有一项低于其余单位的中位数,名次来自各项相加
    no indicator is below the others' median: last by their sum"""


class PublicationCode(ReasonCode):
    """A request for a missing edition, or a correction that is not possible."""

    NOT_PUBLISHED = """not_published {stream}尚未发布
    → 由定时作业发布,日期见 huimin timetable due
    {stream} is not published yet
    → a job publishes it; huimin timetable due shows the day"""
    NO_EDITION = """no_such_edition {stream}没有第{edition}版,共{last}版
    → 请用 huimin score editions 查看各版
    {stream} has no edition {edition}; there are {last}
    → huimin score editions lists them"""
    KEY_UNKNOWN = """publication_key_unknown “{key}”不是已发布评价的编号
    → 请写成 score/2023-12(计分)、colors/2023-12(五色图)或 ranking/2023Q4(榜单)
    {key} is not the key of a publication
    → write score/2023-12, colors/2023-12 or ranking/2023Q4"""
    LIST_UNKNOWN = """list_unknown 没有编号为“{key}”的清单
    → 请写 list/年度/city 或 list/年度/单位代码;huimin list list 列出全部
    there is no list {key}
    → write list/YEAR/city or list/YEAR/UNIT; huimin list list shows all"""
    NO_LIST_EDITION = """no_list_edition {key}没有已发布的第{edition}版,现为第{last}版
    → 用 huimin list editions 查看各版
    {key} has no published edition {edition}; it is at edition {last}
    → huimin list editions shows them"""
    LIST_NOT_PUBLISHED = """list_not_published {key}还没有发布
    → 由两人确认后发布;现在的内容用 huimin list show 查看
    {key} was never published
    → let two people confirm it, then publish it; huimin list show shows it as it is"""
    NO_LIST_TO_CONFIRM = """no_list_to_confirm {period}没有等待确认的单位清单
    → 用 huimin list list --period {period} 查看各份清单的状态
    no unit's list of {period} waits to be confirmed
    → huimin list list --period {period} shows the state of each"""
    DRAFT_MOVES_ITEMS = """draft_moves_items 修订稿增减了事项{items},不能放弃
    → 增补的先由两人暂缓,暂缓的先恢复后增补;已撤销的,请确认并发布修订稿
    items {items} entered or left the draft: it can't be dropped
    → take these steps back first; if one was cancelled, publish the draft"""
    NO_PREVIEW = """list_no_preview
    {period}的清单不能由现在的事项预览:现在只编制{now}和{next}的清单
    → 请写{now}或{next};已编制的清单用 huimin list list 列出
    the list of {period} cannot be previewed; those of {now} and {next} can
    → write {now} or {next}; huimin list list shows existing lists"""
    ENTRY_WITHOUT_ITEM = """opening_entry_without_item 清单第{task}项没有对应的事项
    → 请先采集并评星,再在清单文件该项任务下写 item: 事项编号
    entry {task} of the list has no item
    → collect and star it first, then write item: NUMBER below this task"""
    OPENING_EMPTY = """opening_empty {year}年的期初清单没有任务
    → 请在清单文件的 tasks 中写明各项任务
    the opening list of {year} has no task → write its tasks in the file"""
    OPENING_TASK_TWICE = """opening_task_twice 清单第{task}项任务写了两次
    → 请核对任务序号,一个序号只写一次
    task {task} is on the list twice → check the numbers: each is there once"""
    OPENING_ITEM_TWICE = """opening_item_twice 事项{item}对应了清单上的两项任务
    → 请为每项任务各写一个事项
    item {item} carries two tasks of the list → name another item for one of them"""
    OPENING_OF_OTHER_YEAR = """opening_of_other_year 这份期初清单是{key}
    → 请按清单的年份提请
    this opening list is {key} → propose it for its own year"""
    NO_OPENING = """no_opening_list 提请的内容不是期初清单(“{place}”处不合要求)
    → 请用 huimin list open 从清单文件提请
    this text is no opening list (not valid at "{place}")
    → propose it from its file with huimin list open"""
    NO_AREAS_LIST = """list_no_areas_list “{key}”不是板块建议
    → 请写 list/年度/板块,如 list/2027/employment;huimin list list 列出全部
    {key} is not an area's proposal
    → write list/YEAR/AREA, as list/2027/employment; huimin list list shows all"""
    CONSOLIDATED_ALREADY = """list_consolidated_already
    {period}年全市清单已经成册({key}),一年只有一份
    → 请由两人用 huimin list supplement 增补到 {key},或撤销、更正其中的事项
    the city's list of {period} exists already ({key}); a year has one
    → let two people supplement {key}, or cancel or correct its items"""
    AREAS_SILENT = """list_areas_silent 尚未提出清单的板块:{areas}(牵头单位:{units})
    → 请牵头单位用 huimin list propose 提出;逾期不提的,写明理由,按草案列入
    areas that have not proposed: {areas} (lead units: {units})
    → let them propose with huimin list propose, or state why their drafts are taken"""
    NOTHING_PROPOSED = """list_nothing_proposed {period}年各板块没有可列入的事项
    → 请先由两人增补到单位清单,再由牵头单位列入;确要成册的,写明理由
    no area has an item for the list of {period}
    → supplement a unit's list and let the lead unit take it in, or state a reason"""
    NOT_ON_LIST = """list_item_not_on_it 事项{item}不在 {key} 上
    → 请用 huimin list show 查看其中的事项
    item {item} is not on {key} → huimin list show lists its items"""
    NOT_ON_UNITS_LIST = """list_item_not_on_units_list
    事项{item}不在本单位当年的清单 {key} 上,不能列入板块建议
    → 请先由两人用 huimin list supplement 增补到该清单
    item {item} is not on its unit's list {key}, so no area can propose it
    → let two people supplement that list first"""
    OF_OTHER_AREA = """list_item_of_other_area 事项{item}属于“{area}”板块,不能列入 {key}
    → 请由该板块的牵头单位列入其建议
    item {item} is of the area {area} and cannot be on {key}
    → let that area's lead unit take it in"""
    DOCUMENT_TAKEN = """list_document_taken 文号“{document}”已用于 {key} 第{edition}版
    → 请写本版自己的文号
    edition {edition} of {key} has the number {document} → give this edition its own"""
    NOTHING_DESCRIBED = """list_nothing_described 没有写明 {key} 上事项{item}的任何一栏
    → 请至少写一栏:主要内容、目标、配合单位或完成时限
    nothing is said of item {item} on {key}
    → give its text, targets, supporting units or due day"""
    ENTRY_DUE_PAST = """list_entry_due_past 完成时限{due}早于今日({today})
    → 请写今日或以后的日期
    the due day {due} is before today, {today} → set it to today or later"""
    AREA_FULL = """list_area_full {key} 已满:“{area}”板块名额{quota}个
    → 请先用 huimin list leave-out 让出一位
    {key} is full: the area {area} has a quota of {quota}
    → leave out another item first: huimin list leave-out"""
    NO_SUCH_RANK = """list_no_such_rank 没有第{rank}位,最多第{most}位 → 请写1至{most}
    there is no rank {rank}; the last is {most} → write 1 to {most}"""
    LIST_FILLED = """list_filled_already {year}年清单已有{count}项,不能再录入开局清单
    → 请由两人用 huimin list supplement 逐项增补
    the list of {year} has {count} items; an opening list cannot be entered
    → let two people add items with huimin list supplement"""
    LIST_MADE_HERE = """list_made_here {year}年清单由本系统按期产生,不能录入开局清单
    → 请让事项评星后参加截止时的遴选,或在截止后由两人增补
    a job creates the list of {year}; an opening list cannot be entered
    → star the item before the deadline, or let two people add it afterwards"""
    NOT_WHAT_WAS_PUBLISHED = """not_what_was_published
    {unit}在{period}发布的指数是{published},重算却是{found},或分项不同,不能解释
    → 请运行 huimin audit verify 查明何处被改动
    {unit}'s index of {period} is {published}, but recomputed {found}, or parts differ
    → run huimin audit verify to find what was changed"""
    COLORS_WITH_SCORES = """colors_with_scores_only 只有更正计分时可一并更正五色图
    → 请去掉一并更正
    only a correction of scores can correct colors, too → leave out the colors"""
    NO_INDEX = """no_index {unit}在{period}数据不足,没有指数
    → 补报数据后,由两人更正该月计分
    {unit} has no index in {period}: not enough data
    → report the data, then let two people correct the month"""
    RESIDENTS_MISSING = """residents_missing {unit}没有常住人口数
    → 请在 organization.yaml 补 population 并启用
    {unit} has no number of residents
    → add its population to organization.yaml, and activate it"""
    UNIT_NOT_SCORED = """unit_not_scored {period}没有单位“{unit}”的计分 → 请核对单位代码
    {unit} was not scored in {period} → check the unit's code"""
