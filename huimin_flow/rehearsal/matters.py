"""What a rehearsal is about, besides the real list."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Area, Origin, Question

#: What a deliberation says of a matter that passes.
YES = {
    Question.WANTED: "群众多次反映",
    Question.PERMITTED: "符合现行法规政策",
    Question.CAPABLE: "经费、人员、系统均已落实",
    Question.WARRANTED: "属于本部门职责且见效快",
}

#: Matters of districts: title, origin, how high they score, area.
LOCAL = (
    ("社区就业服务站周末不开门", Origin.OPINION, 78, Area.EMPLOYMENT),
    ("零工市场缺少遮雨候工区", Origin.PROBLEM, 82, Area.EMPLOYMENT),
    ("退休认证仍要求到场", Origin.POLICY, 75, Area.SOCIAL_SECURITY),
    ("技能培训补贴到账慢", Origin.PROBLEM, 70, Area.EMPLOYMENT),
    ("劳动争议调解预约难", Origin.OPINION, 66, Area.LABOR_RELATIONS),
    ("村级社保代办点设备陈旧", Origin.PROBLEM, 35, Area.SOCIAL_SECURITY),
)

#: The districts that bring them.
UNITS = ("500101", "500106", "500112", "500230", "500243", "500156")
