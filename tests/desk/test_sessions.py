"""Sessions and links end: by rest, by age, by use; many of them end the oldest."""

from __future__ import annotations

import pytest

from huimin_flow.catalogue.terms import Via
from huimin_flow.desk.core.sessions import _MOST, Sessions


class Now:
    """Seconds that move when they are told to."""

    at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def sessions(now: Now) -> Sessions:
    return Sessions(idle=100, whole=350, link=50, now=now)


def test_a_session_ends_when_it_rests_too_long(sessions: Sessions, now: Now) -> None:
    own = sessions.begin("zhang", Via.LINK, None)
    for _ in range(3):
        now.at += 99
        assert sessions.find(own) is not None
    now.at += 100
    assert sessions.find(own) is None
    now.at -= 100
    assert sessions.find(own) is None


def test_a_session_ends_at_last_and_no_choice_makes_it_longer(
    sessions: Sessions, now: Now
) -> None:
    own = sessions.begin("zhang", Via.LINK, None)
    for _ in range(4):
        now.at += 80
        renewed = sessions.choose(own, "zhang", Via.LINK, "office-1")
        assert sessions.find(own) is None  # the old id is void at once
        own = renewed
    found = sessions.find(own)
    assert found is not None
    assert (found.account, found.person) == ("zhang", "office-1")
    now.at += 30
    assert sessions.find(own) is None


def test_a_choice_takes_over_nobody_elses_session(sessions: Sessions) -> None:
    own = sessions.begin("zhang", Via.LINK, None)
    for account, via in (("li", Via.LINK), ("zhang", Via.PEER)):
        other = sessions.find(sessions.choose(own, account, via, "office-1"))
        assert other is not None
        assert (other.account, other.via) == (account, via)
    kept = sessions.find(own)
    assert kept is not None
    assert kept.person is None


def test_a_link_is_used_once_and_in_time(sessions: Sessions, now: Now) -> None:
    token = sessions.open_link("zhang")
    assert sessions.linked(token) == sessions.linked(token) == "zhang"
    assert sessions.use_link(token) == "zhang"
    assert sessions.use_link(token) is None
    late = sessions.open_link("zhang")
    now.at += 50
    assert sessions.linked(late) is None
    assert sessions.use_link(late) is None


def test_ids_and_links_are_long_and_differ(sessions: Sessions) -> None:
    ids = {sessions.begin(f"a{k}", Via.LINK, None) for k in range(50)}
    links = {sessions.open_link(f"a{k}") for k in range(50)}
    assert len(ids | links) == 100
    assert {len(each) for each in ids | links} == {64}


def test_an_account_has_so_many_sessions_and_ends_nobody_elses(
    sessions: Sessions,
) -> None:
    other = sessions.begin("li", Via.LINK, None)
    own = [sessions.begin("zhang", Via.LINK, None) for _ in range(_MOST + 1)]
    assert sessions.find(own[0]) is None
    assert all(sessions.find(each) for each in own[1:])
    assert sessions.find(other) is not None
    assert sessions.end_all("zhang") == _MOST
    assert sessions.find(other) is not None


def test_a_token_belongs_to_a_cookie_an_account_and_a_desk(sessions: Sessions) -> None:
    token = sessions.token_of("cookie", "zhang")
    assert token == sessions.token_of("cookie", "zhang")
    assert token != sessions.token_of("cookie", "li")
    assert token != sessions.token_of("other", "zhang")
    assert token != Sessions(idle=1, whole=1, link=1).token_of("cookie", "zhang")
