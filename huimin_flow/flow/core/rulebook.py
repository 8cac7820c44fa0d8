"""The activation of rulebooks: the first of a new database, and later ones."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import Duty, RecordStep, StreamKind, Via
from huimin_flow.errors import StoreRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, permitted, record
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.evidence import Acting
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.store.core import repository

#: The actor who creates a database; there is no organization yet with posts.
FOUNDER = Actor(id="founder", unit="", roles=frozenset(), via=Via.FILE)


def found(work: Work, book: Rulebook) -> str:
    """Activate the first rulebook of a new database; return its digest.

    Raises:
        StoreRefused: if a rulebook is active already.

    """
    if repository.active_digest(work.connection) is not None:
        raise StoreRefused(StoreCode.FOUNDED)
    purpose = repository.meta(work.connection, "purpose")
    founder = Acting(actor=FOUNDER, day=work.today, organization=book.organization)
    return _activate(work, book, founder, purpose=purpose)


@act(Duty.ACTIVATE, two=True)
def activate(work: Work, book: Rulebook, *, by: Actor = ACTING, second: Actor) -> str:
    """Activate a rulebook by two people; return its digest.

    Both must have the duty under the rulebook that is active now.
    """
    work.two_people(by, second, Duty.ACTIVATE)
    digest = _activate(work, book, acting_as(work, by, second))
    work.activated()
    return digest


def _activate(work: Work, book: Rulebook, by: Acting, **more: str | None) -> str:
    text = rulebook_text(book)
    # The caller's digest may be of the text from which this rulebook was made.
    book = rulebook_from_text(text)
    repository.keep_rulebook(work.connection, book.digest, text)
    work.known[book.digest] = book
    permit = permitted(work, StreamKind.RULEBOOK.key(), RecordStep.ACTIVATE, by)
    record(work, permit, {"digest": book.digest, **more}, rulebook=book.digest)
    return book.digest
