"""A rulebook is tried on what was published: read-only, at the same cuts (N14)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import Color
from huimin_flow.errors import InputRefused
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.testing import Desk
from tests.flow.scoring.test_charts import satisfaction_alone, sealed
from tests.flow.scoring.test_scores import quarter


def other(book: Rulebook) -> Rulebook:
    """Weights of the bureau, all on satisfaction."""
    return sealed(satisfaction_alone(book))


def test_the_active_rulebook_changes_nothing(scored: Desk) -> None:
    book = scored.flow.rulebook.active()
    trial = scored.flow.rulebook.what_if(book, "2023-10", "2023-12")
    assert trial.changes == ()
    assert {"score/2023-10", "colors/2023-12", "ranking/2023Q4"} <= set(trial.tried)


def test_a_trial_is_what_would_have_been_published(scored: Desk) -> None:
    flow = scored.flow
    before = flow.records.last_recorded(), flow.scores.month("2023-11")
    trial = flow.rulebook.what_if(other(flow.rulebook.active()), "2023-11", "2023-11")
    published = {
        score.unit: score
        for group in flow.scores.month("2023-11").groups.values()
        for score in group
    }
    indices = {c.subject: c for c in trial.changes if c.key == "score/2023-11"}
    assert indices
    for unit, changed in indices.items():
        score = published[unit]
        assert changed.old == score.index
        # The index of one indicator is its sub-score.
        part = score.parts.get("satisfaction")
        assert changed.new == (None if part is None else f"{float(part):.2f}")
        worse = float(changed.new or -1) < float(changed.old or -1)
        assert changed.gains is not worse
    for changed in trial.changes:
        if changed.key == "colors/2023-11":
            assert {changed.old, changed.new} - {None} <= set(Color)
    assert {changed.key for changed in trial.changes} <= set(trial.tried)
    assert not [key for key in trial.tried if "2023-10" in key]
    sums = {each.unit: (each.gains, each.loses) for each in trial.units}
    assert sums == {
        unit: (
            sum(c.gains for c in trial.changes if c.unit == unit),
            sum(not c.gains for c in trial.changes if c.unit == unit),
        )
        for unit in {c.unit for c in trial.changes}
    }
    balance = [each.gains - each.loses for each in trial.units]
    assert balance == sorted(balance)
    # Nothing was recorded.
    assert before == (flow.records.last_recorded(), flow.scores.month("2023-11"))


def test_a_trial_leaves_the_file_as_it_is(
    file_desk: Desk, file_url: str, book: Rulebook
) -> None:
    quarter(file_desk)
    file_desk.flow.close()
    path = Path(file_url.removeprefix("sqlite:///"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with Flow.open(file_url, clock=file_desk.clock, read_only=True) as flow:
        assert flow.rulebook.what_if(other(book), "2023-10", "2023-12").changes
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("wrong", ["2023", "2023-13", "2023Q4"])
def test_a_wrong_month_is_refused(wrong: str, scored: Desk) -> None:
    with pytest.raises(InputRefused):
        scored.flow.rulebook.what_if(scored.flow.rulebook.active(), wrong, "2023-12")
