"""config/ is validated whole: file, line, key, value and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from huimin_flow.catalogue.reasons import Language, speaking
from huimin_flow.errors import ConfigRefused
from huimin_flow.settings import load_rulebook


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("rules.yaml", "urgency: {value: 35", "urgency: {value: 36", "合计101,不是100"),
        ("rules.yaml", "quorum: {value: 3", "quorum: {value: 三", "应为整数"),
        ("rules.yaml", "full_places: {value: 5", "full_places: {value: 99", "1–42"),
        ("rules.yaml", "full_channels: {value: 3", "full_channels: {value: 15", "1–14"),
        (
            "rules.yaml",
            "repeat_channels: {value: 2",
            "repeat_channels: {value: 15",
            "1–14",
        ),
        ("rules.yaml", "  quorum: {value: 3, source: ours}\n", "", "缺少该项"),
        ("rules.yaml", "  quorum:", "  quorun:", "不认识该项"),
        ("rules.yaml", "judging:  #", "judging：  #", "全角冒号"),
        ("rules.yaml", "capable: defer", "capable: merge", "只能是 reject、defer"),
        ("rules.yaml", "{value: 55,", "{value: 30,", "逐档升高"),
        ("rules.yaml", "stars:  #", "screening:  #", "写了两次"),
        ("rules.yaml", "judging:  #", "judging:  [", "不是合法的 YAML"),
        ("rules.yaml", "  below_pass_mark: 筛选得分不足\n", "", "below_pass_mark"),
        (
            "organization.yaml",
            "lead_unit: DIV-JYC",
            "lead_unit: DIV-XXX",
            "没有该代码的单位",
        ),
        ("organization.yaml", "id: office-2", "id: office-1", "与另一处重复"),
        ("organization.yaml", "name: 涪陵区", "name: 5", "应为文字"),
        ("organization.yaml", "name: 涪陵区", "name: 万州区", "也叫“万州区”"),
        ("places.yaml", '  "500103": {', '  "599103": {', "没有该代码的单位"),
        ("places.yaml", '{"001": 高笋塘街道', '{"01": 高笋塘街道', "不是ASCII代码"),
        ("places.yaml", 'town: "500109008"', 'town: "500109998"', "没有该代码的镇街"),
        (
            "places.yaml",
            '"500106": [沙区]',
            '"500101998": [甲]',
            "没有该代码的镇街",
        ),
        ("places.yaml", 'unit: "FA-WSJK"', 'unit: "FA-XXXX"', "没有该代码的单位"),
        ("organization.yaml", "roles: [town]", "roles: [operator]", "镇街的岗位只能是"),
        (
            "organization.yaml",
            "deputies: []",
            "deputies: []\nplaces: {source: ours}",
            "不认识该项",
        ),
        ("organization.yaml", 'code: "500102"', 'code: "500101"', "两个单位使用该代码"),
        ("timetable.yaml", "day: 15", "day: 25", "12月中旬"),
        ("holidays/2024.yaml", "2024-01-01", "2024-13-01", "应为日期"),
        ("holidays/2024.yaml", "关于2024年", "关于2023年", "没有写2024年"),
        ("channels.yaml", "origins: [problem]", "origins: [rumor]", "不是可用的词"),
        ("service_items.yaml", "mode: one_matter", "mode: two_matters", "不是可用的词"),
        ("scoring.yaml", "weight: {value: 40", "weight: {value: 41", "合计101,不是100"),
        ("scoring.yaml", "weight: {value: 40", "weight: {value: 0", "应不小于1"),
        ("scoring.yaml", "high: {value: 70", "high: {value: 69", "有空档或重叠"),
        ("scoring.yaml", "high: {value: 70", "high: {value: 71", "有空档或重叠"),
        ("scoring.yaml", "low: {value: 0, s", "low: {value: 1, s", "从0到100"),
        ("scoring.yaml", "    green: {low", "    grey: {low", "不是可用的词"),
        ("scoring.yaml", "    red: {value: 5", "    red: {value: 6", "合计101,不是100"),
        ("scoring.yaml", "key: caseload", "key: satisfaction", "与另一处重复"),
        (
            "scoring.yaml",
            "        target: {value: 98, source: ours}\n",
            "",
            "缺少 target",
        ),
        ("scoring.yaml", "usual: linear", "usual: straight", "没有“straight”"),
        ("scoring.yaml", "shares: [4, 4, 6", "shares: [4, 4, 7", "合计100"),
        (
            "scoring.yaml",
            "least_months: {value: 2",
            "least_months: {value: 4",
            "应在1至3之间",
        ),
        ("scoring.yaml", "sets: {value: 243", "sets: {value: 0", "应在1至6561"),
        ("scoring.yaml", "named: {value: 3", "named: {value: 0", "应在1至"),
        ("scoring.yaml", "direction: lower", "direction: down", "不是可用的词"),
        (
            "service_items.yaml",
            "key: startup_grant",
            "key: talent_services",
            "与另一处重复",
        ),
        ("service_items.yaml", "{code: W02,", "{code: W01,", "与另一处重复"),
        ("service_items.yaml", "    figures_source: ours\n", "", "缺少 figures_source"),
        ("service_items.yaml", "  kiosk: {", "  kiosks: {", "没有“kiosks”"),
        ("service_items.yaml", "{value: 15,", "{value: 0,", "应在1至250之间"),
        ("rules.yaml", "quorum: {value: 3", "quorum: {value: -3", "应在2至100之间"),
        ("rules.yaml", "possibility: {value: 60", "possibility: {value: 160", "0至100"),
        (
            "rules.yaml",
            "quota_per_unit: {value: 10",
            "quota_per_unit: {value: 0",
            "应在",
        ),
        ("rules.yaml", "    talent: {value: 10", "    talent: {value: 0", "应在1至"),
        ("rules.yaml", "from_stars: {value: 5", "from_stars: {value: 6", "1至5之间"),
        ("rules.yaml", "左右: {value: 5", "左右: {value: 500", "应在0至100之间"),
        ("rules.yaml", "zero_days: {value: 30", "zero_days: {value: 0", "1至366"),
        (
            "rules.yaml",
            "fulfilment_mark: {value: 90",
            "fulfilment_mark: {value: 900",
            "应在0至100之间",
        ),
        (
            "rules.yaml",
            "urgency: {value: 35, source: ours}\n        fundamentality: {value: 25",
            "urgency: {value: -40, source: ours}\n        fundamentality: {value: 100",
            "应不小于0",
        ),
        ("timetable.yaml", "job: progress_call", "job: foo", "不是可用的词"),
        ("timetable.yaml", "every: quarter", "every: yearly", "不是可用的词"),
        ("timetable.yaml", "every: quarter", "every: month", "只能是 quarter"),
        ("timetable.yaml", "roll: back", "roll: sideways", "不是可用的词"),
        ("timetable.yaml", "missed: each", "missed: maybe", "不是可用的词"),
        ("timetable.yaml", "missed: each", "missed: once", "不能略过任何一期"),
        ("timetable.yaml", "hour: 18", "hour: 24", "应在0至23之间"),
        ("timetable.yaml", "working_day: 3", "working_day: 30", "应在1至15之间"),
        ("timetable.yaml", "  working_day: 3\n", "", "只用一种写法"),
        ("timetable.yaml", "  day: 25\n", "  day: 25\n  working_day: 3\n", "一种写法"),
        ("timetable.yaml", "day: 25", "day: 31", "应在1至28之间"),
        ("scoring.yaml", "count: {value: 6", "count: {value: 0", "应在1至1000之间"),
        ("scoring.yaml", "slope: {value: 5", "slope: {value: -5", "应在0至"),
        ("scoring.yaml", "full: {value: 100", "full: {value: 500", "应在0至100之间"),
        (
            "scoring.yaml",
            "floor: {value: 40",
            "floor: {value: 90",
            "不得早于或小于 floor",
        ),
        ("scoring.yaml", "par: {value: 80", "par: {value: 8000", "应在0至100之间"),
        ("scoring.yaml", "scale: {value: 10000", "scale: {value: 0", "应在1至"),
        ("scoring.yaml", "least_n: {value: 30", "least_n: {value: -30", "应在0至"),
        ("scoring.yaml", "hysteresis: {value: 3", "hysteresis: {value: 1000", "0至20"),
        ("scoring.yaml", "z: {value: 1.96", "z: {value: 0", "应大于0"),
        (
            "scoring.yaml",
            "- key: caseload",
            "- key: case_load",
            "没有“case_load”",
        ),
        (
            "scoring.yaml",
            "- key: caseload",
            "- key: ours\n      measure: follow_up_on_time",
            "follow_ups_on_time(差评按期答复率)",
        ),
        (
            "scoring.yaml",
            "channels: [hotline_12333,",
            "channels: [hotline_12345,",
            "没有“hotline_12345”",
        ),
        (
            "scoring.yaml",
            "tolerance_days: {value: 10",
            "tolerance_days: {value: -10",
            "应在0至366之间",
        ),
        (
            "scoring.yaml",
            "orange: {value: 15, source: ours}\n    red: {value: 5",
            "orange: {value: 120, source: ours}\n    red: {value: -100",
            "应在0至100之间",
        ),
        ("organization.yaml", "tile: [6, 4]", "tile: [8, 2]", "在同一格"),
        ("organization.yaml", "tile: [6, 4]", "tile: [60, 40]", "示意图的格子之内"),
        ("organization.yaml", "population: 1115016", "population: -1", "应不小于1"),
        (
            "organization.yaml",
            "主送机关, ranked: false",
            "主送机关",
            "监督单位不参加排名",
        ),
        (
            "organization.yaml",
            "valid_to: 2025-11-06, works_until: 2026-01-25",
            "valid_to: 2025-11-05, works_until: 2026-01-25, valid_from: 2025-11-06",
            "应晚于或大于 valid_from",
        ),
        ("organization.yaml", " works_until: 2026-01-25,", "", "办理到哪一天"),
        (
            "organization.yaml",
            "works_until: 2026-01-25",
            "valid_from: 2026-01-25, works_until: 2026-01-25",
            "应晚于或大于 valid_from",
        ),
        (
            "organization.yaml",
            "code: FA-GXQ-2",
            "code: FA-GXQ-1",
            "bodies.1.code = FA-GXQ-1:与另一处重复",
        ),
        (
            "organization.yaml",
            'successors: ["500157"]',
            'successors: ["x"]',
            "没有该代码",
        ),
        (
            "service_items.yaml",
            "callback_percent: {value: 100",
            "callback_percent: {value: 101",
            "0至100",
        ),
    ],
)
def test_a_broken_config_is_refused_with_place_and_remedy(
    broken: Callable[[str, str, str], Path], name: str, old: str, new: str, said: str
) -> None:
    with pytest.raises(ConfigRefused) as refused:
        load_rulebook(broken(name, old, new))
    problems = str(refused.value)
    assert said in problems
    assert name in problems
    assert "第" in problems
    assert all(";" in str(one) for one in refused.value.problems)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "hour: 18\n  missed: each\n  source: 通知 二(四)4:五色图",
            "hour: 9\n  missed: each\n  source: ours",
        ),
        (
            "hour: 18\n  missed: each\n  source: 通知 三(三):按季列榜单",
            "hour: 9\n  missed: each\n  source: ours",
        ),
    ],
)
def test_nothing_that_rests_on_the_months_score_falls_due_before_it(
    broken: Callable[[str, str, str], Path], old: str, new: str
) -> None:
    with pytest.raises(ConfigRefused, match="用同一种写法定日,且不早于它"):
        load_rulebook(broken("timetable.yaml", old, new))


def test_a_problem_is_a_code_at_a_place_and_speaks_two_languages(
    broken: Callable[[str, str, str], Path],
) -> None:
    with pytest.raises(ConfigRefused) as refused:
        load_rulebook(broken("rules.yaml", "quorum: {value: 3", "quorum: {value: 1"))
    (problem,) = refused.value.problems
    assert (problem.file, problem.key) == ("rules.yaml", "judging.quorum.value")
    assert problem.reason.code == refused.value.code == "config_out_of_range"
    assert problem.reason.values == {"low": 2, "high": 100}
    line = problem.line
    assert str(problem) == (
        f"rules.yaml 第{line}行 judging.quorum.value = 1:应在2至100之间;请改正"
    )
    with speaking(Language.ENGLISH):
        assert str(refused.value) == (
            f"rules.yaml line {line} judging.quorum.value = 1: "
            "it must be from 2 to 100; correct it"
        )
        assert refused.value.remedy.startswith("correct all problems")


def test_the_choices_of_a_name_are_said_with_their_labels_in_the_doors_language(
    broken: Callable[[str, str, str], Path],
) -> None:
    folder = broken("scoring.yaml", "- key: caseload", "- key: case_load")
    with pytest.raises(ConfigRefused, match=r"caseload\(办件数与人口\)、"):
        load_rulebook(folder)
    with pytest.raises(ConfigRefused) as refused:
        load_rulebook(folder)
    with speaking(Language.ENGLISH):
        assert "caseload (rated transactions by residents), " in str(refused.value)


def test_hysteresis_is_refused_where_colors_go_by_shares(
    broken: Callable[[str, str, str], Path],
) -> None:
    folder = broken(
        "scoring.yaml",
        "  by: bands\n  hysteresis: {value: 3,",
        "  by: shares\n  hysteresis: {value: 1,",
    )
    with pytest.raises(ConfigRefused, match="按占比分色时没有缓冲"):
        load_rulebook(folder)
