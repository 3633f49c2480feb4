"""Which state may follow which, written out by hand; receipt numbers and the slips they catch."""

from __future__ import annotations

import random

import pytest

from actions.cases.receipt import ALPHABET, WrongReceiptNumber, new_number, number_in, read_number
from actions.cases.states import IllegalTransition, State, check_transition

ALLOWED = {
    "draft": "submitted withdrawn",
    "submitted": "in_review withdrawn",
    "in_review": "returned accepted declined withdrawn",
    "returned": "submitted withdrawn",
    "accepted": "",
    "declined": "",
    "withdrawn": "",
}


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_every_pair_of_states(before: State, after: State) -> None:
    if after.value in ALLOWED[before.value].split():
        check_transition(before, after)
    else:
        with pytest.raises(IllegalTransition) as raised:
            check_transition(before, after)
        assert (raised.value.before, raised.value.after) == (before, after)


def test_a_receipt_number_is_read_however_it_is_typed() -> None:
    number = "N-7F3K-2QX" + check_by_hand("7F3K2QX")
    assert read_number(number) == number
    assert read_number(number.lower().replace("-", " ")) == number
    assert read_number(number[2:].replace("-", "")) == number


def check_by_hand(body: str) -> str:
    """ISO 7064 hybrid system: P1 = M; S = (P + a) mod M, M for 0; P = 2 S mod (M + 1); the last S is 1."""
    carried = 32
    for letter in body:
        total = (carried + ALPHABET.index(letter)) % 32 or 32
        carried = total * 2 % 33
    return ALPHABET[(1 - carried) % 32]


def test_look_alikes_are_read_as_digits() -> None:
    body = "10" + "ABCDE"
    number = f"N-10AB-CDE{check_by_hand(body)}"
    assert read_number(number.replace("1", "I").replace("0", "O")) == number
    assert read_number(number.replace("1", "l").replace("0", "o")) == number


def test_every_single_slip_is_found() -> None:
    number = new_number()
    places = [2, 3, 4, 5, 7, 8, 9, 10]
    for place in places:
        for other in ALPHABET.replace(number[place], ""):
            with pytest.raises(WrongReceiptNumber):
                read_number(number[:place] + other + number[place + 1 :])


def test_swapped_neighbours_are_nearly_always_found() -> None:
    chance = random.Random(7)
    swaps = found = 0
    for _ in range(200):
        body = "".join(chance.choice(ALPHABET) for _ in range(7))
        whole = body + check_by_hand(body)
        for place in range(7):
            swapped = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
            if swapped != whole:
                swaps += 1
                try:
                    read_number(swapped)
                except WrongReceiptNumber:
                    found += 1
    assert found / swaps > 0.99


@pytest.mark.parametrize("typed", ["", "N-", "N-7F3K", "N-7F3K-2QXM-1", "신청번호", "N-7F3U-2QXM", "𝟙" * 8])
def test_what_is_no_receipt_number_is_refused(typed: str) -> None:
    with pytest.raises(WrongReceiptNumber):
        read_number(typed)


def test_a_number_is_found_in_a_sentence() -> None:
    assert number_in("제 접수번호는 n-7f3k-2qxm인데 어떻게 됐어요?") == "n-7f3k-2qxm"
    assert number_in("simulation 7F3K-2QXM please") is None
    assert number_in("in real time") is None
