"""The words of a voice's way: how an item comes to answer it (F4)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class Tie(Term):
    """How an item came into the way of a voice."""

    HANGS = "hangs", "挂接的事项", "item it hangs on"
    MERGED_INTO = "merged_into", "并入的事项", "item it was merged into"
    SPLIT_FROM = "split_from", "拆分出的事项", "part split off"
    CONTINUES = "continues", "接续的事项", "successor"
    RESPONDS_TO = "responds_to", "响应的事项", "response"
    ARISES_FROM = "arises_from", "由此产生的事项", "item that arose of it"
