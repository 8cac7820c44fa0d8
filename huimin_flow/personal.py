"""The search for numbers and addresses that name a person, in texts and codes.

Facts, events and streams contain none of them. A text is searched for mobile and
fixed numbers, identity numbers, permits and passports, bank cards, plates, e-mail
and the numbers of QQ and WeChat, in any digits and with gaps between them. A code
is searched for fewer: a hash has long runs of digits by chance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

#: The shortest number that a code is searched for.
SHORTEST = 11

# ---- how numbers are written -----------------------------------------------------
_SPACES = r" ._()·•\u2010-\u2015\u2212\-"
_LISTS = r",\u3001/\t\r\n:;|~*+\u3002"
_LISTED = re.compile(f"[{_LISTS}]")
_GAP = rf"[{_SPACES}{_LISTS}]{{0,2}}"
_CROSS = "Xx\u0425\u0445\u03a7\u03c7\u00d7"
#: Digits as words, and letters that look like digits.
_DIGIT_WORDS = "零〇○一二三四五六七八九两幺壹贰叁肆伍陆柒捌玖OoIl"
_AS_DIGITS = str.maketrans(
    _DIGIT_WORDS + _CROSS, "00012345678921123456789" + "0011" + "X" * len(_CROSS)
)
_ANY = rf"[0-9{_DIGIT_WORDS}]"

#: Invisible characters, and digits of other scripts.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\u20e3\ufe0f\U000e0000-\U000e007f]"
)
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")

#: Counting words: a number before one of them is an amount.
_COUNTED = re.compile(
    r"\s?[多余]?[万亿]?(?:[美港欧日]?元|人民币|人次|户次|件次|平方|立方|公里|千瓦|吨|亩|年"
    r"|[人户个件次名家条项份张本台套笔](?![人事社员力大民才籍主口工机日会信]))"
)

# ---- what names a person ---------------------------------------------------------
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_BORN = rf"(?:18|19|20)[0-9]{{2}}{_DAY}"
_MOBILE = re.compile(r"(?:0|86|0086)?1[3-9][0-9]{9}")
_CITIZEN = re.compile(
    rf"{_PROVINCE}[0-9]{{4}}(?:{_BORN}[0-9]{{3}}[0-9X]|[0-9]{{2}}{_DAY}[0-9]{{3}})"
    # the permit of permanent residence: 9, province, country
    rf"|9{_PROVINCE}[0-9]{{3}}{_BORN}[0-9]{{3}}[0-9X]"
)
_MOBILE_OR_CITIZEN = re.compile(f"{_MOBILE.pattern}|{_CITIZEN.pattern}")
_UNION_CARD = re.compile(r"62[0-9]{14,17}")
_CARD = re.compile(r"(?:4|5[1-5]|6[02]|9558)[0-9]{12,17}")

#: Groups of digits of one number; only the first seven also with ``_LISTS`` gaps.
_GROUPS = (
    (3, 4, 4), (6, 8, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4), (6, 6, 3), (6, 2, 2, 2, 3),
    (6, 8, 3, 1), (4, 3, 4), (4, 4, 3), (3, 3, 5),
)  # fmt: skip
_IN_LISTS = _GROUPS[:7]
#: Groups of a number that stands alone; codes and figures have such groups, too.
_ALONE = frozenset({(3, 8), (7, 4), (6, 12), (14, 4), (6, 9), (12, 3), (17, 1)})
_ALONE_IN_TEXT = _ALONE | {
    (5, 6), (2, 3, 3, 3), (2, 2, 2, 2, 2, 1), (9, 9), (4, 4, 4, 4, 2),
    (3, 3, 3, 3, 3), (3, 3, 3, 3, 3, 3), (4, 4, 4, 4), (6, 10), (6, 13),
    *((4, 4, 4, 4, rest) for rest in (1, 2, 3)),
}  # fmt: skip

_RUN = re.compile(rf"[0-9](?:{_GAP}[0-9])*(?:{_GAP}[{_CROSS}])?")
_PIECE = re.compile(rf"[0-9]+[{_CROSS}]?|[{_CROSS}]")
_MIXED = re.compile(
    rf"(?<![0-9A-Za-z])(?=(?:[ \-OoIl]{{0,2}}[0-9{_DIGIT_WORDS[:-4]}]){{6}})"
    rf"{_ANY}(?:[ \-]?{_ANY}){{10,17}}[{_CROSS}]?(?![0-9A-Za-z])"
)

#: Digests and UUIDs have digits by chance; a run of digits alone is no digest.
_DIGEST = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9-]*[A-Fa-f])(?:[0-9a-f]{16,}|[0-9A-F]{16,}"
    r"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![0-9A-Za-z])"
)

_MAIL = re.compile(
    r"[A-Za-z0-9_%+-][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)
#: Area code and subscriber's number, ``023-6321 2345``.
_FIXED = re.compile(
    r"[08](?<![0-9A-Za-z.\-].)(?:(?<=0)(?:086[ -]{0,2})?|(?<=8)6[ -]{0,2})"
    rf"(?:10|2[0-9]|[3-9][0-9]{{2}})[{_SPACES}/]{{0,2}}"
    r"[2-8][0-9]{2,3}[ -]?[0-9]{4}(?![0-9A-Za-z])"
)
#: The provinces at the beginning of plates.
_PLACES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"[{_PLACES}] ?[A-HJ-NP-Z][ ·•.-]?"
    r"(?=(?:[A-Z]*[0-9]){3})[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![0-9A-Za-z])"
)
#: Passports, permits for Hong Kong, Macau and Taiwan, the older permit of
#: residence; no letter before a day such as 20231009.
_PERMIT = re.compile(
    rf"[A-Z](?<![0-9A-Za-z].)(?:(?!{_BORN}(?![0-9]))(?:(?<=[EGDSPKHMCWLT])[0-9]{{8}}"
    r"|(?<=[EC])[A-HJ-NP-Z][0-9]{7}|(?<=[DPS])E[0-9]{7}|(?<=[HM])[0-9]{10})"
    rf"|[A-Z]{{2}}{_PROVINCE}[0-9]{{4}}{_DAY}[0-9]{{2}}"
    r"|[A-Z]?[0-9]{6}\([0-9A]\))(?![0-9A-Za-z])"
)
#: Words before a number that show its kind, in small letters.
_LABELS = (
    "电话", "座机", "固话", "传真", "联系方式", "tel", "护照", "通行证", "回乡证",
    "台胞证", "居住证", "身份证", "证件", "qq", "微信", "薇信", "v信", "vx", "wx",
    "wechat", "weixin",
)  # fmt: skip
_LABELED = re.compile(
    r"(?:(?:电话|座机|固话|传真|联系方式|(?<![a-z])tel)(?:号码?)?[:为是\s]{0,3}"
    r"(?P<fixed>[2-8][0-9]{2,3}[ -]?[0-9]{4})"
    r"|(?:护照|通行证|回乡证|台胞证|居住证|身份证|证件)(?:号码?)?[:为是\s]{0,3}"
    r"(?P<permit>[a-z]{0,3}[ -]?[0-9]{7,12}[a-z]?)"
    r"|qq(?:号码?)?[:为是=\s]{0,3}(?P<qq>[1-9][0-9]{4,10})"
    r"|(?:微信|薇信|v信|(?<![a-z0-9])(?:vx|wx|wechat|weixin))"
    r"(?:(?:号码?|id|同号)[:为是=\s]{0,3}|[:为是=\s]{0,3}(?=[a-z_-]*[0-9_]))"
    r"(?P<chat>[a-z][a-z0-9_-]{5,19})"
    r"|(?:微信|薇信)号码?[:为是=\s]{0,3}(?P<number>[0-9]{6,11})"
    r"|(?P<wxid>wxid_[a-z0-9]{6,}))(?![0-9a-z_-])"
)

#: Quick first searches of the original text; most texts have no hit.
_WRITTEN = (
    rf"[\d{_DIGIT_WORDS}\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u24ff\u2776-\u2793]"
)
_LOOKS = (
    re.compile(rf"{_WRITTEN}(?:[\W_]{{0,4}}{_WRITTEN}){{6}}"),
    re.compile("[@\uff20]"),
    re.compile(
        "[QqVvWw\uff31\uff51\uff36\uff56\uff37\uff57微薇](?:[QqXx信Ee]|[\uff31\uff51\uff38\uff58])"
    ),
    re.compile(f"[{_PLACES}]\\s?[A-Z\uff21-\uff3a]"),
    re.compile(r"[A-Z\uff21-\uff3a]\d{6}[(\uff08]"),
)
#: The quick first searches of a code, with a sign before it: to begin with a sign is
#: faster than to look back for a digit.
_LIKELY_MOBILE = re.compile(
    rf"[^0-9](?:(?:00)?86{_GAP})?(?:1[3-9][0-9](?:{_GAP}[0-9]){{8}}"
    rf"|1[{_SPACES}]{{1,2}}[3-9](?:[{_SPACES}]{{1,2}}[0-9]){{9}})"
)
_LIKELY_NUMBER = re.compile(rf"[^0-9](?:(?:00)?86{_GAP})?[1-9](?:{_GAP}[0-9]){{14}}")

#: The fewest digits of the latter, as an ASCII text has them without its gaps.
_MANY = b"0" * 15
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_ASCII_GAPS = b" ._()-,/\t\r\n:;|~*+"

#: A code: visible ASCII in one piece.
_CODE = re.compile(r"[\x21-\x7e]+")
_LETTERS = re.compile(r"[A-Z]+")
_WORD = re.compile(r"[0-9A-Za-z]+")
#: A word of a code with a number: alone, or after letters.
_NUMBERED = re.compile(r"[A-Za-z]*[0-9]+[Xx]?")
_HEX = re.compile(r"(?=[0-9]*[A-Fa-f])(?:[0-9a-f]+|[0-9A-F]+)")


class _Piece(NamedTuple):
    """A group of digits of a run: its place, its digits, and the gap after it."""

    start: int
    end: int
    digits: str
    gap: str


def names_a_person(text: str) -> bool:
    """Return whether a text has what looks like a person's number or address.

    >>> names_a_person("王某13800138000"), names_a_person("138 0013-8000")
    (True, True)
    >>> names_a_person("500101 19900101 123X"), names_a_person("2580万人")
    (True, False)

    """
    return any(look.search(text) for look in _LOOKS) and any(_spans(_plain(text)))


def masked(text: str) -> str:
    """Return a text with a star for each letter and digit of a person's number.

    >>> masked("王某138-0013-8000,2人")
    '王某***-****-****,2人'

    """
    if not names_a_person(text):
        return text
    origin = [(n, plain) for n, sign in enumerate(text) for plain in _plain(sign)]
    hidden = {
        n
        for start, end in _spans("".join(plain for _, plain in origin))
        for n, plain in origin[start:end]
        if plain.isalnum()
    }
    return "".join("*" if n in hidden else sign for n, sign in enumerate(text))


def is_code(text: str) -> bool:
    """Return whether a text is a code for a person, not a name or number.

    >>> is_code("p-0017"), is_code("张三"), is_code("13800138000")
    (True, False, False)

    """
    return _CODE.fullmatch(text) is not None and not code_names_a_person(text)


def code_names_a_person(text: str) -> bool:
    """Return whether a code is or contains a person's number.

    Digits within a longer word are part of a hash; digits after letters that no
    hash has, as in ``p13800138000``, are a number.

    >>> code_names_a_person("13912345678a"), code_names_a_person("p13912345678")
    (False, True)

    """
    plain = _plain(text)
    if ("@" in plain and _MAIL.search(plain)) or _FIXED.fullmatch(plain):
        return True
    if not may_name_a_person(plain):
        return False

    def kept(word: re.Match[str]) -> str:
        hashed = _HEX.fullmatch(word[0]) or not _NUMBERED.fullmatch(word[0])
        return "|" * len(word[0]) if hashed else word[0]

    plain = _WORD.sub(kept, _without_digests(plain))
    return any(
        _MOBILE_OR_CITIZEN.fullmatch(number) or _is_card(number)
        for run in _RUN.finditer(plain)
        for _, _, number in _readings(run, _ALONE)
    )


def may_name_a_person(text: str) -> bool:
    """Return quickly whether an ASCII code could contain a number; not for e-mail.

    >>> may_name_a_person("20231009-1|p1"), may_name_a_person("x13800138000")
    (False, True)

    """
    if len(text) < SHORTEST:
        return False
    marked = f"|{text}"
    if _LIKELY_MOBILE.search(marked):
        return True
    # Few texts have so many digits one after another. That is quickly found.
    if text.isascii() and _MANY not in text.encode().translate(_DIGITS, _ASCII_GAPS):
        return False
    return _LIKELY_NUMBER.search(marked) is not None


def _plain(text: str) -> str:
    """Return a text with ASCII digits and signs, without invisible characters."""
    if text.isascii():
        return text
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    return _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), plain)


def _without_digests(plain: str) -> str:
    return _DIGEST.sub(lambda digest: "|" * len(digest[0]), plain)


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each person's number or address in a plain text."""
    plain = _without_digests(plain)
    for run in _RUN.finditer(plain):
        for start, end, number in _readings(run, _ALONE_IN_TEXT):
            mobile = _MOBILE.fullmatch(number) and not _COUNTED.match(plain, end)
            card = _UNION_CARD.fullmatch(number) or _is_card(number)
            if mobile or card or _CITIZEN.fullmatch(number):
                yield start, end
    for run in _MIXED.finditer(plain):
        number = re.sub(r"[ \-]", "", run[0].translate(_AS_DIGITS))
        if number not in run[0] and _MOBILE_OR_CITIZEN.fullmatch(number):
            yield run.span()
    for pattern in (_MAIL, _FIXED, _PLATE, _PERMIT):
        for hit in pattern.finditer(plain):
            yield hit.span()
    small = _LETTERS.sub(lambda letter: letter[0].lower(), plain)
    labeled = any(label in small for label in _LABELS)
    for hit in _LABELED.finditer(small) if labeled else ():
        start, end = hit.span(hit.lastgroup or 0)
        if not _COUNTED.match(small, end):
            yield start, end


def _is_card(number: str) -> bool:
    """Return whether a number is a bank card's, by its prefix and check digit."""
    if _CARD.fullmatch(number) is None:
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _readings(
    run: re.Match[str], alone: frozenset[tuple[int, ...]]
) -> Iterator[tuple[int, int, str]]:
    """Yield the possible numbers of a run: a group, or several groups together."""
    if run.end() - run.start() < SHORTEST:
        return
    text = run.string
    hits = list(_PIECE.finditer(text, *run.span()))
    ends = [*(hit.start() for hit in hits[1:]), run.end()]
    pieces = [
        _Piece(*hit.span(), hit[0].translate(_AS_DIGITS), text[hit.end() : end])
        for hit, end in zip(hits, ends, strict=True)
    ]
    for piece in pieces:
        if len(piece.digits) >= SHORTEST:
            yield piece.start, piece.end, piece.digits
    sizes = tuple(len(piece.digits) for piece in pieces)
    if sum(sizes) < SHORTEST or len(pieces) == 1:
        return
    if set(sizes) == {1} and not _listed(pieces):
        yield _join(pieces)
    for shape in (*_GROUPS, *alone):
        for at in range(len(pieces) - len(shape) + 1):
            if sizes[at : at + len(shape)] == shape and _fits(pieces, at, shape, alone):
                yield _join(pieces[at : at + len(shape)])


def _fits(
    pieces: list[_Piece],
    at: int,
    shape: tuple[int, ...],
    alone: frozenset[tuple[int, ...]],
) -> bool:
    """Return whether groups of a shape are one number, not entries of a list."""
    group = pieces[at : at + len(shape)]
    around = {piece.gap for piece in pieces[max(at - 1, 0) : at]}
    around |= {group[-1].gap} - {""}
    separate = around.isdisjoint(piece.gap for piece in group[:-1])
    if _listed(group):
        return shape in _IN_LISTS and separate
    return shape not in alone or separate


def _listed(pieces: list[_Piece]) -> bool:
    return any(_LISTED.search(piece.gap) for piece in pieces[:-1])


def _join(pieces: list[_Piece]) -> tuple[int, int, str]:
    number = "".join(piece.digits for piece in pieces)
    return pieces[0].start, pieces[-1].end, number
