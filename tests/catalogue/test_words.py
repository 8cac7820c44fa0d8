from __future__ import annotations

import re
import string

import pytest

from huimin_flow.catalogue import reasons
from huimin_flow.catalogue.reasons import Code, RatingCode, ScoreCode, sentence, spoken
from huimin_flow.catalogue.terms import Role, StateTerm, StepTerm, Term, kinds
from huimin_flow.errors import HuiminError
from huimin_flow.model.core.events import Reason

KINDS = kinds()


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_has_both_labels_and_an_ascii_name(kind: type[Term]) -> None:
    for word in kind:
        assert word.label
        assert word.english
        assert re.fullmatch(r"[a-z0-9_]+", word.value)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_words_of_a_kind_share_a_label(kind: type[Term]) -> None:
    labels = [word.label for word in kind]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("words", [StateTerm, StepTerm])
def test_states_and_steps_of_one_value_have_one_label(words: type[Term]) -> None:
    labels: dict[str, set[tuple[str, str]]] = {}
    for kind in kinds(words):
        for word in kind:
            labels.setdefault(word.value, set()).add((word.label, word.english))
    assert {value: said for value, said in labels.items() if len(said) > 1} == {}


@pytest.mark.parametrize("code", [*Code, *RatingCode, *ScoreCode])
def test_both_sentences_of_a_reason_ask_for_the_same_values(code: Term) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert fields(code.label) == fields(code.english)


def test_an_unknown_code_is_shown_as_itself() -> None:
    assert sentence("from_the_future", {"a": 1}).startswith("from_the_future")


def test_a_missing_value_is_shown_by_its_name() -> None:
    assert "{rule}" in sentence(Code.VERDICT_MISSING, {})


def test_a_spoken_reason_says_who_can_help() -> None:
    reason = Reason(code=Code.NO_TASK, supplier=Role.OPERATOR)
    assert spoken(reason) == "没有分解任务(可由经办人补充)"


def test_a_refusal_carries_its_remedy() -> None:
    assert HuiminError(Code.NO_TASK, remedy="换一个").remedy == "换一个"
    assert reasons.Code.NO_TASK.label


#: The words of the field: what the document says, and what the code calls it.
WORDS = """
诉求 appeal · 申诉 objection · 投诉 complaint · 民生需求事项 item
问题反映 problem · 社情民意 opinion · 政策执行 policy
采集渠道 channel · 直报点 reporting_point · 普遍性 prevalence · 紧迫性 urgency
根本性 fundamentality · 重要性 importance · 可能性 possibility · 研判 judgment
专题论证会议 deliberation · 想做 wanted · 可做 permitted · 能做 capable · 该做 warranted
可行性 feasibility · 可感性 perceptibility · 民生需求台账 demand_ledger
民生任务台账 task_ledger · 民生任务清单 annual_list · 下阶段清单 phase_list
惠民有感强度 perceived_benefit · 预估执行效度 expected_effectiveness
成果形式 deliverable · 惠民效果 outcome · 社会效益 social_benefit · 就业创业 employment
社会保障 social_security · 人才人事 talent · 劳动关系 labor_relations
牵头单位 lead_unit · 配合单位 supporting_units · 第三方 third_party · 合法性 legality
信访 petition_risk · 舆情 opinion_risk · 贡献度评价指数 contribution_index
落实度 implementation_rate · 业务量 caseload · 投诉率 complaint_rate
满意度 satisfaction_rate · 五色图 five_color_chart · 红 red · 橙 orange · 黄 yellow
蓝 blue · 绿 green · 月评价 monthly_score · 季度榜单 quarterly_ranking
好差评 service_rating · 好评榜 good_board · 差评榜 bad_board · 整改 rectification
督查督办 supervision_order · 复制推广 replication · 动态调整 adjustment
四不两直 unannounced · 互联网核查 online · 专班 task_force · 专班办公室 office
综合 coordination · 宣传 publicity · 窗口建设 window_building · 信息化 informatization
监督 supervision · 调度 review_meeting · 驾驶舱 cockpit · 闭环 closed_loop
全生命周期 life_stage · 一窗综办 single_window · 一件事一次办 one_matter
帮代办 assisted · 上门办 home_service · 免申即享 application_free
无感智办 silent_processing · 直补快办 direct_subsidy · 退回 return_ · 更正 amend
撤销 cancel · 代理 deputy
"""


@pytest.mark.parametrize("pair", WORDS.replace("\n", " · ").strip(" ·").split(" · "))
def test_each_word_of_the_design_is_one_of_ours_in_both_languages(pair: str) -> None:
    said, name = pair.split()
    called = [word for kind in KINDS for word in kind if word.value == name]
    assert any(said in word.label and word.english for word in called), called
