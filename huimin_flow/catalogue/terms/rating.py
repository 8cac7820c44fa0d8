"""The words of service items and their ratings (D3, E4)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import StateTerm, StepTerm, Term


class ServiceMode(Term):
    """How a service item is handled (E4)."""

    SINGLE_WINDOW = "single_window", "一窗综办", "single window"
    ONE_MATTER = "one_matter", "一件事一次办", "one matter, handled once"
    ASSISTED = "assisted", "帮代办", "assisted"
    HOME_SERVICE = "home_service", "上门办", "home service"
    APPLICATION_FREE = "application_free", "免申即享", "without application"
    SILENT_PROCESSING = "silent_processing", "无感智办", "silent processing"
    DIRECT_SUBSIDY = "direct_subsidy", "直补快办", "direct subsidy"


class RatingLevel(Term):
    """The five levels of 好差评 (D3); not the stars of an item."""

    VERY_SATISFIED = "very_satisfied", "非常满意", "very satisfied"
    SATISFIED = "satisfied", "满意", "satisfied"
    FAIRLY_SATISFIED = "fairly_satisfied", "基本满意", "fairly satisfied"
    DISSATISFIED = "dissatisfied", "不满意", "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied", "非常不满意", "very dissatisfied"

    @property
    def bad(self) -> bool:
        """Tell whether the rating must be followed up, 差评.

        >>> RatingLevel.DISSATISFIED.bad, RatingLevel.FAIRLY_SATISFIED.bad
        (True, False)

        """
        return self in {RatingLevel.DISSATISFIED, RatingLevel.VERY_DISSATISFIED}


class RatingField(Term):
    """A field of a rating, in the order of columns; the first six are required."""

    TRANSACTION = "transaction", "办件编号", "transaction"
    UNIT = "unit", "单位", "unit"
    ITEM = "item", "事项", "item"
    CHANNEL = "channel", "渠道", "channel"
    LEVEL = "level", "评价", "level"
    AT = "at", "时间", "time"
    WINDOW = "window", "窗口", "window"
    PERSON = "person", "人员", "person"
    WHO = "who", "评价人", "rater"


class RatingObject(Term):
    """The object of a rating, 评价对象 (D3)."""

    INSTITUTION = "institution", "机构", "institution"
    WINDOW = "window", "窗口", "window"
    PERSON = "person", "人员", "person"


class FollowUpState(StateTerm):
    """The state of the follow-up of a bad rating; PENDING has no event yet."""

    PENDING = "pending", "待整改", "pending"
    ANSWERED = "answered", "已答复", "answered"
    RETURNED = "returned", "已退回", "returned"
    VERIFIED = "verified", "已核实", "verified"
    OBJECTED = "objected", "申诉中", "under objection"
    UPHELD = "upheld", "差评成立", "upheld"
    SET_ASIDE = "set_aside", "不计差评", "set aside"


class FollowUpStep(StepTerm):
    """What an actor does about a bad rating (D3)."""

    ANSWER = "answer", "整改答复", "answer"
    VERIFY = "verify", "核实", "verify"
    RETURN = "return_", "退回", "return"
    OBJECT = "object", "申诉", "object"
    UPHOLD = "uphold", "认定成立", "uphold"
    SET_ASIDE = "set_aside", "认定不计", "set aside"
    HAND_OVER = "hand_over", "移交承接单位", "hand over to the successor"


class Misrating(Term):
    """The ground on which a bad rating may be set aside (D3)."""

    MISTAKEN = "mistaken", "误评", "mistaken"
    MALICIOUS = "malicious", "恶意差评", "malicious"
