"""What ``value`` makes of a class: frozen, compared and shown by all its fields."""

from __future__ import annotations

from copy import copy
from dataclasses import FrozenInstanceError, field, replace

import pytest

from huimin_flow.model.core.values import later, opened, to_plain, value


@value
class Place:
    unit: str
    area: str = "city"


@value
class Post(Place):
    name: str


@value
class Nothing:
    pass


@value
class Timed:
    result: str
    seconds: int = field(compare=False)


@value
class Added:
    """A value to which a release adds a field."""

    name: str
    own: tuple[str, ...] = later(default=())


def test_values_are_equal_if_their_class_and_all_fields_are() -> None:
    post = Post(unit="500101", name="op-1")
    assert post == Post(unit="500101", area="city", name="op-1")
    assert post != replace(post, unit="500102")
    assert post != replace(post, area="")
    assert post != replace(post, name="op-2")
    others: list[object] = [Place(unit="500101"), ("500101", "city", "op-1"), Nothing()]
    assert post not in others
    assert Nothing() in others
    assert Timed(result="clean", seconds=1) == Timed(result="clean", seconds=2)
    assert Timed(result="clean", seconds=1) != Timed(result="dirty", seconds=1)


def test_equal_values_are_one_key() -> None:
    posts = {Post(unit="500101", name="op-1"), Post(unit="500101", name="op-1")}
    assert len(posts | {Post(unit="500101", name="op-2")}) == 2
    assert len({Nothing(), Nothing()}) == 1


def test_a_value_shows_its_fields_and_refuses_changes() -> None:
    post = Post(unit="500101", name="op-1")
    assert repr(post) == "Post(unit='500101', area='city', name='op-1')"
    assert repr(Nothing()) == "Nothing()"
    with pytest.raises(FrozenInstanceError):
        post.name = "op-2"  # type: ignore[misc]
    assert copy(post) == post


def test_an_open_value_is_written_as_its_class_writes_it() -> None:
    for post in (Added(name="op-1"), Added(name="op-1", own=("a",))):
        assert to_plain(opened(Added)(name=post.name, own=post.own)) == to_plain(post)
    assert to_plain(Added(name="op-1")) == {"name": "op-1"}
