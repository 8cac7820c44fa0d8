"""What of a written place stands in the clear, and what is sealed (A1, X1).

People write names and whole addresses where a place is asked for. So only what the
gazetteer knows stands in the clear; the rest is sealed with the contact.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from huimin_flow.model.core.places.gazetteer import Locality
from huimin_flow.model.core.places.resolver import Resolver
from huimin_flow.model.sensing.appeals import UNKNOWN_PLACE, Contact

_NO_SIGN = re.compile(r"[\W_]+")

#: The shortest name, and the shortest address, that a key is searched for.
_NAME: Final = 2
_ADDRESS: Final = 4

#: A place: district, town, village, and what is to be sealed of how it was written.
Placed = tuple[str, str, str, str]

#: What of an unknown place may stand in the clear, so that an alias that is added later
#: places it: its beginning, 镇 and others only if several places have that name, or a
#: short word.
_BROAD = re.compile(
    "[\u4e00-\u9fffA-Z0-9]{1,6}?(?:自治县|县|市|(?<![小社园])区)|[\u4e00-\u9fff]{2,4}$"
)
_UNCLEAR = re.compile("[\u4e00-\u9fff]{1,6}?(?:街道|镇|乡|县|市|(?<![小社园])区)")


def placed(place: Locality, written: str, town: str, resolver: Resolver) -> Placed:
    """Return what may stand in the clear of a place, and what is to be sealed."""
    district, within, village = place.district, place.town, place.village
    unknown: list[str] = []
    if not district:
        begun = (_UNCLEAR if place.candidates else _BROAD).match(written)
        district = begun[0] if begun else UNKNOWN_PLACE
        unknown.append("" if district == written else written)
    if town and not within:
        within = town if resolver.has_town(town) else UNKNOWN_PLACE
        unknown.append("" if within == town else town)
    if village and village not in resolver.villages_of(within):
        unknown.append(village)
        village = UNKNOWN_PLACE
    shown = {"", UNKNOWN_PLACE}
    hidden = " ".join(text for text in unknown if text not in shown)
    return district, within, village, hidden


def sealed_in(
    place: Placed, village: str, contact: Contact | None, resolver: Resolver
) -> tuple[str, str, Contact | None]:
    """Return district, village, and the contact, which has what nobody knows."""
    district, town, known, hidden = place
    own = "" if contact is None else contact.name
    if len(own) >= _NAME and own in district and district not in resolver.codes:
        district, hidden = UNKNOWN_PLACE, hidden or district
    if village:
        listed = village in resolver.villages_of(town)
        known = village if listed else UNKNOWN_PLACE
        if not listed and village != UNKNOWN_PLACE:
            hidden = f"{hidden} {village}".strip()
    if not hidden:
        return district, known, contact
    contact = contact or Contact()
    other = f"{contact.other} {hidden}".strip()
    return district, known, replace(contact, other=other)


def names_own(key: str, contact: Contact) -> bool:
    """Return whether a key has the name or the address of its own appeal's contact."""
    ascii_only = key.isascii()
    for part, least in ((contact.name, _NAME), (contact.address, _ADDRESS)):
        if len(part) >= least and (part.isascii() or not ascii_only):
            plain = _NO_SIGN.sub("", part)
            if part in key or (plain and plain in _NO_SIGN.sub("", key)):
                return True
    return False
