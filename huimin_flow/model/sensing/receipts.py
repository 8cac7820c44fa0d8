"""The number on a receipt, 回执: it leads its holder to the appeal (A7).

A number is an encrypted place: the batch and the line of the appeal, 80 bits, under a
key that only the service has. So no table of numbers exists, and none can be stolen;
who knows numbers can compute no other; and a guess finds an appeal with a chance of
their number in 2**80.

The cipher is a balanced Feistel network of ten rounds on halves of 40 bits, with
HMAC-SHA-256 as the round function: the structure of FF1 in NIST SP 800-38G. With six
rounds or more it cannot be told from a random permutation by somebody who knows far
fewer than 2**40 numbers.

A number is written in the 32 signs of Crockford's base 32, which has no I, L, O and U,
with a check character of ISO/IEC 7064 (hybrid system MOD 33,32): it shows every wrong
sign, and all but few exchanged neighbors.
"""

from __future__ import annotations

import hmac
import unicodedata
from typing import Final, NamedTuple

#: The signs of a number, by value.
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {sign: value for value, sign in enumerate(_SIGNS)}

#: What people write for a sign that looks alike, and between groups.
_ALIKE: Final = str.maketrans("OILU", "011V", " -_.·—–‐‑−\t")  # noqa: RUF001 - dashes

#: The signs of a number without its check character, and of a group on paper.
_LENGTH: Final = 16
_GROUP: Final = 4

_HALF: Final = 40
_MASK: Final = (1 << _HALF) - 1
_ROUNDS: Final = 10

#: The bits of a line in its batch; the batch has the others, without the spare bits.
_LINE_BITS, _SPARE = 24, 8
_MOST_BATCH: Final = 1 << (2 * _HALF - _LINE_BITS - _SPARE)


class Place(NamedTuple):
    """The place of an appeal: its batch and its line there."""

    batch: int
    line: int


def receipt_number(key: bytes, batch: int, line: int) -> str:
    """Return the number of the receipt for the appeal at a place.

    >>> receipt_number(bytes(32), 1, 1)
    '7MTN-K0R0-RW09-SFJYG'

    Raises:
        ValueError: for a batch of 2**48 or more, or a line of 2**24 or more.

    """
    if not (0 <= batch < _MOST_BATCH and 0 <= line < 1 << _LINE_BITS):
        raise ValueError((batch, line))
    plain = (batch << _LINE_BITS | line) << _SPARE
    left, right = plain >> _HALF, plain & _MASK
    for n in range(_ROUNDS):
        left, right = right, left ^ _round(key, n, right)
    number = left << _HALF | right
    signs = "".join(
        _SIGNS[number >> 5 * place & 31] for place in reversed(range(_LENGTH))
    )
    signs += _SIGNS[(1 - _checked(signs)) % 32]
    groups = [signs[n : n + _GROUP] for n in range(0, _LENGTH - _GROUP, _GROUP)]
    return "-".join([*groups, signs[_LENGTH - _GROUP :]])


def place_of_receipt(key: bytes, written: str) -> Place | None:
    """Return the place that a written number names, None for a wrong number.

    Small letters, full-width signs, other gaps and signs that look alike (O for 0, I
    and L for 1, U for V) are accepted.

    >>> place_of_receipt(bytes(32), "no receipt") is None
    True

    """
    plain = unicodedata.normalize("NFKC", written[:100]).upper().translate(_ALIKE)
    if len(plain) != _LENGTH + 1 or not _VALUES.keys() >= set(plain):
        return None
    if (_checked(plain[:-1]) + _VALUES[plain[-1]]) % 32 != 1:
        return None
    number = 0
    for sign in plain[:-1]:
        number = number << 5 | _VALUES[sign]
    left, right = number >> _HALF, number & _MASK
    for n in reversed(range(_ROUNDS)):
        left, right = right ^ _round(key, n, left), left
    found = left << _HALF | right
    if found & (1 << _SPARE) - 1:
        return None
    found >>= _SPARE
    return Place(found >> _LINE_BITS, found & (1 << _LINE_BITS) - 1)


def _round(key: bytes, n: int, half: int) -> int:
    digest = hmac.digest(key, bytes((n, *half.to_bytes(5))), "sha256")
    return int.from_bytes(digest[:5])


def _checked(signs: str) -> int:
    """Return the carried product of a number's signs, by ISO/IEC 7064."""
    product = 32
    for sign in signs:
        total = (product + _VALUES[sign]) % 32 or 32
        product = total * 2 % 33
    return product
