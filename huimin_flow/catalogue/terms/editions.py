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


class EditionState(Term):
    """Where an edition of a list stands (C3)."""

    DRAFTING = "drafting", "编制中", "drafting"
    FROZEN = "frozen", "已截止", "frozen"
    CONFIRMED = "confirmed", "已确认", "confirmed"
    PUBLISHED = "published", "已发布", "published"
    SUPERSEDED = "superseded", "已被替代", "superseded"
