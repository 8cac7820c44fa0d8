"""What the bench says of its samples: pairs, quartiles, gates, and the exit code."""

from __future__ import annotations

import json
import math
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import growth, harness, page
from bench.growth import Series
from bench.harness import Line, Sample, Size, Variant

TIMES = st.floats(min_value=1e-6, max_value=1e3)
BOUNDS = st.floats(min_value=1e-3, max_value=1e3)
USUAL = Size(blocks=9, tiny=False)


@given(st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=40))
def test_a_ratio_pairs_the_two_of_one_block(blocks: list[tuple[float, float]]) -> None:
    ours, others = zip(*blocks, strict=True)
    assert harness.paired(ours, others) == [mine / other for mine, other in blocks]
    assert harness.paired(ours, ours) == [1] * len(blocks)


@given(st.lists(TIMES, min_size=1, max_size=40))
def test_the_quartiles_lie_around_the_median_and_among_the_values(
    values: list[float],
) -> None:
    spread = harness.spread(values)
    assert min(values) <= spread.low * (1 + 1e-9)
    assert spread.low <= spread.median <= spread.high
    assert spread.high <= max(values) * (1 + 1e-9)


def test_the_quartiles_of_nine_blocks_are_the_third_and_the_seventh() -> None:
    assert harness.spread([9, 1, 8, 2, 7, 3, 6, 4, 5]) == harness.Spread(3, 5, 7)


@given(st.lists(TIMES, min_size=1, max_size=20), BOUNDS)
def test_a_gate_breaks_only_half_again_beyond_its_bound(
    values: list[float], bound: float
) -> None:
    spread = harness.spread(values)
    assert harness.broken(spread, bound) == (spread.low > 1.5 * bound)
    lower = harness.broken(spread, bound, at_least=True)
    assert lower == (spread.high < bound / 1.5)
    assert not (harness.broken(spread, bound) and harness.met(spread, bound))
    assert not (lower and harness.met(spread, bound, at_least=True))


def test_noise_in_a_quarter_of_the_blocks_breaks_no_gate() -> None:
    calm, storm = [1.0] * 6, [100.0] * 3
    assert not harness.broken(harness.spread(calm + storm), 1.0)
    assert harness.broken(harness.spread([1.6] * 9), 1.0)
    assert not harness.broken(harness.spread([1.4] * 9), 1.0)


def test_variants_take_turns_and_the_first_block_only_warms_up() -> None:
    ran: list[tuple[str, int]] = []
    variants = [
        Variant(name, lambda block, name=name: ran.append((name, block)), 2)  # type: ignore[misc]
        for name in "abc"
    ]
    samples = harness.turns(variants, 2)
    assert "".join(name for name, _ in ran) == "abcbcacab"
    assert [block for _, block in ran] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert {name: len(times) for name, times in samples.items()} == dict.fromkeys(
        "abc", 2
    )


SAMPLES = {
    "ours": [Sample(cpu=2.0, wall=6.0), Sample(cpu=4.0, wall=6.0)],
    "bare": [Sample(cpu=1.0, wall=2.0), Sample(cpu=2.0, wall=3.0)],
}


@pytest.mark.parametrize(
    ("by", "faster", "ratio", "ours"),
    [("CPU", False, 2, 3), ("CPU", True, 0.5, 3), ("wall", False, 2.5, 6)],
)
def test_a_line_compares_what_it_names(
    by: str, ratio: float, ours: float, *, faster: bool
) -> None:
    line = harness.compare("act", SAMPLES, "ours", "bare", by=by, faster=faster)
    assert math.isclose(line.spread.median, ratio)
    assert (line.ours, line.at_least) == (ours, faster)


def gate(median: float, bound: float | None) -> Line:
    spread = harness.spread([median])
    return Line(workload="act", by="CPU", spread=spread, bound=bound)


@pytest.mark.parametrize(
    ("line", "verdict", "code"),
    [
        (gate(1.0, 1.0), "met", 0),
        (gate(1.4, 1.0), "missed", 0),
        (gate(1.6, 1.0), "broken", 1),
        (gate(1.6, None), "", 0),
    ],
)
def test_only_a_broken_gate_fails_the_bench(
    line: Line, verdict: str, code: int
) -> None:
    assert line.cells()[-1] == verdict
    with pytest.raises(SystemExit) as left:
        harness.leave(USUAL, [line])
    assert left.value.code == code


def test_a_tiny_run_judges_no_gate() -> None:
    with pytest.raises(SystemExit) as left:
        harness.leave(Size(blocks=1, tiny=True), [gate(9.0, 1.0)])
    assert left.value.code == 0


def test_a_workload_that_fails_fails_the_bench() -> None:
    with pytest.raises(SystemExit) as left:
        harness.leave(USUAL, [], ["acts"])
    assert left.value.code == 1


def test_lines_come_back_from_the_file_as_they_were() -> None:
    lines = [gate(1.6, 1.0), harness.compare("act", SAMPLES, "ours", "bare")]
    plain = json.loads(json.dumps([asdict(line) for line in lines]))
    assert harness.lines_of(plain) == lines


@pytest.mark.parametrize(
    ("name", "value"), [("SIZES", "huge"), ("BLOCKS", "0"), ("BLOCKS", "many")]
)
def test_an_unknown_size_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=f"{name} is {value}"):
        Size.wanted()


def test_the_page_shows_each_line_between_its_marks() -> None:
    lines = [asdict(gate(1.6, 1.0))]
    parts = page.of_bench({"machine": "a machine", "blocks": 9, "lines": lines})
    empty = "# Page\n<!-- machine -->\n<!-- /machine -->\n<!-- table --><!-- /table -->\nend\n"
    text = page.filled(empty, parts)
    assert "a machine; 9 paired blocks." in text
    assert "| act |  |  |  | CPU | 1.60 x (1.60–1.60) | ≤ 1.00 x | broken |" in text
    assert page.filled(text, parts) == text
    with pytest.raises(ValueError, match="lacks <!-- table -->"):
        page.filled("<!-- machine --><!-- /machine -->", parts)


@given(st.lists(st.tuples(st.integers(1, 10**7), TIMES), min_size=1, max_size=5))
def test_a_plot_has_a_bar_for_each_size_and_the_longest_for_the_largest(
    points: list[tuple[int, float]],
) -> None:
    _, *bars = growth.plot(Series("act", "items", "ms", points)).splitlines()
    lengths = [bar.count("█") for bar in bars]
    assert len(bars) == len(points)
    assert min(lengths) >= 1
    values = [value for _, value in points]
    assert lengths[values.index(max(values))] == max(lengths) == 40
