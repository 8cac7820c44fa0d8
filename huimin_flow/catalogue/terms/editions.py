"""The words of list editions (C3, C5)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class EditionKind(Term):
    """Why an edition of a list exists (C3, C5)."""

    OPENING = "opening", "期初版", "opening"
    ANNUAL = "annual", "年度版", "annual"
    PHASE = "phase", "阶段版", "phase"
    SUPPLEMENT = "supplement", "增补版", "supplement"
    AMENDMENT = "amendment", "修订版", "amendment"


class OpeningWord(Term):
    """What the plan of an entry of an opening list says besides the list's words."""

    CARRIER = "carrier", "{source}第{task}项", "entry {task} of {source}"
    PATH = "path", "按月推进,逐级落实", "month by month, level by level"
    MEASURE = "measure", "好差评与回访", "ratings and call-backs"
    PIECE = "piece", "项", "piece"


class EditionState(Term):
    """Where an edition of a list stands (C3)."""

    DRAFTING = "drafting", "编制中", "drafting"
    FROZEN = "frozen", "已截止", "frozen"
    CONFIRMED = "confirmed", "已确认", "confirmed"
    PUBLISHED = "published", "已发布", "published"
    SUPERSEDED = "superseded", "已被替代", "superseded"
