"""A change of the rulebook is read in words: no key of it is left without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from huimin_flow.catalogue.keys import key_words
from huimin_flow.catalogue.language import Language, speaking
from huimin_flow.catalogue.terms.term import Term, kinds
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.rulebook import Rulebook

#: What is under these keys is named by the bureau itself.
NAMED = {
    "tolerances", "curves", "money", "service", "rating_codes", "towns", "reach", "digest",
    "referral_bodies", "elsewhere", "village",
}  # fmt: skip


def keys(plain: Any, above: str = "") -> Iterator[str]:
    """Yield the keys of a plain rulebook that are neither terms nor codes."""
    parts = plain.items() if isinstance(plain, dict) else ()
    for key, part in parts:
        if above not in NAMED and not above.endswith("_reasons"):
            yield key
        yield from keys(part, key)
    for part in plain if isinstance(plain, list) else ():
        yield from keys(part, above)


def test_each_key_of_the_rulebook_has_words(book: Rulebook) -> None:
    terms: list[type[Term]] = list(kinds())
    values = {term.value for kind in terms for term in kind}
    unworded = {
        key
        for key in keys(to_plain(book))
        if not key.isdecimal()  # a town's
        if key not in values | NAMED | {"value"} and key_words(key, {}) == key
    }
    assert unworded == set()


def test_a_path_is_read_with_the_names_of_units() -> None:
    path = "organization.units[500101].population"
    assert key_words(path, {"500101": "万州区"}) == "组织机构·单位·万州区·人口"
    with speaking(Language.ENGLISH):
        assert key_words("rules.selection.quota_per_unit.value", {}) == (
            "rules·selection·quota per unit"
        )
