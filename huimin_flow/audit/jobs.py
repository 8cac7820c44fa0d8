"""The job ledger reckoned again: each due moment, cut and rulebook.

1. A job's event can be read.
2. A job was due when it says, by the timetable and calendar of that time.
3. It ran after it was due, and no later than it was entered.
4. Its cut is the last position that was stamped by its deadline.
5. It decided by the rulebook that was active at its cut.
6. What was due is there, once something that fell due after it was done: a turn does
   what is due oldest first, and what failed is kept beside the ledger.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from huimin_flow.audit.figures import wrong_result
from huimin_flow.audit.ledger import Entry, Ledger
from huimin_flow.catalogue.terms import Flaw, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.rules.core.due import Activation, Due, Key, agenda, was_over
from huimin_flow.store.core.history import moment_of, moment_text
from huimin_flow.store.jobs import failures


def hold_jobs(ledger: Ledger) -> None:
    """Reckon what every run says of itself again, and compare."""
    activations = [
        Activation(since=since, book=ledger.books[digest])
        for _, since, digest in ledger.activations
        if digest in ledger.books
    ]
    if not activations or not ledger.latest:
        return
    told = agenda(activations, moment_of(ledger.latest[-1])).due
    dues = {due.key: due for due in told}
    newest: dict[str, str] = {}
    for one in told:
        newest[one.job] = max(moment_text(one.at), newest.get(one.job, ""))
    for key, entry in sorted(ledger.jobs.items()):
        try:
            _hold(ledger, entry, dues.get(key), key)
            for field, again, law in wrong_result(ledger, entry, dues.get(key), newest):
                place = f"{StreamKind.JOB.key(*key)} {field}"
                ledger.found(Flaw.JOB_MISMATCH, place, again, law=f"figures {law}")
        except (ValueError, KeyError, TypeError) as error:
            ledger.found(
                Flaw.JOB_MISMATCH, StreamKind.JOB.key(*key), error, law="jobs 1"
            )
    hold_missing(ledger, dues, local_day(activations[0].since))


def hold_missing(ledger: Ledger, dues: Mapping[Key, Due], founded: date) -> None:
    """Name what was due and isn't there, though what fell due after it was done.

    A turn does what is due oldest first. What has failed is kept until it is done,
    and holds back what reads it.
    """
    failed = {(one.job, one.period) for one in failures(ledger.connection)}
    undone = {
        key: due
        for key, due in dues.items()
        if key not in ledger.jobs and not was_over(due.period, founded)
    }

    def excused(key: Key) -> bool:
        if key in failed or key not in dues:
            return key not in ledger.jobs
        return key in undone and any(excused(one) for one in dues[key].needs)

    looked = []
    for entry in ledger.jobs.values():
        with suppress(ValueError, KeyError, TypeError):  # law 1 names it
            looked.append((moment_of(entry.said["ran"]), moment_of(entry.said["due"])))
    for key, due in sorted(undone.items()):
        passed_by = any(ran >= due.at and at > due.at for ran, at in looked)
        if passed_by and not excused(key):
            place = StreamKind.JOB.key(*key)
            ledger.found(Flaw.ROW_MISSING, place, moment_text(due.at), law="jobs 6")


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
        ledger.found(Flaw.JOB_MISMATCH, f"{place} due", expected, law="jobs 2")
    if not _ran_then(said, at, moment_of(entry.at)):
        ledger.found(Flaw.JOB_MISMATCH, f"{place} ran", entry.at, law="jobs 3")
    expected_cut = bisect_right(ledger.latest, said["due"])
    if not _is_cut(ledger, entry, expected_cut):
        ledger.found(Flaw.JOB_MISMATCH, f"{place} cut", expected_cut, law="jobs 4")
    ruling = [one for position, _, one in ledger.activations if position <= said["cut"]]
    if ruling and entry.rulebook != ruling[-1]:
        ledger.found(Flaw.JOB_MISMATCH, f"{place} rulebook", ruling[-1], law="jobs 5")


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
