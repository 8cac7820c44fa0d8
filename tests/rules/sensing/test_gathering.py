"""When appeals tell of one problem (A6): the decision and its marks."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import GatheringCode
from huimin_flow.catalogue.terms import Gathering, Nearness
from huimin_flow.model.sensing.gathering import Candidate, Likeness
from huimin_flow.rules.sensing.gathering import gather, score
from tests.rules.figures import GATHERING

MILLE = st.integers(0, 1000)
FEW = st.integers(0, 5)
LIKENESSES = st.builds(
    Likeness,
    whole=MILLE,
    within=MILLE,
    heading=MILLE,
    numbers=FEW,
    others=FEW,
    heading_numbers=FEW,
    heading_others=FEW,
    days=st.integers(0, 400),
    place=st.sampled_from(Nearness),
)
CANDIDATES = st.builds(
    Candidate,
    item=st.sampled_from(("", "2027-000001", "2027-000002")),
    group=st.tuples(st.just("hotline"), st.sampled_from("abc")),
    near=st.tuples(st.just("hotline"), st.text("0123456789", min_size=1, max_size=4)),
    likeness=LIKENESSES,
)
#: An appeal is compared once, so none is a candidate twice.
MANY = st.lists(CANDIDATES, max_size=8, unique_by=lambda each: each.near)
ALIKE = Likeness(whole=900, within=900, heading=900)


def candidate(item: str, likeness: Likeness = ALIKE) -> Candidate:
    return Candidate(item=item, near=("hotline", item), likeness=likeness)


@given(LIKENESSES, st.sampled_from(("whole", "within", "heading")), MILLE)
def test_more_likeness_never_lowers_the_score(
    likeness: Likeness, part: str, more: int
) -> None:
    higher = min(1000, getattr(likeness, part) + more)
    nearer = replace(likeness, **{part: higher})
    assert score(nearer, GATHERING) >= score(likeness, GATHERING)


@given(LIKENESSES, st.integers(1, 400))
def test_time_and_another_place_never_raise_the_score(
    likeness: Likeness, days: int
) -> None:
    plain = score(likeness, GATHERING)
    assert 0 <= score(replace(likeness, days=likeness.days + days), GATHERING) <= plain
    far = replace(likeness, place=Nearness.OTHER)
    assert score(far, GATHERING) <= plain <= 1000


@given(st.lists(CANDIDATES, max_size=8))
def test_a_link_is_above_the_mark_and_clear_of_every_other_problem(
    candidates: list[Candidate],
) -> None:
    gathered = gather(candidates, GATHERING)
    best: dict[tuple[str, tuple[str, str]], int] = {}
    for each in candidates:
        target = each.item, each.group
        best[target] = max(best.get(target, 0), score(each.likeness, GATHERING))
    scores = sorted(best.values(), reverse=True)
    if gathered.outcome is Gathering.LINK:
        (only,) = gathered.best
        assert only.score == scores[0] >= GATHERING.link_mark.value
        runner_up = scores[1] if len(scores) > 1 else 0
        assert only.score - runner_up >= GATHERING.margin.value
        assert only.candidate.likeness.place is not Nearness.OTHER
    elif gathered.outcome is Gathering.PROPOSE:
        assert [line.score for line in gathered.best] == scores[: len(gathered.best)]
        assert scores[0] >= GATHERING.propose_mark.value
        assert len(gathered.best) <= GATHERING.proposals.value
    else:
        assert not gathered.best
        assert not scores or scores[0] < GATHERING.propose_mark.value
    assert gathered.reasons


@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_candidates_decides_nothing(
    candidates: list[Candidate], random: object
) -> None:
    other = list(candidates)
    random.shuffle(other)  # type: ignore[attr-defined]
    assert gather(other, GATHERING) == gather(candidates, GATHERING)


@given(st.integers(850, 1000), st.lists(CANDIDATES, max_size=6))
def test_a_candidate_that_is_less_like_changes_no_link(
    alike: int, others: list[Candidate]
) -> None:
    plain = Likeness(whole=alike, within=alike, heading=alike)
    most = score(plain, GATHERING) - GATHERING.margin.value
    clear = [each for each in others if score(each.likeness, GATHERING) <= most]
    gathered = gather([candidate("2027-000008", plain), *clear], GATHERING)
    assert gathered.outcome is Gathering.LINK
    weak = candidate("2027-000009", Likeness(whole=0, within=0, heading=0))
    changed = gather([candidate("2027-000008", plain), *clear, weak], GATHERING)
    assert changed.best == gathered.best


def test_two_problems_that_are_equally_alike_are_proposed_and_not_linked() -> None:
    gathered = gather([candidate("1"), candidate("2")], GATHERING)
    assert gathered.outcome is Gathering.PROPOSE
    assert [line.candidate.item for line in gathered.best] == ["1", "2"]
    assert [why.code for why in gathered.reasons] == [GatheringCode.NOT_CLEAR]


def test_two_appeals_of_one_item_are_no_runner_up_of_each_other() -> None:
    second = replace(candidate("1"), near=("hotline", "7"))
    assert gather([candidate("1"), second], GATHERING).outcome is Gathering.LINK


def test_another_place_or_other_numbers_in_the_heading_are_left_to_a_person() -> None:
    far = candidate("1", replace(ALIKE, place=Nearness.OTHER))
    numbered = candidate("1", replace(ALIKE, heading_others=1))
    for against, code in (
        (far, GatheringCode.PLACE_DIFFERS),
        (numbered, GatheringCode.NUMBERS_DIFFER),
    ):
        gathered = gather([against], GATHERING)
        assert gathered.outcome is Gathering.PROPOSE
        assert [why.code for why in gathered.reasons] == [code]


def test_what_is_like_nothing_is_a_new_problem() -> None:
    assert gather([], GATHERING).outcome is Gathering.NEW
    far = candidate("1", Likeness(whole=100, within=100, heading=100))
    gathered = gather([far], GATHERING)
    assert gathered.outcome is Gathering.NEW
    assert [why.code for why in gathered.reasons] == [GatheringCode.TOO_FAR]
