"""What people call a unit, and the one unit that it is on a day."""

from __future__ import annotations

from datetime import date

import pytest

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.rulebook import Rulebook

NOW, BEFORE = date(2026, 3, 5), date(2023, 3, 5)


@pytest.fixture(scope="session")
def directory(book: Rulebook) -> Directory:
    return Directory(book.organization)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        # a code, a name, the city's name before it, an alias
        ("500102", "500102"), ("涪陵区", "500102"), ("重庆市涪陵区", "500102"),
        ("重庆涪陵", "500102"), ("石柱县", "500240"), ("社保局", "AG-SBJ"),
        ("工作专班办公室(局办公室与局行风办合署)", "OFFICE"),
        # the beginning of one unit's name, full-width signs, small letters
        ("涪陵", "500102"), ("石柱", "500240"), ("渝中", "500103"),
        ("\uff15\uff10\uff10\uff11\uff10\uff13", "500103"), ("fa-wsjk", "FA-WSJK"),
        ("\u3000涪陵区\u3000", "500102"),
        # code and name
        ("500106 沙坪坝区", "500106"), ("500106沙坪坝区", "500106"),
        ("沙坪坝区(500106)", "500106"), ("沙坪坝区\uff08500106\uff09", "500106"),
    ],
)  # fmt: skip
def test_a_unit_is_known_by_code_name_alias_and_beginning(
    directory: Directory, written: str, code: str
) -> None:
    assert directory.unit(written, NOW).code == code


@pytest.mark.parametrize(
    ("written", "day", "code", "told"),
    [
        ("999999", NOW, InputCode.UNIT_UNKNOWN, "999999"),
        ("江", NOW, InputCode.UNIT_UNCLEAR, "江北区"),
        ("江北街道", NOW, InputCode.UNIT_UNKNOWN, "江北街道"),
        (
            "500106 涪陵区",
            NOW,
            InputCode.UNIT_UNCLEAR,
            "涪陵区(500102)、沙坪坝区(500106)",
        ),
        ("500112", NOW, InputCode.UNIT_ENDED, "渝北区(500112)已于2025-11-06撤销"),
        ("渝北", NOW, InputCode.UNIT_ENDED, "两江新区(500157)"),
        ("500157", BEFORE, InputCode.UNIT_NOT_YET, "(500157)自2025-11-06"),
    ],
)
def test_what_is_no_unit_of_the_day_is_refused_with_what_there_is(
    directory: Directory, written: str, day: date, code: InputCode, told: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        directory.unit(written, day)
    assert refused.value.code == code
    assert told in str(refused.value)
    assert refused.value.remedy


def test_an_ended_unit_is_one_while_its_people_work(directory: Directory) -> None:
    assert directory.unit("渝北区", date(2025, 12, 1)).code == "500112"
    assert directory.unit("500112", date(2026, 1, 24)).code == "500112"
    # by the law of that day another has the name
    assert directory.unit("两江新区", date(2025, 12, 1)).code == "500157"


@pytest.mark.parametrize("written", ["500102", "涪陵区", "石柱县"])
def test_a_library_takes_codes_and_official_names(
    directory: Directory, written: str
) -> None:
    assert directory.unit(written, NOW, exact=True).code in {"500102", "500240"}
    for loose in ("涪陵", "500102 涪陵区"):
        with pytest.raises(InputRefused):
            directory.unit(loose, NOW, exact=True)
