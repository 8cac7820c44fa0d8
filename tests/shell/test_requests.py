"""A request id makes every acting command repeatable: the first answer again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.shell import test_life_by_commands as life
from tests.shell.services import test_ratings as ratings
from tests.shell.terminal import Said, Terminal


class Twice(Terminal):
    """A terminal that loses every answer of an act, and asks again."""

    asked = 0

    def __call__(self, *words: str) -> Said:
        question = words[:2] == ("meeting", "files")
        if "--by" not in words or "--request" in words or question:
            return super().__call__(*words)
        self.asked += 1
        given = [*words, "--request", f"r-{self.asked}"]
        first, again = super().__call__(*given), super().__call__(*given)
        # What is refused, or recorded in part, is told alike; the test itself says why.
        assert (again.code, again.err) == (first.code, first.err), words
        if "--json" in words:
            assert again.value == first.value, words
        else:
            assert again.out == first.out, words
        return again


@pytest.fixture
def twice(own: Path, begun: Path, capsys: pytest.CaptureFixture[str]) -> Twice:
    return Twice(capsys, str(shutil.copy(begun, own / "t.db")))


def test_every_act_of_a_life_answers_a_retry_as_at_first(
    twice: Twice, own: Path
) -> None:
    life.test_an_item_goes_from_collected_to_closed_by_commands(twice, own)


def test_every_side_step_answers_a_retry_as_at_first(twice: Twice, own: Path) -> None:
    life.test_the_side_steps_are_commands_too(twice, own)


def test_every_act_on_ratings_answers_a_retry_as_at_first(
    twice: Twice, own: Path
) -> None:
    ratings.test_a_bad_rating_is_answered_and_verified(twice, own)


def test_what_two_people_do_answers_a_retry_as_at_first(
    twice: Twice, own: Path
) -> None:
    ratings.test_a_mistaken_rating_is_set_aside_by_two_people(twice, own)


def test_what_one_command_was_refused_halfway_goes_on_at_a_retry(
    rehearsal: Terminal, own: Path
) -> None:
    del own
    words = [
        "appeal", "add", "--channel", "media", "--key", "A1", "--who", "p1",
        "--district", "500101", "--text", "候工难", "--by", "office-1",
        "--request", "r-1", "--item", "2026-000001",
    ]  # fmt: skip
    refused = rehearsal(*words)
    assert refused.code == 1
    assert "2026-000001" in refused.err
    made = rehearsal(
        "item", "collect", "--title", "甲", "--origin", "problem", "--area", "general",
        "--unit", "500101", "--on", "2026-01-05", "--by", "office-1", "--json",
    )  # fmt: skip
    assert made.value["number"] == "2026-000001"
    again = rehearsal(*words)
    assert again.code == 0, again.err
    assert "已挂到 2026-000001" in again.out
    assert rehearsal(*words).out == again.out


def test_a_file_of_several_batches_is_taken_whole_under_one_request(
    rehearsal: Terminal, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huimin_flow.exchange.services.ratings import read_ratings

    monkeypatch.setattr(read_ratings, "__kwdefaults__", {"portion": 2, "how": None})
    name = ratings.written(own, *(ratings.row(k) for k in range(5)))
    words = ["rating", "import", name, *ratings.BY, "--request", "r-1", "--json"]
    first, again = rehearsal(*words), rehearsal(*words)
    assert (first.code, first.value["kept"]) == (0, 5)
    assert again.value == first.value
    assert rehearsal("audit", "verify").code == 0
    ratings.written(own, *(ratings.row(k) for k in range(6)))
    other = rehearsal(*words)
    assert other.code == 1
    assert "已用于另一操作" in other.err


def test_a_file_attached_again_under_its_request_is_one_attachment(
    rehearsal: Terminal, own: Path
) -> None:
    number = life.collected(rehearsal)
    (own / "a.txt").write_bytes(b"x")
    words = ["item", "attach", number, "a.txt", "--by", "op-500101", "--request", "r"]
    assert rehearsal(*words).code == 0
    assert rehearsal(*words).code == 0
    (own / "a.txt").write_bytes(b"y")
    other = rehearsal(*words)
    assert (other.code, "已用于另一操作" in other.err) == (1, True)


def test_a_rulebook_is_asked_for_and_activated_once_under_a_request(
    twice: Twice,
) -> None:
    asked = twice("rules", "activate", "--by", "office-1", "--json")
    assert len(twice("proposal", "list", "--json").rows) == 1
    seen = ["--seen", asked.value["seen"], "--by", "office-2"]
    assert twice("proposal", "approve", asked.value["key"], *seen).code == 0
    both = twice("rules", "activate", "--by", "office-1", "--second", "office-2")
    assert "已启用" in both.out
