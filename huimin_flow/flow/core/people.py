"""Who acts from the shell: an operating-system account and its posts."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import Code, InputCode
from huimin_flow.catalogue.terms import Argument, Via
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor, Directory, Unit
from huimin_flow.store.core import repository


def identify(work: Work, account: str, person: str | None) -> Actor:
    """Return the post that an operating-system account acts as.

    ``person`` chooses among the account's posts. A rehearsal takes any post
    at its word, and says so in every event.

    Raises:
        StepRefused: if the account has no post, not this one, or several.

    """
    organization = work.rulebook.organization
    chosen, via = person or "", Via.REHEARSAL
    if person is None or repository.meta(work.connection, "purpose") != "rehearsal":
        mine = [post.id for post in organization.people if account in post.accounts]
        if not mine:
            raise StepRefused(Code.ACCOUNT_WITHOUT_POST, account=account)
        if person is None and len(mine) > 1:
            raise StepRefused(Code.POST_UNCLEAR, account=account, posts=mine)
        chosen, via = person or mine[0], Via.OPERATING_SYSTEM
        if chosen not in mine:
            raise StepRefused(Code.NOT_YOUR_POST, account=account, person=chosen)
    actor = organization.actor(chosen, via)
    if actor is None:
        raise StepRefused(Code.POST_UNKNOWN, person=chosen)
    return actor


def known_unit(work: Work, unit: str | None) -> None:
    """Refuse a code that no unit ever had; None asks about all units.

    Raises:
        InputRefused: for such a code.

    """
    codes = {None, *(known.code for known in work.rulebook.organization.units)}
    if unit not in codes:
        raise InputRefused(InputCode.UNIT_NEVER_WAS, unit=unit)


def unit(
    work: Work,
    written: Annotated[str, Argument.UNIT],
    *,
    day: Annotated[date | None, Argument.ON] = None,
) -> Unit:
    """Return the unit that words mean on a day, today if it is None.

    A code, an official name, an alias and the beginning of one unit's name are
    taken, full-width signs too.

    Raises:
        InputRefused: if there is none, or several; it names them.

    """
    return Directory(work.rulebook.organization).unit(written, day or work.today)
