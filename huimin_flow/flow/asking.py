"""What an act of two people needs to be told when it is asked for (F1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huimin_flow.catalogue.reasons import InputCode, reason_of
from huimin_flow.catalogue.terms import TwoPeople
from huimin_flow.errors import InputRefused
from huimin_flow.model.text import showable

#: By act: the values it needs, and those it may have besides.
_VALUES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "supplement": (("item", "edition"), ()),
    "confirm": (("edition",), ()),
    "cancel": (("item", "reason"), ()),
    "defer": (("item", "reason"), ("version",)),
    "activate": (("digest",), ()),
    "correct": (("key", "reason"), ("colors",)),
    "set_aside": (("transaction", "finding"), ("version",)),
}


def refuse_unfit(act: str, values: Mapping[str, str]) -> None:
    """Refuse an unknown act, and values that are missing, empty or not its own.

    Raises:
        InputRefused: saying what is wrong with which.

    """
    if act not in _VALUES:
        raise InputRefused(InputCode.NO_TWO_PEOPLE, given=act, choices=TwoPeople)
    needed, optional = _VALUES[act]
    code = InputCode
    wrong = [
        *((code.ASKED_MISSING, name) for name in needed if name not in values),
        *(
            (code.ASKED_EMPTY, name)
            for name in (*needed, *optional)
            if not values.get(name, "-").strip()
        ),
        *(
            (code.ASKED_STRANGE, showable(name))
            for name in sorted(values.keys() - {*needed, *optional})
        ),
    ]
    if wrong:
        asked: dict[str, object] = {"act": act, "choices": needed}
        raise InputRefused(
            tuple(
                reason_of(why, {**asked, "asked": name, "given": name})
                for why, name in wrong
            )
        )
