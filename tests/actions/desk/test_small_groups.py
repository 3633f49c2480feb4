"""Small groups in figures: hidden, and not to be worked out from what stands beside them."""

from __future__ import annotations

import pytest

from actions.desk.small_groups import K, Row, Table, protected, protected_steps


def table(*people: int) -> Table:
    rows = tuple(Row(f"r{number}", n, (n * 2, n)) for number, n in enumerate(people))
    return Table("made", ("turns", "people"), rows, Row("total", sum(people), (sum(people) * 2, sum(people))))


def shown(found: Table) -> list[int | None]:
    return [None if row.hidden else row.people for row in found.rows]


def test_k_is_five() -> None:
    assert K == 5


@pytest.mark.parametrize(
    ("people", "left"),
    [
        ((20, 9, 5), [20, 9, 5]),
        ((20, 9, 4), [20, None, None]),  # 4 would be 33 - 20 - 9
        ((20, 9, 4, 3), [20, 9, None, None]),  # only the sum, 7, can be worked out
        ((20, 9, 2, 2), [20, None, None, None]),  # the sum, 4, would be a small group itself
        ((20, 9, 1, 1, 1), [20, None, None, None, None]),
        ((20, 9, 2, 2, 1), [20, 9, None, None, None]),  # 5 together
        ((20, 3), [None, None]),
        ((3,), [None]),
        ((5,), [5]),
        ((), []),
    ],
)
def test_what_is_hidden(people: tuple[int, ...], left: list[int | None]) -> None:
    assert shown(protected(table(*people))) == left


def test_a_hidden_row_keeps_no_number_and_gives_no_hint() -> None:
    found = protected(table(20, 9, 4))
    assert found.rows[1:] == (Row("r1", 0, (0, 0), hidden=True), Row("r2", 0, (0, 0), hidden=True))


@pytest.mark.parametrize(("people", "hidden"), [((4,), True), ((2, 2), True), ((3, 3), False), ((), False)])
def test_a_small_total_is_hidden(people: tuple[int, ...], hidden: bool) -> None:
    total = protected(table(*people)).total
    assert total is not None and total.hidden == hidden


@pytest.mark.parametrize(
    "people", [(a, b, c, d) for a in range(1, 9) for b in (1, 4, 6) for c in (2, 5, 9) for d in (3, 30)]
)
def test_the_total_tells_no_small_group(people: tuple[int, ...]) -> None:
    """By hand: what anybody can reckon is the total less the rows shown; that is nothing, or K and more of two rows."""
    found = protected(table(*people))
    assert found.total is not None
    gone = [row for row in found.rows if row.hidden]
    rest = found.total.people - sum(row.people for row in found.rows)
    assert all(row.people >= K for row in found.rows if not row.hidden)
    assert (rest == 0 and not gone) or (rest >= K and len(gone) >= 2)


@pytest.mark.parametrize(
    ("people", "left"),
    [
        ((30, 20, 10), [30, 20, 10]),
        ((30, 28, 10), [30, None, 10]),  # two fell off
        ((30, 28, 27), [30, None, None]),  # three fell off between the first and the last
        ((30, 30, 0), [30, 30, 0]),
        ((30, 3, 0), [30, None, 0]),
        ((4, 0, 0), [None, 0, 0]),
    ],
)
def test_a_funnel_hides_who_fell_off(people: tuple[int, ...], left: list[int | None]) -> None:
    assert shown(protected_steps(table(*people))) == left
