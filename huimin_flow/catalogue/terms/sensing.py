"""The words of screening and of suggestions from texts (A3–A5, X1)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class TextPart(Term):
    """A part of what a citizen wrote."""

    TITLE = "title", "标题", "title"
    TEXT = "text", "内容", "text"
