"""Draws small charts as SVG on the server: bars beside a table's numbers, and lines over days.

Own code, since the chart libraries weighed do not fit these pages: pygal and matplotlib write styles and scripts into
the picture, which the console's content security policy forbids, and Plotly, Vega and ECharts draw in the browser with
hundreds of kilobytes of script. Two simple shapes are all that is needed. Colours are in ``static/insight.css``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup, escape

BAR = (160, 14)
"""Width and height of a bar's picture."""

LINES = (960, 240)
LEFT, RIGHT, TOP, BOTTOM = 46, 96, 12, 26
"""Room around the lines for the numbers, names and days."""

STEPS = 4
"""Lines across the picture, at most."""

LABELS = 8
"""Days named below the picture, at most."""

NEAR = 16
"""Names of lines are at least so far apart."""


@dataclass(frozen=True)
class Line:
    """A line: its name, and a value for each day; None leaves a gap."""

    name: str
    values: tuple[int | None, ...]


def bar(value: int, most: int) -> Markup:
    """Returns a bar as long as a value is of the greatest; the number itself stands beside it, in the table."""
    width, height = BAR
    length = round(width * value / most, 1) if most else 0
    return Markup(
        '<svg class="bar-chart" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true">'
        '<rect class="ground" width="{w}" height="{h}" rx="2"/>'
        '<rect class="value" width="{length}" height="{h}" rx="2"/>'
        "</svg>"
    ).format(w=width, h=height, length=length)


def lines(title: str, days: Sequence[str], drawn: Sequence[Line]) -> Markup:
    """Returns lines over days, told apart by dashes and names at their ends.

    Screen readers hear the title; the numbers are in a table that stands with it.
    """
    width, height = LINES
    top = scale(max((value for line in drawn for value in line.values if value is not None), default=0))
    parts = [
        Markup('<svg class="line-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(width, height, title)
    ]
    parts += [_rule(value, top) for value in range(0, top + 1, max(1, top // STEPS))]
    every = max(1, ceil(len(days) / LABELS))
    parts += [_label(_x(n, len(days)), days[n]) for n in range(0, len(days), every)]
    ends = _ends(drawn, top)
    parts += [_line(number, line, top, end) for number, (line, end) in enumerate(zip(drawn, ends, strict=True))]
    return Markup("").join([*parts, Markup("</svg>")])


def scale(most: int) -> int:
    """Returns a round number at or above the greatest value, which STEPS divide."""
    if most <= STEPS:
        return STEPS
    step = int(10 ** floor(log10(most / STEPS)))
    steps = (ceil(step * part) for part in (1, 2, 2.5, 5, 10) if step * part == int(step * part))
    return next(STEPS * each for each in steps if STEPS * each >= most)


def _rule(value: int, top: int) -> Markup:
    y = _y(value, top)
    return Markup(
        '<line class="rule" x1="{}" x2="{}" y1="{y}" y2="{y}"/><text class="scale" x="{}" y="{}">{}</text>'
    ).format(LEFT, LINES[0] - RIGHT, LEFT - 6, y + 4, f"{value:,}", y=y)


def _label(x: float, day: str) -> Markup:
    return Markup('<text class="day" x="{}" y="{}">{}</text>').format(x, LINES[1] - 6, day)


def _line(number: int, line: Line, top: int, end: float) -> Markup:
    """Returns a line with its name; a day between two gaps is a dot."""
    count = len(line.values)
    runs: list[list[str]] = [[]]
    for n, value in enumerate(line.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{_x(n, count)},{_y(value, top)}")
    drawn = [
        Markup('<polyline points="{}"/>').format(" ".join(run if len(run) > 1 else run * 2)) for run in runs if run
    ]
    name = Markup('<text x="{}" y="{}">{}</text>').format(LINES[0] - RIGHT + 8, end + 4, escape(line.name))
    return Markup('<g class="line line-{}">{}{}</g>').format(number, Markup("").join(drawn), name)


def _ends(drawn: Sequence[Line], top: int) -> list[float]:
    """Returns how high each name stands: at its line's last value, but no two on each other."""
    last = [next((value for value in reversed(line.values) if value is not None), 0) for line in drawn]
    wanted = sorted(range(len(drawn)), key=lambda n: -last[n])
    ends, above = [0.0] * len(drawn), -float("inf")
    for n in wanted:
        ends[n] = above = max(_y(last[n], top), above + NEAR)
    over = max(0.0, above - (LINES[1] - BOTTOM))
    return [end - over for end in ends]


def _x(n: int, count: int) -> float:
    room = LINES[0] - LEFT - RIGHT
    return round(LEFT + (room / 2 if count == 1 else room * n / (count - 1)), 1)


def _y(value: int, top: int) -> float:
    return round(TOP + (LINES[1] - TOP - BOTTOM) * (1 - value / top), 1)
