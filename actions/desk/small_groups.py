"""Hides small groups in tables of figures, and so much beside them that nobody can work them out.

A supervisor's table says how many people did something. Where those are few, somebody who knows them could tell who it
was, so the row is hidden. A single hidden row would be the total less all others: the next smallest goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

K = 5
"""Fewest people in a figure that is shown: the number issue 6 asks for, and a common floor in public statistics."""

FEWEST_HIDDEN = 2
"""Rows hidden at least, where one is: of two or more only their sum can be worked out."""


@dataclass(frozen=True)
class Row:
    """One line of a table: what it is about, how many people are behind it, and the numbers of its columns."""

    key: str
    people: int
    counts: tuple[int, ...]
    hidden: bool = False


@dataclass(frozen=True)
class Table:
    """A table of figures; the numbers of a hidden row are gone.

    ``total`` is None where the columns have none.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None = None


def protected(table: Table) -> Table:
    """Returns a table whose small groups can be neither read nor worked out from the total.

    Hidden are the rows of fewer than ``K`` people, and then the smallest others until at least two rows and ``K``
    people are hidden together: the sum of the hidden, which total and shown rows tell, is then no small group either.
    All hidden rows look alike, as a hint at which of them is small would narrow down the rest.
    """
    order = sorted(table.rows, key=lambda row: (row.people, row.key))
    hidden = [row for row in order if row.people < K]
    for row in order[len(hidden) :]:
        if not hidden or (len(hidden) >= FEWEST_HIDDEN and sum(each.people for each in hidden) >= K):
            break
        hidden.append(row)
    gone = {row.key for row in hidden}
    rows = tuple(_without_numbers(row) if row.key in gone else row for row in table.rows)
    return replace(table, rows=rows, total=_total(table.total))


def protected_steps(table: Table) -> Table:
    """Returns a funnel without small groups: each step holds only people of the step before.

    Whoever fell off between two steps is a group as well, told by their difference: where it is small, the later step
    is hidden. Steps are compared with the last one shown.
    """
    rows: list[Row] = []
    before: int | None = None
    for row in table.rows:
        fell = 0 if before is None else before - row.people
        if 0 < row.people < K or 0 < fell < K:
            rows.append(_without_numbers(row))
        else:
            rows.append(row)
            before = row.people
    return replace(table, rows=tuple(rows))


def _total(total: Row | None) -> Row | None:
    return _without_numbers(total) if total is not None and 0 < total.people < K else total


def _without_numbers(row: Row) -> Row:
    return Row(row.key, 0, tuple(0 for _ in row.counts), hidden=True)
