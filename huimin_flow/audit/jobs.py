"""The job ledger reckoned again: each due moment, cut and rulebook."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huimin_flow.audit.ledger import Entry, Ledger
from huimin_flow.catalogue.terms import Flaw, StreamKind
from huimin_flow.rules.due import Due, Reign, agenda
from huimin_flow.store.history import moment_of, moment_text


def hold_jobs(ledger: Ledger) -> None:
    """Reckon what every run says of itself again, and compare."""
    reigns = [
        Reign(since=since, book=ledger.books[digest])
        for _, since, digest in ledger.activations
        if digest in ledger.books
    ]
    if not reigns or not ledger.latest:
        return
    told = agenda(reigns, moment_of(ledger.latest[-1])).due
    dues = {(one.job, one.period): one for one in told}
    for key, entry in sorted(ledger.jobs.items()):
        try:
            _hold(ledger, entry, dues.get(key), key)
        except (ValueError, KeyError, TypeError) as error:
            ledger.found(Flaw.JOB_MISMATCH, StreamKind.JOB.key(*key), error)


def _hold(
    ledger: Ledger,
    entry: Entry,
    due: Due | None,
    key: tuple[str, str],
) -> None:
    place = StreamKind.JOB.key(*key)
    said = entry.said
    at = moment_of(said["due"])
    if due is None or due.at != at:
        expected = None if due is None else moment_text(due.at)
        ledger.found(Flaw.JOB_MISMATCH, f"{place} due", expected)
    if not _ran_then(said, at, moment_of(entry.at)):
        ledger.found(Flaw.JOB_MISMATCH, f"{place} ran", entry.at)
    expected_cut = bisect_right(ledger.latest, said["due"])
    if not _is_cut(ledger, entry, expected_cut):
        ledger.found(Flaw.JOB_MISMATCH, f"{place} cut", expected_cut)
    ruling = [one for position, _, one in ledger.activations if position <= said["cut"]]
    if ruling and entry.rulebook != ruling[-1]:
        ledger.found(Flaw.JOB_MISMATCH, f"{place} rulebook", ruling[-1])


def _ran_then(said: Mapping[str, Any], due: datetime, entered: datetime) -> bool:
    """Tell whether a run began no later than it was entered, and late as it says.

    Clocks go on while a job works; its lateness may be told a moment after its
    beginning, and is told in whole seconds.
    """
    ran = moment_of(said["ran"])
    least, most = (max(0, int((one - due).total_seconds())) for one in (ran, entered))
    return ran <= entered and least <= said["late_seconds"] <= most


def _is_cut(ledger: Ledger, entry: Entry, expected: int) -> bool:
    """Tell whether a run took the cut of its deadline.

    It knew nothing of what came after it began: where the clock stood still at
    the deadline, what follows its cut up to its own event is its own work. Where
    transactions were open at its cut, as its event says, what they committed while
    it worked is a late fact.
    """
    cut = int(entry.said["cut"])
    if cut >= entry.position:
        return False
    if cut == expected:
        return True
    own = set(ledger.requests[cut : entry.position]) == {entry.request}
    return cut < expected and (own or int(entry.said["writers"]) > 0)
