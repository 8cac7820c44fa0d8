"""The job ledger, computed again: each due moment, cut and rulebook.

1. A job's event can be read.
2. Its due moment follows from the timetable and calendar of that time.
3. It ran after its due moment, and no later than its event was recorded.
4. Its cut is the last position with a stamp up to its deadline.
5. Its rulebook is the one that was active at its cut.
6. No due job is missing if a job with a later due moment has run: the oldest due job
   runs first, and failed jobs are kept in a table of their own. What a declared span
   did is due again.
7. A period ran again, and what it published was published again, only after a
   declaration named its former run.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from huimin_flow.audit.figures import hold_result
from huimin_flow.audit.ledger import Entry, Ledger, microseconds_of
from huimin_flow.catalogue.terms import Flaw, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.rules.core.due import Due, Key, agenda, was_over
from huimin_flow.store.core import positions
from huimin_flow.store.core.history import moment_of, moment_text
from huimin_flow.store.jobs import failures


def hold_jobs(ledger: Ledger) -> None:
    """Compute the due moment, cut and rulebook of every run, and compare."""
    activations = ledger.ruled
    if not activations or not ledger.latest:
        return
    fell_due = agenda(activations, moment_of(ledger.last_stamp)).due
    dues = {due.key: due for due in fell_due}
    newest: dict[str, str] = {}
    for due in fell_due:
        newest[due.job] = max(moment_text(due.at), newest.get(due.job, ""))
    _hold_repeated(ledger)
    entries = [*ledger.jobs.items(), *ledger.repeated]
    for key, entry in sorted(entries, key=lambda each: (each[0], each[1].position)):
        place = StreamKind.JOB.key(*key)
        try:
            _check_run(ledger, entry, dues.get(key), place)
            hold_result(ledger, entry, dues.get(key), newest, place)
        except (ValueError, LookupError, TypeError) as error:
            ledger.flag(Flaw.JOB_MISMATCH, place, error, law="jobs 1")
    if ledger.stamp < ledger.last_stamp:
        fell_due = agenda(activations, moment_of(ledger.stamp)).due
        dues = {due.key: due for due in fell_due}
    hold_missing(ledger, dues, local_day(activations[0].since))


def _hold_repeated(ledger: Ledger) -> None:
    """Check that only what a wrong clock did was done again."""
    again = {entry.request for _, entry in ledger.repeated}
    for key, former in ledger.repeated:
        later = ledger.jobs[key]
        again.add(later.request)
        if not any(
            span.first <= former.position <= span.last
            and declared is not None
            and declared < later.position
            for span, declared in ledger.spans
        ):
            place = StreamKind.JOB.key(*key)
            ledger.flag(Flaw.JOB_MISMATCH, place, former.position, law="jobs 7")
    for stream, request in ledger.again:
        if request not in again:
            ledger.flag(Flaw.JOB_MISMATCH, stream, request, law="jobs 7")


def hold_missing(ledger: Ledger, dues: Mapping[Key, Due], founded: date) -> None:
    """Report due jobs that are missing although jobs due after them have run.

    The oldest due job runs first. A failed job is kept until it is done, and the jobs
    that need its result wait for it.
    """
    failed = {(failure.job, failure.period) for failure in failures(ledger.connection)}
    done = {
        key: entry
        for key, entry in ledger.jobs.items()
        if not ledger.is_declared(entry.position)
    }
    undone = {
        key: due
        for key, due in dues.items()
        if key not in done and not was_over(due.period, founded)
    }

    def excused(key: Key) -> bool:
        if key in failed or key not in dues:
            return key not in done
        return key in undone and any(map(excused, dues[key].needs))

    turns = []
    for public in (entry.public for entry in done.values()):
        with suppress(ValueError, KeyError, TypeError):  # law 1 reports it
            turns.append((moment_of(public["ran"]), moment_of(public["due"])))
    for key, due in sorted(undone.items()):
        skipped = any(ran >= due.at and at > due.at for ran, at in turns)
        if skipped and not excused(key):
            place = StreamKind.JOB.key(*key)
            ledger.flag(Flaw.ROW_MISSING, place, moment_text(due.at), law="jobs 6")


def _check_run(ledger: Ledger, entry: Entry, due: Due | None, place: str) -> None:
    """Check the moments, the cut and the rulebook of a run."""
    public, flaw = entry.public, Flaw.JOB_MISMATCH
    at, ran, entered = map(moment_of, (public["due"], public["ran"], entry.at))
    if due is None or due.at != at:
        expected = None if due is None else moment_text(due.at)
        ledger.flag(flaw, f"{place} due", expected, law="jobs 2")
    # Time passes while a job runs: its lateness, in whole seconds, may be computed
    # a moment after its start.
    least, most = (max(0, int((end - at).total_seconds())) for end in (ran, entered))
    if ran > entered or not least <= public["late_seconds"] <= most:
        ledger.flag(flaw, f"{place} ran", entry.at, law="jobs 3")
    # A job knows nothing that came after its start. If the clock stopped at the
    # deadline, the events between its cut and its own event are its own work. If
    # transactions were open at its cut, what they committed later is a late fact.
    cut, deadline = int(public["cut"]), bisect_right(ledger.latest, microseconds_of(at))
    if ledger.spans:
        earlier = [span for span, n in ledger.spans if n and n < entry.position]
        late = positions.first_late(ledger.connection, at, earlier)
        deadline = len(ledger.latest) if late is None else late - 1
    own = entry.before_request <= cut
    early = cut < deadline and (own or int(public["writers"]) > 0)
    if cut >= entry.position or not (cut == deadline or early):
        ledger.flag(flaw, f"{place} cut", deadline, law="jobs 4")
    ruling = [digest for position, _, digest in ledger.activations if position <= cut]
    if ruling and entry.rulebook != ruling[-1]:
        ledger.flag(flaw, f"{place} rulebook", ruling[-1], law="jobs 5")
