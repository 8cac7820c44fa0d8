"""The source of a figure in words: the notice, the bureau, batches, items (X3)."""

from __future__ import annotations

import re

from huimin_flow.catalogue.language import in_english, say
from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.model.scoring.scores import HOLDERS

#: What "ours" means, the source of a figure that no document has.
_OURS = "本系统自定"

_HAN = re.compile("[\u4e00-\u9fff]$")

#: The pattern of a stored source → its words, with the parts of the source. The first
#: match counts, so longer patterns are first.
_WORDS = (
    (StreamKind.BATCH.key("none"), "没有导入的数据"),
    (StreamKind.BATCH.key(r"(\d+)–(\d+) \((\d+)\)"), "第{}至{}批中的{}批"),
    (
        StreamKind.ITEM.key(r"([\w-]+)/([^/、;]+)/([^/、;]+)"),
        "事项{}任务{}“{}”",
    ),
    (rf"({'|'.join(HOLDERS)})/([\w-]+)", None),
    (StreamKind.RULEBOOK.key(r"(\w+)"), "规则库{}"),
    (r" ?\bours\b", _OURS),
)
_KEPT = re.compile("|".join(f"(?:{pattern})" for pattern, _ in _WORDS))


def in_words(source: str) -> str:
    """Return the source of a figure in words, for screens and pages.

    >>> in_words("item/2023-000001; batch/81–270 (6)")
    '事项2023-000001;第81至270批中的6批'
    >>> in_words("batch/7、batch/9"), in_words("batch/none")
    ('第7批、第9批', '没有导入的数据')
    >>> in_words("通知 附件2 任务10(办理方式为 ours)"), in_words("rulebook/701f")
    ('通知 附件2 任务10(办理方式为本系统自定)', '规则库701f')
    >>> in_words("item/2023-000001/T1/补贴人数")
    '事项2023-000001任务T1“补贴人数”'

    """
    text = _KEPT.sub(_replacement, source)
    if in_english():
        return re.sub(r"(?<=[^ (])\(", " (", text.replace("、", ", "))
    return text.replace("; ", ";")


def _replacement(match: re.Match[str]) -> str:
    text = match.group()
    for pattern, words in _WORDS:
        if parts := re.fullmatch(pattern, text):
            before = match.string[: match.start()]
            if words == _OURS and in_english() and _HAN.search(before):
                return text  # it ends a sentence of the rulebook, which is Chinese
            if words is None:
                return say(HOLDERS[StreamKind(parts[1])]).format(parts[2])
            return say(words).format(*parts.groups())
    return text
