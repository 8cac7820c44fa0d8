"""The way out of a refusal, one for each code that a refusal may carry.

A code stands either in ``WAYS`` or in ``FINDINGS``, never in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from huimin_flow.catalogue.reasons.life import Code
from huimin_flow.catalogue.reasons.rating import RatingCode
from huimin_flow.catalogue.reasons.scoring import ScoreCode
from huimin_flow.catalogue.terms import Term


class Way(NamedTuple):
    """What can be done, in two languages; the reason's values fill both."""

    label: str
    english: str


_EVIDENCE = Way(
    "请先办理出具该结论的一步,再办本步",
    "take the step that gives this finding first",
)
_LINE = Way(
    "请改正该行后,导入未收的文件",
    "mend the line, then import the file of refused lines",
)
_OWNER = Way(
    "请由“{unit_name}”或其承接单位的岗位办理",
    "let a post of {unit_name}, or of its successor, do it",
)
_ANOTHER = Way(
    "请由具有同一权限的另一人(不同岗位、不同账户)复核",
    "let another person with the same duty confirm, of another post and account",
)
_POST = Way(
    "请在 organization.yaml 为岗位登记 accounts 并启用",
    "give the post its accounts in organization.yaml and activate it",
)
_RIGHT = Way(
    "请由具有该权限的岗位办理;各角色的权限见 organization.yaml",
    "let a post with that right do it; organization.yaml lists every role's",
)
_ASSESS = Way(
    "请先委托、提交并采信该项评估(huimin assessment)",
    "request, submit and accept that assessment first",
)
_SCORE = Way("请填写0至100的整数评分", "give a whole score of 0 to 100")
_PLAN = Way("请在实施方案中补充后重新分解", "add it to the plan and assign again")

#: What to do about each reason of a refusal.
WAYS: Mapping[Term, Way] = MappingProxyType(
    {
        # the machine and its guards
        Code.NO_SUCH_ARC: Way(
            "请先办理此时可以的一步;已到终点的不再办理,需要时重新采集",
            "take a step that is possible; what has ended is collected anew",
        ),
        Code.NOT_SO_FAR: Way(
            "请先办到“{needed}”,再“{step}”",
            "bring it to {needed}, then {step} it",
        ),
        Code.VERDICT_MISSING: _EVIDENCE,
        Code.VERDICT_NEGATIVE: Way(
            "请按该结论补足条件后重新认定",
            "mend what the finding names, then have it found anew",
        ),
        Code.FACT_MISSING: Way("请补充“{fact}”后再办", "supply {fact}, then try again"),
        Code.SECOND_PERSON_NEEDED: _ANOTHER,
        Code.SAME_PERSON: _ANOTHER,
        Code.UNKNOWN_REASON_CODE: Way(
            "请从规则库的理由代码中选用", "take one of the rulebook's reason codes"
        ),
        Code.FREEZE_NEEDED: Way(
            "请等清单截止,或在截止后由两人增补",
            "wait for the list's deadline, or supplement it afterwards by two people",
        ),
        Code.MERGE_INTO_SELF: Way("请写另一事项的编号", "name another item"),
        Code.MERGE_TARGET_CLOSED: Way(
            "请并入仍为已采集或已筛选的事项",
            "merge into an item that is collected or screened",
        ),
        Code.SUCCESSOR_OPEN: Way(
            "请在事项“{item}”上继续办理", "go on with item {item} instead"
        ),
        Code.TASK_UNSETTLED: Way(
            "请补报该任务的进展,或由上级免除(huimin item excuse)",
            "report the task's progress, or let the superior excuse it",
        ),
        Code.STALE_VERSION: Way("请重新查看后再决定", "look at it again, then decide"),
        Code.PART_STALE: Way(
            "请用 huimin item return 退回,重新认定后再办",
            "return the item, have that part decided anew, then go on",
        ),
        Code.NOT_AMENDABLE: Way(
            "只能更正标题、说明、板块、生命周期阶段和来源类型;其他内容随办理步骤改变",
            "only title, description, area, life stage and origin can be corrected",
        ),
        Code.EVALUATION_PASSED: Way(
            "请直接提出调整建议(huimin item adjust)", "go on to the adjustment"
        ),
        # authority
        Code.DUTY_MISSING: _RIGHT,
        Code.UNIT_NOT_AT_WORK: Way(
            "请由当日办理业务的单位(承接单位)的岗位办理",
            "let a post of a unit that is at work that day do it",
        ),
        Code.DUTY_NOT_CITY_WIDE: Way(
            "请由具有全市权限的岗位办理", "let a post with the city-wide duty do it"
        ),
        Code.STEP_NOT_PERMITTED: _RIGHT,
        Code.OTHER_UNITS_ITEM: _OWNER,
        Code.ACCOUNT_WITHOUT_POST: _POST,
        Code.NOT_YOUR_POST: _POST,
        Code.POST_UNCLEAR: Way("请用 --by 写明岗位", "name the post with --by"),
        Code.POST_UNKNOWN: Way(
            "请核对 organization.yaml 中的岗位代号",
            "look up the post's id in organization.yaml",
        ),
        Code.PROPOSAL_SETTLED: Way(
            "请用 huimin proposal list 查看;需要时重新提请",
            "see the list of proposals; propose it anew where needed",
        ),
        # of readiness
        Code.PLAN_FIELD_MISSING: _PLAN,
        Code.NO_TASK: _PLAN,
        Code.TASK_WITHOUT_UNIT: _PLAN,
        Code.TASK_UNMEASURED: _PLAN,
        Code.TASK_DUE_BEFORE_START: Way(
            "请把任务的期限改为今日或以后", "put the task's due day at today or later"
        ),
        Code.TARGET_NOT_MEASURABLE: _PLAN,
        Code.ASSESSMENT_MISSING: _ASSESS,
        Code.ASSESSMENT_HIGH_RISK: Way(
            "请先处置风险,再重新委托评估并采信",
            "treat the risk, then request and accept a new assessment",
        ),
        # rules that could decide nothing
        Code.SCORE_MISSING: _SCORE,
        Code.SCORE_OUT_OF_RANGE: _SCORE,
        Code.ANSWER_MISSING: Way(
            "请在研判中回答该问题并写明理由", "answer the question with its reason"
        ),
        Code.GROUNDS_MISSING: Way(
            "请写明该回答的理由", "give the reason for this answer"
        ),
        Code.QUORUM_NOT_MET: Way(
            "请另行召开到会不少于{quorum}人的论证会议",
            "hold a deliberation with at least {quorum} present",
        ),
        Code.NOT_ON_AGENDA: Way(
            "请登记议程含该事项的论证会议,再研判",
            "hold a deliberation that has the item on its agenda",
        ),
        # ratings
        RatingCode.UNKNOWN_UNIT: _LINE,
        RatingCode.UNKNOWN_ITEM: _LINE,
        RatingCode.UNKNOWN_WINDOW: _LINE,
        RatingCode.UNKNOWN_CHANNEL: _LINE,
        RatingCode.UNKNOWN_LEVEL: _LINE,
        RatingCode.TIME_IN_FUTURE: _LINE,
        RatingCode.TIME_TOO_EARLY: _LINE,
        RatingCode.TIME_UNREADABLE: _LINE,
        RatingCode.TEXT_UNFIT: _LINE,
        RatingCode.PERSONAL: _LINE,
        RatingCode.LINE_TOO_LONG: _LINE,
        RatingCode.LINE_CUT: _LINE,
        RatingCode.LINE_MISSHAPED: _LINE,
        RatingCode.LINE_UNREADABLE: _LINE,
        RatingCode.FIELD_TWICE: _LINE,
        RatingCode.DUPLICATE_TRANSACTION: Way(
            "请向该渠道核对哪一条属实;已记入的不改",
            "ask the channel which is right; what is kept stays",
        ),
        RatingCode.OTHER_UNIT: Way(
            "请由“{given}”或市级岗位导入", "let {given} or a city-wide post import it"
        ),
        RatingCode.NO_SUCH_STEP: Way(
            "请先办理此时可以的一步;已核实或不计的差评不再办理",
            "take a step that is possible; what is verified or set aside has ended",
        ),
        RatingCode.NOT_BAD: Way(
            "待办的差评见 huimin rating bad", "the bad ratings that wait are listed"
        ),
        RatingCode.CALLBACK_MISSING: Way(
            "请退回,由责任单位回访后在答复中写明回访日期",
            "return it: the unit calls back and answers with the day of it",
        ),
        RatingCode.OWN_CASE: Way(
            "请由办公室(办公室为当事单位时由其他单位)中未提出申诉的人认定",
            "let the office judge, or other units where the office was rated",
        ),
        RatingCode.SETTLED_ALREADY: Way(
            "请按认定结论答复整改", "answer the rating as the finding says"
        ),
    }
)

#: What a rule found and an event or a page tells: no refusal carries it.
FINDINGS: frozenset[Term] = frozenset(
    {
        *ScoreCode,
        Code.REACHES_PASS_MARK,
        Code.BELOW_PASS_MARK,
        Code.ANSWERED_NO,
        Code.ATTRIBUTE_REACHES,
        Code.ATTRIBUTE_BELOW,
        Code.STARS_GIVEN,
        Code.SELECTED,
        Code.PLACED_ELSEWHERE,
        Code.TOO_FEW_STARS,
        Code.UNIT_QUOTA_FULL,
        Code.AREA_QUOTA_FULL,
        Code.TARGET_MET,
        Code.TARGET_MISSED,
        Code.CASES_CLEARED,
        Code.CASES_LATE,
        Code.MEMBERS_MISSING,
        Code.NO_DATA,
    }
)
