from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.model.sensing.receipts import place_of_receipt, receipt_number

KEY = b"a key of thirty-two bytes, ours."
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PLACES = st.tuples(st.integers(0, 2**48 - 1), st.integers(0, 2**24 - 1))


@given(PLACES)
def test_a_number_leads_back_to_its_place(place: tuple[int, int]) -> None:
    number = receipt_number(KEY, *place)
    assert place_of_receipt(KEY, number) == place
    # Under another key one of 256 numbers leads somewhere: there are eight spare bits.
    assert place_of_receipt(bytes(32), number) != place


@given(PLACES, st.data())
def test_a_number_is_read_as_people_write_it(
    place: tuple[int, int], data: st.DataObject
) -> None:
    number = receipt_number(KEY, *place)
    likes = {"0": "0Oo0", "1": "1IiLlI", "V": "VvUu", "-": ["", " ", "-", "—"]}
    written = "".join(
        data.draw(st.sampled_from(likes.get(sign, [sign, sign.lower()])))
        for sign in number
    )
    assert place_of_receipt(KEY, f" {written} ") == place


@given(PLACES, st.integers(0, 16), st.sampled_from(SIGNS))
def test_a_number_with_one_wrong_sign_leads_nowhere(
    place: tuple[int, int], at: int, sign: str
) -> None:
    signs = receipt_number(KEY, *place).replace("-", "")
    wrong = signs[:at] + sign + signs[at + 1 :]
    assert wrong == signs or place_of_receipt(KEY, wrong) is None


@given(st.text(max_size=40))
def test_any_other_text_leads_nowhere(text: str) -> None:
    assert place_of_receipt(KEY, text) is None


def test_numbers_of_neighbors_have_nothing_in_common() -> None:
    numbers = [receipt_number(KEY, 1, line).replace("-", "") for line in range(500)]
    assert len(set(numbers)) == 500
    for column in zip(*numbers, strict=True):  # each sign is drawn from all 32
        assert len(set(column)) > 24
