"""Spot checks, 抽查: sealed draws that can be repeated, and findings (D8, N10)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import date
from typing import Annotated, Final

from huimin_flow.catalogue.terms import (
    CheckWay,
    PopulationState,
    Risk,
    RiskGround,
    Role,
    Severity,
    SpotCheckState,
)
from huimin_flow.model.core.rules import Bounds, Count, Figure, Percent, WorkingDays
from huimin_flow.model.core.values import value

#: The two parties of a draw, in the order in which their secrets make its seed.
PARTIES: Final = (Role.OFFICE, Role.SUPERVISION)

#: A number of things to check; 0 leaves a stratum out.
_Size = Annotated[Figure, Bounds(0, 10_000)]
_PointsOff = Annotated[Figure, Bounds(0, 100)]


@value
class SampleRule:
    """How many of a stratum are drawn: a ``share``, at least and at most so many."""

    share: Percent
    least: _Size
    most: _Size


@value
class SpotCheckRule:
    """The figures of spot checks (D8).

    What is on the bad board is a stratum of its own. Something else with ``high_from``
    grounds or more is of high risk, with one or more of medium risk. A window has many
    bad ratings from ``bad_ratings`` in the month before the cut, a unit many complaints
    from ``complaints``. A secret is revealed within ``reveal_days`` working days after
    the cut; a finding is answered within ``answer_days`` after the check is done.
    ``points`` are taken off the unit's index of that month for a finding, by its
    severity, together at most ``most_points``.
    """

    samples: Mapping[Risk, SampleRule]
    high_from: Count
    complaints: Count
    bad_ratings: Count
    reveal_days: WorkingDays
    answer_days: WorkingDays
    points: Mapping[Severity, _PointsOff]
    most_points: _PointsOff


@value
class PopulationLine:
    """What may be checked: a task ``item/2027-000001/T1``, a ``window/500101/3号``.

    ``unit`` is the one that is checked. ``risk`` follows from the ``grounds``.
    """

    id: str
    unit: str
    risk: Risk
    grounds: tuple[RiskGround, ...] = ()


@value
class Population:
    """What could be drawn, fixed at a ``position`` of the history on a ``day``.

    ``text`` is canonical JSON: ``[id, risk, unit, [ground, …]]`` by id; ``digest`` is
    its hex SHA-256.
    """

    key: str
    state: PopulationState
    day: date
    position: int
    rulebook: str
    text: str
    digest: str
    version: int = 1


@value
class Commitment:
    """A party's hex SHA-256 of a secret, and its post."""

    party: Role
    digest: str
    by: str


@value
class Reveal:
    """A party's secret, hex digits, and its post."""

    party: Role
    secret: str
    by: str


@value
class CheckFinding:
    """What was found at something drawn: by whom, how, when, how serious.

    ``files`` are the digests of the evidence, attached to the check. ``reason`` is
    that of a correction.
    """

    subject: str
    unit: str
    way: CheckWay
    severity: Severity
    what: str
    checked_on: date
    by: str
    files: tuple[str, ...] = ()
    reason: str = ""


@value
class UnitAnswer:
    """What the checked unit says to a finding."""

    subject: str
    unit: str
    text: str
    day: date
    by: str


@value
class SpotCheck:
    """A spot check; nobody but its parties may read it before it is done or void.

    ``repeats`` is the key of the void one that it repeats. ``position``, ``counts``,
    ``sizes`` and ``population`` (a digest) are those of the cut. ``failed`` are the
    parties that did not reveal in time.
    """

    key: str
    title: str
    state: SpotCheckState
    planned_on: date
    planned_by: str
    repeats: str = ""
    commitments: tuple[Commitment, ...] = ()
    cut_on: date | None = None
    position: int = 0
    population: str = ""
    counts: Mapping[Risk, int] = field(default_factory=dict)
    sizes: Mapping[Risk, int] = field(default_factory=dict)
    reveals: tuple[Reveal, ...] = ()
    seed: str = ""
    drawn: tuple[PopulationLine, ...] = ()
    findings: tuple[CheckFinding, ...] = ()
    answers: tuple[UnitAnswer, ...] = ()
    done_on: date | None = None
    failed: tuple[Role, ...] = ()
    reason: str = ""
    version: int = 1

    def uncommitted(self) -> tuple[Role, ...]:
        """Return the parties that have not committed."""
        known = {each.party for each in self.commitments}
        return tuple(party for party in PARTIES if party not in known)

    def unrevealed(self) -> tuple[Role, ...]:
        """Return the parties that have not revealed."""
        known = {each.party for each in self.reveals}
        return tuple(party for party in PARTIES if party not in known)

    def unchecked(self) -> tuple[PopulationLine, ...]:
        """Return what was drawn and has no finding."""
        known = {each.subject for each in self.findings}
        return tuple(each for each in self.drawn if each.id not in known)

    def finding(self, subject: str) -> CheckFinding | None:
        """Return the finding at something drawn, None without one."""
        return next((each for each in self.findings if each.subject == subject), None)

    def open_findings(self) -> tuple[CheckFinding, ...]:
        """Return what was found wrong and is not answered."""
        said = {each.subject for each in self.answers}
        return tuple(
            each
            for each in self.findings
            if each.severity is not Severity.NONE and each.subject not in said
        )


def party_of(roles: Collection[Role]) -> Role | None:
    """Return the party for which roles act, None for none."""
    return next((party for party in PARTIES if party in roles), None)


def checked_unit(before: SpotCheck | None, after: SpotCheck) -> str:
    """Return the unit of the finding or answer in which two versions differ, or ""."""
    for name in ("findings", "answers"):
        old = () if before is None else getattr(before, name)
        for each in getattr(after, name):
            if each not in old:
                return str(each.unit)
    return ""


@value
class MadeSecret:
    """A secret that was made for a party, shown once, and its commitment."""

    key: str
    party: Role
    digest: str
    secret: str


@value
class DrawRecord:
    """What is published of a draw, so that anybody can repeat it without the engine.

    ``commitments`` and ``secrets`` are by party, ``sizes`` and ``drawn`` by stratum.
    ``population`` is the canonical text, ``population_digest`` its hex SHA-256.
    """

    key: str
    position: int
    commitments: Mapping[Role, str]
    secrets: Mapping[Role, str]
    seed: str
    population: str
    population_digest: str
    sizes: Mapping[Risk, int]
    drawn: Mapping[Risk, tuple[str, ...]]
