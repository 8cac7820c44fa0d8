"""The words of what posts may do beside the steps of an item (F1)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class Duty(Term):
    """What a role may do beside the steps of an item (F1)."""

    CONFIRM = "confirm", "复核确认", "confirm"
    ACTIVATE = "activate", "启用规则库", "activate a rulebook"
    PUBLISH = "publish", "发布清单", "publish a list"
    EXCUSE = "excuse", "免除任务", "excuse a task"
    DELIBERATE = "deliberate", "召集论证会议", "hold a deliberation"
    ASSESS = "assess", "委托与验收评估", "order and settle assessments"
    IMPORT = "import", "导入数据", "import data"
    REPORT = "report", "报送进展", "report progress"
    TIMETABLE = "timetable", "运行时间表", "run the timetable"
    AUDIT = "audit", "审计", "audit"
