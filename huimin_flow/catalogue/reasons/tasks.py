"""Why tasks don't reach an item's targets, and why a step of a task is refused."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class TaskCode(ReasonCode):
    """What an item's tasks lack, or why a task is not returned, settled or met."""

    # The tasks' targets against the item's own.
    TARGET_UNSHARED = """target_unshared 事项目标“{indicator}”没有任务承担 → *plan
    no task has a share of the target {indicator} → *plan"""
    TARGET_SHORT = """target_short
    事项目标“{indicator}”须达到{needed}{unit},各任务合计{promised},还差{lacking} → *plan
    the tasks sum to {promised} of {needed} {unit} of {indicator}: {lacking} short
    → *plan"""
    MEMBERS_LEFT = """members_left
    事项目标“{indicator}”还有没有任务承担的:{missing} → *plan
    no task covers these members of the target {indicator}: {missing} → *plan"""
    SHARE_ASIDE = """share_aside 任务“{task}”承担的“{indicator}”不计:{aside}
    the share of {indicator} of task {task} does not count: {aside}"""
    SHARE_UNLIKE = """share_unlike
    任务“{task}”的指标“{indicator}”与事项目标的种类、单位或比较方式不一致
    → 请改成与事项目标一致,或改用另一个指标名称
    {indicator} of task {task} differs from the target in kind, unit or comparison
    → make them alike, or give the indicator of the task another name"""
    SHARE_ABOVE = """share_above
    任务“{task}”的“{indicator}”为{value},超过事项目标的{target} → *plan
    task {task} has {value} of {indicator}, more than the whole {target} → *plan"""
    MEMBERS_STRANGE = """members_strange
    任务“{task}”的“{indicator}”列有事项目标没有的:{members} → *plan
    task {task} names members of {indicator} that the target has not: {members}
    → *plan"""
    SHARE_LOW = """share_low
    任务“{task}”的“{indicator}”为{value},低于事项目标{target}
    → 比率不能相加,请每项任务都不低于事项目标
    task {task} has {value} of {indicator}, below the item's target {target}
    → rates don't add up, so let each task's be at least the target"""
    SHARE_NOT_ZERO = """share_not_zero 任务“{task}”的“{indicator}”为{value},不是零
    → 动态清零的目标,请每项任务都为零
    task {task} has {value} of {indicator}, not zero → let each task's target be zero"""
    # A plan's tasks.
    KEY_TWICE = """task_key_twice 任务代号“{task}”用了不止一次,或是空的
    → 请给每项任务一个自己的代号
    the task key {task} is empty or there twice → give each task a key of its own"""
    INDICATOR_TWICE = """indicator_twice “{indicator}”在同一处写了两次
    → 请只留一个,或改用另一个名称
    the indicator {indicator} is there twice → leave one, or give it another name"""
    # Reassignment.
    NOTHING_CHANGED = """nothing_changed 任务“{task}”的责任单位、目标、时限都没有变
    → 请写明改成什么
    nothing of task {task} changes: neither unit, nor targets, nor due day
    → say what it becomes"""
    SHARE_UNKNOWN = """share_unknown
    任务“{task}”没有指标“{indicator}”,指标有:{indicators}
    → 请改用其中之一
    task {task} has no indicator {indicator}; its indicators: {indicators}
    → use one of them"""
    # Tasks that are sent back.
    NOT_THEIRS = """task_not_theirs 任务“{task}”由“{unit}”负责,不能由他人退回
    → 请由该单位的岗位退回
    {unit} answers for task {task}, so nobody else sends it back
    → let a post of that unit do it"""
    LEADS_ITSELF = """task_leads_itself “{unit}”就是牵头单位,任务“{task}”无须退回
    → 请直接调整任务(huimin item reassign)
    {unit} leads the item itself, so task {task} is not sent back
    → reassign the task instead (huimin item reassign)"""
    RETURNED_ALREADY = """task_returned_already 任务“{task}”已经退回,尚待处理({key})
    → 请等牵头单位处理后再退回
    task {task} was sent back already and is not settled ({key})
    → wait until the lead unit has settled it"""
    RETURNS_OPEN = """task_returns_open 还有退回的任务没有处理:{tasks}
    → 请先调整(huimin item reassign)或维持原分工(huimin task retain)
    tasks were sent back and are not settled: {tasks}
    → reassign them first (huimin item reassign), or retain (huimin task retain)"""
    # What is reported as executed.
    NO_FIGURE = """task_no_figure 任务“{task}”的“{indicator}”从未报送,不能算完成
    → 请先报送进度(huimin item progress)
    {indicator} of task {task} was never reported, so it is not met
    → report its progress first (huimin item progress)"""
    BELOW_TARGET = """task_below_target
    任务“{task}”的“{indicator}”为目标{target}的{score}%,没有达标,不能算完成
    → 数据有误的先更正;到期仍未达标的,如实报告为未完成(不写 --met)
    {indicator} of task {task} is at {score}% of its target {target}: it is not met
    → correct wrong figures; once it is due, report it as missed (without --met)"""
