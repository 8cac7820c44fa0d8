"""The places of the notice that a figure may name as its source (X5)."""

from __future__ import annotations

import re

#: What a figure names that the bureau itself has set.
OURS = "ours"

#: The clauses of the notice: part, section, number.
CLAUSES = frozenset({
    "二(一)", "二(一)1", "二(一)2", "二(一)3",
    "二(二)", "二(二)1", "二(二)2", "二(二)3", "二(二)4",
    "二(三)", "二(三)1", "二(三)2", "二(三)3",
    "二(四)", "二(四)1", "二(四)2", "二(四)3", "二(四)4",
    "三(一)", "三(二)", "三(三)",
})  # fmt: skip

#: Its other places: to whom it is addressed, and its list of tasks.
_PLACES = frozenset({"主送机关", "附件2", *(f"附件2 任务{n}" for n in range(1, 21))})

_CITED = re.compile(
    r"通知\s*([一二三四五六七八九十]+(?:\([一二三四五六七八九十]+\))?[0-9]*"
    r"|附件[0-9]+(?: 任务[0-9]+)?|主送机关)?"
)


def unknown(source: str, *, figure: bool) -> bool:
    """Tell whether a source names no place of the notice that there is.

    A ``figure`` has no other source than the notice or the bureau itself; what
    else a file describes may name other documents.

    >>> unknown("通知 二(四)4:月评价", figure=True)
    False
    >>> unknown("通知 二(四)9", figure=True)
    True
    >>> unknown("GB/T 2260", figure=False), unknown("GB/T 2260", figure=True)
    (False, True)

    """
    told = source.translate({0xFF08: "(", 0xFF09: ")"})
    cited = _CITED.findall(told)
    if any(one not in CLAUSES | _PLACES for one in cited):
        return True
    return figure and not cited and re.match(rf"{OURS}\b", told) is None
