"""The base of all words: an identifier with a Chinese and an English label."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Self

from huimin_flow.catalogue.language import in_english


class Term(StrEnum):
    """A word with its labels in two languages."""

    label: str
    english: str

    def __new__(cls, value: str, label: str = "", english: str = "") -> Self:
        """Create a member from its stored value, Chinese and English label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.english = english
        return member

    @property
    def spoken(self) -> str:
        """Return the label in the language of the moment."""
        return self.english if in_english() else self.label


def kinds(of: type[Term] = Term) -> list[type[Term]]:
    """Return every kind of words that has words, refusals aside, by name."""
    found = [kind for kind in of.__subclasses__() if kind is not ReasonCode]
    deeper = [kind for each in found for kind in kinds(each)]
    return sorted([*filter(len, found), *deeper], key=lambda kind: kind.__name__)


class StateTerm(Term):
    """A word for a state of a stream; each life has its own words."""


class StepTerm(Term):
    """A word for a step in a stream."""


#: By name: ways out that several reasons share, in Chinese and English.
_SHARED = {
    "another": (
        "请由具有同一权限的另一人(不同岗位、不同账户)复核",
        "let another person with the same duty, another post and account, confirm",
    ),
    "assess": (
        "请先委托、提交并采信该项评估(huimin assessment)",
        "request, submit and accept that assessment first",
    ),
    "cell": (
        "请改正后重新导入;这次什么也没有记入",
        "correct it and import the file again; nothing was recorded",
    ),
    "evidence": (
        "请先办理出具该结论的一步,再办本步",
        "first take the step that gives this verdict",
    ),
    "figure": ("请核对数值", "check the figure"),
    "kind": ("请核对指标类型", "check the kind of the indicator"),
    "line": (
        "请改正该行后,导入未收的文件",
        "correct the line, then import the file of refused lines",
    ),
    "plan": ("请在实施方案中补充后重新分解", "add it to the plan, then assign again"),
    "post": (
        "请在 organization.yaml 为岗位登记 accounts 并启用(推演库可用 --by)",
        "add the post's accounts to organization.yaml and activate it",
    ),
    "right": (
        "请由有此权限的岗位办理;各角色的权限由 huimin permissions 列出",
        "let a post with that right do it; huimin permissions lists the rights",
    ),
    "save": (
        "请用表格软件另存为只含数据的 .xlsx 后重试",
        "save it as an .xlsx file with data only",
    ),
    "score": ("请填写0至100的整数评分", "enter a whole score from 0 to 100"),
    "show": (
        "请取消隐藏与筛选,核对后再导入;不用的请删去",
        "unhide it, check it and import again; delete what is not needed",
    ),
    "clock": (
        """请核对:时钟错了,校准后自动继续;时钟没有错,用 huimin clock confirm \
确认此刻的时间;在此之前不作任何决定""",
        """check it: if the clock is wrong, set it, and work goes on; if it is right, \
confirm the present time with huimin clock confirm; until then nothing is decided""",
    ),
    "ahead": (
        """本机时钟走慢的,请校准;记录的时间超前的(时钟曾走错),由两人用 \
huimin clock declare 认定走错的一段,见 huimin clock show;在此之前不作任何决定""",
        """if the clock is slow set it; if the records are ahead (a wrong clock acted) \
two people declare it with huimin clock declare, see huimin clock show; until then \
nothing is decided""",
    ),
    "text": (
        "请从原系统导出为文本(不经表格软件另存)后重新导入",
        "export it as text from the original system and import that file",
    ),
}


class ReasonCode(Term):
    """A reason of a refusal or a finding: a template in each language, and a way out.

    Its declaration is a text: the stored value, a Chinese sentence and, on a new
    line, an English sentence. The way out follows an arrow, which may begin a line;
    ``→ *plan`` after both sentences is a shared way out. The reason's values fill the
    templates. A code without a way out is a rule's finding; no refusal has it.
    """

    way: str
    way_english: str

    def __new__(cls, text: str) -> Self:
        """Create a member from its declaration."""
        value, declared = text.split(maxsplit=1)
        lines = re.sub(r"\s*\n\s*(?=→)", " ", declared).splitlines()
        chinese, english = (line.strip().partition(" → ") for line in lines)
        shared = english[2].startswith("*")
        ways = _SHARED[english[2][1:]] if shared else (chinese[2], english[2])
        member = str.__new__(cls, value)
        member._value_, member.label, member.english = value, chinese[0], english[0]
        member.way, member.way_english = ways
        return member
