"""The words of the rulebook's keys, so that a change of it is read in words (F1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from huimin_flow.catalogue.language import in_english

_PARTS: Final = re.compile(r"[^.\[\]]+")

#: By key of the rulebook: its words. A key without any is a code or a name itself.
_KEYS: Final = dict(
    line.split(" ", 1)
    for line in """
accounts 账户
acknowledge_days 签收的工作日
advising 动态调整建议
after 之后
ahead_days 最多提前召集的天数
aliases 别称
answer_days 答复的工作日
answers 诉求答复
areas 板块
asked 请谁响应
assessments 评估
bands 档次
before 之前
before_days 提前的工作日
behind_days 落后的天数
boards 好评榜与差评榜
bodies 责任机构
bound 样本下限
burden 全市每月负担
by 比什么
by_hand 手工填报的数
calendar 日历
callback_percent 回访率下限
carry_days 应有承办事项的天数
chairs 可以主持的角色
changes 镇街变更
channels 渠道
channels_weight 渠道的权重
checks 被要求办理
city 市名
close_days 会后办结的天数
code 代码
colors 五色
common 单独出现不算的地名
complaints 投诉
confirm_days 确认的工作日
consolidate_days 汇总的工作日
convene_days 等候上会的天数
count 件数
criteria 标准
curves 进度曲线
day 日
days 工作日
days_before 提前的天数
days_off 放假日
decline_reasons 不响应的理由
deliberation 专题论证会议
deputies 代理
deputy 代理人
direction 方向
dislike_mark 普遍评价差的分数线
documents 材料
drafts 答复草稿
duties 职责
earliest 最早
elsewhere 由其他单位主管的
endings 名称末尾的字
engagements 第三方评估项目
evaluation 最终评价
every 周期
extension_days 每次延期的工作日
extensions 可延期的次数
feeds 数据共享回流
fields 填写项
figures_source 出处
files 文件
floor 下限
follow_up 差评处置
forecasts 预估
former 旧代码与旧名称
fresh_days 时效天数
from_money 起始金额
from_people 起始人数
from_stars 起始星级
fulfilment 落实度
fulfilment_mark 落实度合格线
fulfilment_weight 落实度的权重
full 满分处
full_channels 渠道满分数
full_people 人数满分数
full_places 地方满分数
gap_title 差距事项的标题
gathering 归并
grounds 须具备的依据
growth_days 比较诉求增长的天数
heading_weight 标题的比重
high 上限
high_from 高风险的依据数
hints 词语
holder 持有人
hour 时
hysteresis 变色余量
id 代号
improving 实施与提升
index 贡献度指数
indicators 指标
intake 采集渠道
interim_weight 中期结果的权重
interval_z 区间宽度
items 事项
job 作业
judging 研判
key 代号
kind 种类
ladder 逐级督办
late_hours 迟办小时
latest 最晚
lead 领先的分
lead_unit 牵头单位
least 最少件数
least_answers 至少的群众评价
least_cases 最少件数
least_dissatisfied 最少不满意份数
least_months 最少月数
least_n 最少样本
least_ratings 最少评价数
least_stars 最低星级
led 只限牵头
levels 层级
life_stages 生命周期阶段
likely_mark 高频问题里先计入的分数线
link_mark 自动归并的分数线
long_after 相隔久的减分
long_days 算相隔久的天数
look_back_days 比对多少天以内的诉求
low 下限
margin 须领先第二名
mark 分数线
measure 统计什么
measure_days 制定措施的工作日
members 计入法定人数的角色
missed 错过时
missing 缺数时
mode 办理方式
money 金额单位
month 月
most 最多件数
most_open 同时待答复的单位数
most_points 最多扣分
name 名称
named 点名
normalizing 换算
notice 通知
numbers_differ 数字不同的减分
objection_days 申诉的工作日
objects 评价对象
of 提醒什么
office 专班办公室
offset 隔期
on_no 答“否”时
on_plan_mark 按计划推进的合格线
online 线上
online_items_only 只限线上事项
orders 督查督办
organization 组织机构
origins 来源
overdue_days 逾期的工作日
par 及格处
part_of 所在区县
partial_share 部分达成计入
pass_mark 合格线
pass_marks 合格线
people 岗位
people_weight 人数的权重
peoples 可略去的民族名
percent 百分比
place_differs 地方不同的减分
placements 安排
places 地方
places_weight 地方的权重
points 扣分
policies 政策执行
population 人口
post 岗位
prevalence 普遍性
progress 进度
progress_mark 进度合格线
proposals 至多请人确认几项
propose_days 提出的工作日
propose_mark 请人确认的分数线
proven_mark 有佐证的合格线
publish_days 发布的工作日
quorum 法定人数
quota_per_area 各板块名额
quota_per_unit 各单位名额
ranked 参加排名
ranking 榜单
rating_codes 评价渠道代码
reach 覆盖
reassign_reasons 调整任务的理由
rectification 整改
referral_bodies 转往的单位
reject_reasons 不予采纳的理由
remind_days 提前几个工作日催办
replication 复制推广
reopen_reasons 重新办理的理由
repeat_appeals 反复反映的件数
repeat_channels 反复反映的渠道数
repeat_days 反复反映的天数
repeat_people 反复反映的人数
resources_decide 资源不足即否
responses 需求响应
return_days 退回后的工作日
return_reasons 退回的理由
reveal_days 揭示的工作日
reviews 调度会
role 岗位的角色
roles 角色
roll 遇休息日
rules 规则
same_points 算相当的百分点
samples 各层抽取
satisfaction_mark 满意度合格线
scale 尺度
scope 范围
scoring 评分
screening 筛选
selection 清单精选
sensitivity 稳健性
service 服务渠道
services 服务事项
sets 组数
settle_days 处理退回任务的工作日
shares 占比
silent_days 静默的天数
silent_months 没有填报数的月数
since 自
slope 斜率
source 出处
span_days 投诉与评价的天数
spot_checks 抽查
stars 星级
steps 步骤
successors 承接单位
suggestions 从文字的建议
superior 上级机构
surveys 满意度调查
target 目标
tell_days 告知进展的工作日
terms 词语
third_party_weight 第三方评估权重
thresholds 档次
tile 格位
timetable 时间表
title 名称
title_factor 标题词语的倍数
tolerance_days 宽限日
tolerances 允许偏差
town 镇街
towns 乡镇街道
transfer_reasons 移交的理由
unit 单位
units 单位
unproven_months 没有佐证的月数
until 止日
usual 通常曲线
valid_from 起始日
valid_to 终止日
verify_days 核验的工作日
village 村社区的写法
villages 村社区
visits 跑动
weight 权重
weights 权重
whole_weight 全文的比重
windows 窗口
within_weight 互含的比重
working_day 第几个工作日
working_weekends 调休上班日
works_from 办理起始日
works_until 办理截止日
year 年
years 年份
z 置信系数
zero_days 动态清零的天数
""".strip().splitlines()
)


def key_words(path: str, names: Mapping[str, str]) -> str:
    """Return the words of a path of the rulebook; ``names`` are those of codes.

    The key of a figure's value adds nothing.

    >>> key_words("rules.selection.quota_per_unit.value", {})
    '规则·清单精选·各单位名额'

    """
    parts = _PARTS.findall(path)
    if parts[-1:] == ["value"]:
        parts = parts[:-1]
    return "·".join(
        part.replace("_", " ")
        if in_english() and part in _KEYS
        else names.get(part) or _KEYS.get(part) or part
        for part in parts
    )
