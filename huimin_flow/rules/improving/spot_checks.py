"""Which things may be drawn, of which risk, how many, and the draw (D8, N10).

The draw needs no trust: its seed is made of two secrets whose digests were known before
the population was. Each thing is ranked in its stratum by a digest of seed and id.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from hashlib import sha256
from typing import Final

from huimin_flow.catalogue.terms import Risk, RiskGround, Role, StreamKind
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import Plan, Progress
from huimin_flow.model.improving.spot_checks import (
    PARTIES,
    CheckFinding,
    DrawRecord,
    Population,
    PopulationLine,
    SpotCheck,
    SpotCheckRule,
)
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.ratings import RatingCount
from huimin_flow.rules.executing.progress import paces
from huimin_flow.rules.executing.running import RunStep, running
from huimin_flow.rules.scoring.measuring import Appeals

RULE: Final = "spot_check"
REVISION: Final = 1

#: The fewest hex digits of a secret, 16 bytes, the most, and how many must differ.
SHORTEST, LONGEST, DIFFERENT = 32, 128, 8

_HEX: Final = frozenset("0123456789abcdef")


@value
class CutFacts:
    """The facts on a day, as known at a cut, from which a population follows.

    ``histories`` and ``reports`` are of items that run in the day's month. ``windows``
    are the ratings of windows and ``appeals`` the appeals of the month before.
    ``listed`` are the plans of items with an open entry of a bad board.
    """

    day: date
    histories: Mapping[str, tuple[RunStep, ...]] = field(default_factory=dict)
    reports: Mapping[str, Sequence[Progress]] = field(default_factory=dict)
    windows: tuple[RatingCount, ...] = ()
    appeals: tuple[Appeals, ...] = ()
    listed: Mapping[str, Plan] = field(default_factory=dict)


def population(facts: CutFacts, book: Rulebook) -> tuple[PopulationLine, ...]:
    """Return what may be checked, by id: tasks, and windows that were rated.

    The tasks run, or are of an item on the bad board, also after they have run.
    """
    rule, organization, day = book.improving.spot_checks, book.organization, facts.day
    complaints: Counter[str] = Counter()
    chosen, unit_of = book.scoring.index.complaints, resolver_of(organization).unit_of
    for appeals in facts.appeals:
        if chosen is None or appeals.channel in chosen.channels:
            unit = organization.heir(unit_of(appeals.unit, day), day)
            complaints[unit] += appeals.count
    runs = running(facts.histories, day)
    behind = {
        (line.item, line.task)
        for line in paces(runs, facts.reports, book, day=day)
        if line.is_late  # also what nobody reports
    }
    grounds: dict[tuple[str, str], list[RiskGround]] = {}
    plans = {**facts.listed, **{item.number: item.plan or Plan() for item in runs}}
    for item, plan in plans.items():
        for task in plan.tasks:
            unit = organization.heir(task.unit, day)
            subject = f"{StreamKind.ITEM.key(item)}/{task.key}"
            why = grounds[subject, unit] = []
            why += [RiskGround.BAD_BOARD] if item in facts.listed else []
            why += [RiskGround.PACE_BEHIND] if (item, task.key) in behind else []
    bad: Counter[tuple[str, str]] = Counter()
    for count in facts.windows:
        own, window = count.of
        unit = organization.heir(own, day)
        bad[f"window/{unit}/{window}", unit] += count.good.whole - count.good.part
    for subject_of, number in bad.items():
        many = number >= rule.bad_ratings.value
        grounds[subject_of] = [RiskGround.BAD_RATINGS] if many else []
    lines = []
    for (subject, unit), why in sorted(grounds.items()):
        if complaints[unit] >= rule.complaints.value:
            why.append(RiskGround.COMPLAINTS)
        risk = stratum(why, rule)
        lines.append(
            PopulationLine(id=subject, unit=unit, risk=risk, grounds=tuple(why))
        )
    return tuple(lines)


def stratum(grounds: Collection[RiskGround], rule: SpotCheckRule) -> Risk:
    """Return the stratum of something that may be checked for some grounds."""
    if RiskGround.BAD_BOARD in grounds:
        return Risk.BAD_BOARD
    if len(grounds) >= rule.high_from.value:
        return Risk.HIGH
    return Risk.MEDIUM if grounds else Risk.LOW


def text_of(lines: Iterable[PopulationLine]) -> str:
    """Return the canonical text of a population.

    >>> text_of([PopulationLine(id="window/1/2", unit="1", risk=Risk.LOW)])
    '[["window/1/2","low","1",[]]]'

    """
    rows = [[each.id, each.risk.value, each.unit, list(each.grounds)] for each in lines]
    return canonical(rows).decode()


def lines_of(text: str) -> tuple[PopulationLine, ...]:
    """Return the population of a canonical text.

    Raises:
        ValueError: for another text.

    """
    return tuple(
        PopulationLine(
            id=subject,
            unit=unit,
            risk=Risk(risk),
            grounds=tuple(map(RiskGround, grounds)),
        )
        for subject, risk, unit, grounds in json.loads(text)
    )


def counted(lines: Iterable[PopulationLine]) -> dict[Risk, int]:
    """Return how many lines each stratum has."""
    counts = Counter(line.risk for line in lines)
    return {risk: counts[risk] for risk in Risk}


def sizes(counts: Mapping[Risk, int], rule: SpotCheckRule) -> dict[Risk, int]:
    """Return how many of each stratum are drawn: its share, rounded up, in bounds."""
    drawn = {}
    for risk in Risk:
        sample = rule.samples[risk]
        share = -(-counts[risk] * sample.share.value // 100)
        wanted = min(max(share, sample.least.value), sample.most.value)
        drawn[risk] = min(counts[risk], wanted)
    return drawn


def digest_of(text: str) -> str:
    """Return the hex SHA-256 of a text: a commitment to a secret, a population's."""
    return sha256(text.encode()).hexdigest()


def is_weak(secret: str) -> bool:
    """Tell whether a text is no secret: too short, too long, no hex, few digits.

    >>> is_weak("0123456789abcdef" * 2), is_weak("00" * 16), is_weak("12ab")
    (False, True, True)

    """
    digits = set(secret)
    fits = SHORTEST <= len(secret) <= LONGEST and digits <= _HEX
    return not fits or len(digits) < DIFFERENT


def seed_of(secrets: Mapping[Role, str]) -> str:
    """Return the hex SHA-256 of both secrets, the office's first, with a colon."""
    return digest_of(":".join(secrets[party] for party in PARTIES))


def draw(
    seed: str, lines: Sequence[PopulationLine], sizes: Mapping[Risk, int]
) -> tuple[PopulationLine, ...]:
    """Return what is drawn, stratum by stratum, by rank.

    The rank of a thing is the hex SHA-256 of seed, colon and id; the lowest are drawn.
    """
    strata: dict[Risk, list[PopulationLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda each: digest_of(f"{seed}:{each.id}")):
        strata[line.risk].append(line)
    return tuple(line for risk in Risk for line in strata[risk][: sizes[risk]])


def record_of_draw(check: SpotCheck, kept: Population) -> DrawRecord:
    """Return what is published of a draw."""
    return DrawRecord(
        key=check.key,
        position=check.position,
        commitments={each.party: each.digest for each in check.commitments},
        secrets={each.party: each.secret for each in check.reveals},
        seed=check.seed,
        population=kept.text,
        population_digest=kept.digest,
        sizes=check.sizes,
        drawn={
            risk: tuple(each.id for each in check.drawn if each.risk is risk)
            for risk in Risk
        },
    )


def points_off(finding: CheckFinding, rule: SpotCheckRule) -> int:
    """Return the points that a finding takes off an index."""
    return rule.points[finding.severity].value
