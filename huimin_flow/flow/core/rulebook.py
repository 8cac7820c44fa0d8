"""The activation of rulebooks: the first of a new database, and later ones."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.catalogue.reasons import ExtensionCode, StoreCode
from huimin_flow.catalogue.terms import Duty, RecordStep, StreamKind
from huimin_flow.errors import InputRefused, StoreRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, permitted, record
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import FOUNDER, Actor
from huimin_flow.model.evidence import Acting
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.states.authority import admits
from huimin_flow.store.core import repository


def found(work: Work, book: Rulebook) -> str:
    """Activate the first rulebook of a new database; return its digest.

    A host that brings extensions is here with all of them: one that the rulebook names
    and nobody brings is misspelt, and every later step would be refused.

    Raises:
        InputRefused: for such an extension, or a section that doesn't fit.
        StoreRefused: if a rulebook is active already.

    """
    if repository.active_digest(work.connection) is not None:
        raise StoreRefused(StoreCode.FOUNDED)
    if work.extensions and book.extensions:
        from huimin_flow.settings.extensions import find  # noqa: PLC0415 - few have any

        for name in sorted(book.extensions):
            if find(name, work.extensions) is None:
                raise InputRefused(ExtensionCode.MISSING, extension=name)
    purpose = repository.meta(work.connection, "purpose")
    founder = Acting(actor=FOUNDER, day=work.today, organization=book.organization)
    return _activate(work, book, founder, purpose=purpose)


def admit(work: Work, book: Rulebook) -> None:
    """Activate the accounts of a rulebook's posts if no two people could (F1).

    Nothing else of the active rulebook changes. A rehearsal needs no accounts.
    """
    active, accounts = work.rulebook, {p.id: p for p in book.organization.people}
    people = tuple(
        replace(
            post, accounts=accounts[post.id].accounts, holder=accounts[post.id].holder
        )
        if post.id in accounts
        else post
        for post in active.organization.people
    )
    known = replace(active, organization=replace(active.organization, people=people))
    known = rulebook_from_text(rulebook_text(known))
    production = repository.meta(work.connection, "purpose") == "production"
    if production and known != active and admits(active, known, work.today):
        founder = Acting(
            actor=FOUNDER, day=work.today, organization=active.organization
        )
        _activate(work, known, founder)
        work.activated()


@act(Duty.ACTIVATE, two=True)
def activate(work: Work, book: Rulebook, *, by: Actor = ACTING, second: Actor) -> str:
    """Activate a rulebook by two people; return its digest.

    Both must have the duty under the rulebook that is active now.

    Raises:
        StepRefused: if one of them may not, or both are one person.

    """
    work.two_people(by, second, Duty.ACTIVATE)
    digest = _activate(work, book, acting_as(work, by, second))
    work.activated()
    return digest


def _activate(work: Work, book: Rulebook, by: Acting, **more: str | None) -> str:
    text = rulebook_text(book)
    # The caller's digest may be of the text from which this rulebook was made.
    book = rulebook_from_text(text)
    if book.extensions:
        from huimin_flow.settings.extensions import (  # noqa: PLC0415 - few have any
            require_fit,
        )

        require_fit(book, work.extensions)
    repository.keep_rulebook(work.connection, book.digest, text)
    work.known[book.digest] = book
    permit = permitted(work, StreamKind.RULEBOOK.key(), RecordStep.ACTIVATE, by)
    record(work, permit, {"digest": book.digest, **more}, rulebook=book.digest)
    return book.digest
