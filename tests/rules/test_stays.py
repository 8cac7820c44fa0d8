"""How long items stay: the days that a part of the cases does not exceed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import groupby, pairwise

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import State
from huimin_flow.rules.core.stays import at_most, by_state, days_of, longest, stays_of

days = st.lists(st.integers(0, 900), min_size=1, max_size=60)


@given(days, st.integers(1, 100))
def test_a_percentile_occurred_and_parts_the_cases_where_it_says(
    cases: list[int], percent: int
) -> None:
    got = at_most(Counter(cases), percent)
    assert got in cases
    assert 100 * sum(case <= got for case in cases) >= percent * len(cases)
    assert 100 * sum(case < got for case in cases) < percent * len(cases)


@given(days, days)
def test_longer_stays_never_lower_a_figure(cases: list[int], more: list[int]) -> None:
    longer = [case + extra for case, extra in zip(cases, more, strict=False)]
    cases = cases[: len(longer)]
    before, after = days_of(Counter(cases)), days_of(Counter(longer))
    assert before.median is not None
    assert before.most is not None
    assert after.median is not None
    assert after.most is not None
    assert before.median <= before.most
    assert before.median <= after.median
    assert before.most <= after.most


def test_no_case_has_no_figure() -> None:
    assert (days_of({}).cases, days_of({}).median, days_of({}).most) == (0, None, None)


#: By item, the states and days of its events.
walks = st.lists(
    st.lists(
        st.tuples(st.sampled_from(list(State)[:5]), st.integers(0, 40)),
        min_size=1,
        max_size=12,
    ),
    max_size=6,
)


@given(walks, st.integers(0, 300))
def test_each_day_of_an_item_belongs_to_one_stay(
    walks: list[list[tuple[State, int]]], first: int
) -> None:
    moves, expected, last = [], Counter[tuple[State, int]](), {}
    for k, walk in enumerate(walks):
        day, own = 0, []
        for state, later in walk:
            day += later
            own.append((f"2026-{k:06}", state, day))
        moves += own
        runs = [(s, next(g)[2]) for s, g in groupby(own, key=lambda move: move[1])]
        for (state, since), (_, until) in pairwise(runs):
            expected[state, until - since] += until >= first
        last[f"2026-{k:06}"] = runs[-1]
    standing, ended = stays_of(moves, first)
    assert {each.number: (each.state, each.since) for each in standing} == last
    got = Counter(
        {(state, n): count for state, own in ended.items() for n, count in own.items()}
    )
    assert got == +expected


def test_an_item_is_stuck_beyond_what_nine_of_ten_needed() -> None:
    begun, today = date(2026, 1, 1).toordinal(), date(2026, 4, 11)
    moves = []
    for k in range(10):  # each is screened after k + 1 days
        moves.append((f"2026-{k:06}", State.COLLECTED, begun))
        moves.append((f"2026-{k:06}", State.SCREENED, begun + k + 1))
    moves += [
        ("2026-000100", State.COLLECTED, today.toordinal() - 9),
        ("2026-000101", State.COLLECTED, today.toordinal() - 10),
    ]
    standing, ended = stays_of(moves, begun)
    states = by_state(standing, ended, today)
    collected = next(each for each in states if each.state is State.COLLECTED)
    assert (collected.left.median, collected.left.most) == (5, 9)
    assert (collected.standing.median, collected.standing.most) == (9, 10)
    stuck = longest(standing, [State.COLLECTED], states, today)
    assert [(each.number, beyond) for each, beyond in stuck] == [("2026-000101", 1)]
    everyone = longest(standing, list(State), states, today)
    assert [beyond for _, beyond in everyone] == [*range(99, 89, -1), 1]
