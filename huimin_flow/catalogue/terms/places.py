"""Places, and the points at which people report their demands (A1, A2)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import StateTerm, StepTerm, Term


class PlaceMatch(Term):
    """By what a written place was recognized, or that it was not."""

    CODE = "code", "代码", "code"
    NAME = "name", "名称", "name"
    OTHER_NAME = "other_name", "别称或简称", "other or short name"
    FORMER = "former", "旧名或旧代码", "former name or code"
    TOWN = "town", "由镇街推定", "its town"
    UNCLEAR = "unclear", "可指多处", "several places"
    UNKNOWN = "unknown", "地点不明", "unknown place"


class PointLevel(Term):
    """The level of a direct-report point (A2)."""

    DISTRICT = "district", "区县", "district"
    TOWN = "town", "乡镇(街道)", "town or street"
    VILLAGE = "village", "村(社区)", "village or community"


class PointState(StateTerm):
    """The state of a direct-report point."""

    IN_USE = "in_use", "在用", "in use"
    TAKEN_DOWN = "taken_down", "已撤点", "taken down"


class PointStep(StepTerm):
    """What is done with a direct-report point."""

    SET_UP = "set_up", "开设", "set up"
    MOVE = "move", "变更", "change"
    TAKE_DOWN = "take_down", "撤点", "take down"
