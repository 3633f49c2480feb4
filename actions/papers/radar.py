"""Draws a readiness result as a radar chart, readable at a phone's width, with words that say the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from babel.numbers import format_decimal
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from actions.papers.lettering import FONT_FILE
from actions.texts import text
from knowledge.diagnosis.readiness import Readiness, dimension_name, level_texts, readiness_data
from knowledge.record import Language

SIZE, DOTS = (4.8, 5.0), 150
"""Inches and dots an inch: 720 by 750 dots, twice a phone's 360, so that letters stay sharp."""

RINGS = (25, 50, 75, 100)
LABEL_AT = 1.2
"""Where labels stand, as a share of the chart's radius."""

NOW, BEFORE, INK, QUIET, LINE = "#0b5c7a", "#b45309", "#1b2429", "#5b6b73", "#c9d4da"
BIG, SMALL = 11.5, 9.5
"""Sizes of letters in points: 12 and 10 dots on a phone."""

Corner = tuple[float, float]


@dataclass(frozen=True)
class Picture:
    """A PNG file and the words that say the same for those who can't see it."""

    content: bytes
    alt: str


def radar(result: Readiness, language: Language, before: Readiness | None = None) -> Picture:
    """Draws the result, and an earlier one under it.

    Dimensions that are not known have no corner: lines stop before them, and their label says so.
    """
    figure = Figure(figsize=SIZE, dpi=DOTS, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.06, 1.0, 0.94))
    axes.set_aspect("equal")
    axes.set_xlim(-1.62, 1.62)
    axes.set_ylim(-1.5, 1.5)
    axes.set_axis_off()
    names = [each.id for each in result.dimensions]
    _draw_rings(axes, len(names))
    if before:
        _draw_scores(axes, [before.of(name) for name in names], BEFORE, "--", 0.0)
    _draw_scores(axes, [result.of(name) for name in names], NOW, "-", 0.18)
    _draw_labels(axes, result, language)
    if before:
        _draw_legend(axes, language)
    written = BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return Picture(written.getvalue(), alt_text(result, language, before))


def alt_text(result: Readiness, language: Language, before: Readiness | None = None) -> str:
    """Returns what the picture shows, in words: level, and every dimension with its score and what it was."""
    parts = []
    for each in result.dimensions:
        earlier = before.of(each.id) if before else None
        name, value = dimension_name(each.id, language), shown(each.score, language)
        if earlier is None:
            parts.append(text("readiness_alt_score", language, name=name, value=value))
        else:
            was = shown(earlier, language)
            parts.append(text("readiness_alt_change", language, name=name, before=was, value=value))
    title = text("readiness_title", language)
    return text("readiness_alt", language, title=title, level=_level_words(result, language), scores=", ".join(parts))


def shown(score: float | None, language: Language) -> str:
    """Returns a score as it is written, or that it is not known."""
    if score is None:
        return str(readiness_data()["not_known"][language])
    return text("readiness_points", language, value=number(score, language))


def number(score: float, language: Language) -> str:
    """Returns a score's number with a decimal only where there is one."""
    return str(format_decimal(score, format="#,##0.#", locale=language))


def _level_words(result: Readiness, language: Language) -> str:
    if result.total is None:
        return text("readiness_no_total", language) + "."
    total = shown(result.total, language)
    if result.level is None:
        return text("readiness_total", language, value=total) + "."
    name = level_texts(result.level, language)[0]
    return text("readiness_alt_total", language, value=total, level=name)


def _corner(place: int, count: int, share: float) -> Corner:
    """Returns where a share of the radius lies on an axis; the first axis points up, the next to its right."""
    angle = math.pi / 2 - 2 * math.pi * place / count
    return share * math.cos(angle), share * math.sin(angle)


def _draw_rings(axes: Axes, count: int) -> None:
    for ring in RINGS:
        corners = [_corner(place % count, count, ring / 100) for place in range(count + 1)]
        axes.plot(*zip(*corners, strict=True), color=LINE, linewidth=1.4 if ring == 100 else 0.8, zorder=1)
        axes.text(0.03, ring / 100 - 0.02, str(ring), fontproperties=_font(7.5), color=QUIET, va="top", zorder=5)
    for place in range(count):
        x, y = _corner(place, count, 1.0)
        axes.plot([0, x], [0, y], color=LINE, linewidth=0.8, zorder=1)


def _draw_scores(axes: Axes, scores: Sequence[float | None], colour: str, style: str, fill: float) -> None:
    count = len(scores)
    corners = [None if score is None else _corner(place, count, score / 100) for place, score in enumerate(scores)]
    for place, corner in enumerate(corners):
        following = corners[(place + 1) % count]
        if corner and following:
            axes.plot(*zip(corner, following, strict=True), color=colour, linestyle=style, linewidth=2.2, zorder=4)
            if fill:
                axes.fill(*zip((0.0, 0.0), corner, following, strict=True), color=colour, alpha=fill, lw=0, zorder=2)
        if corner and not (following or corners[place - 1]):  # a lone score: a line from the middle shows its size
            axes.plot(*zip((0.0, 0.0), corner, strict=True), color=colour, linestyle=style, linewidth=2.2, zorder=4)
        if corner:
            axes.plot(*corner, marker="o", markersize=6, color=colour, zorder=5)


def _draw_labels(axes: Axes, result: Readiness, language: Language) -> None:
    count = len(result.dimensions)
    for place, each in enumerate(result.dimensions):
        x, y = _corner(place, count, LABEL_AT)
        side = "center" if abs(x) < 0.2 else ("left" if x > 0 else "right")
        x = x - 0.13 if side == "left" else x + 0.13 if side == "right" else x
        known = each.score is not None
        name = dimension_name(each.id, language, short=True)
        value = number(each.score, language) if each.score is not None else shown(None, language)
        font = _font(BIG)
        axes.text(x, y + 0.01, name, fontproperties=font, color=INK, ha=side, va="bottom", zorder=6)
        colour = NOW if known else QUIET
        axes.text(x, y - 0.01, value, fontproperties=_font(BIG if known else SMALL), color=colour, ha=side, va="top")


def _draw_legend(axes: Axes, language: Language) -> None:
    for x, key, colour, style in (
        (-0.95, "readiness_legend_before", BEFORE, "--"),
        (0.25, "readiness_legend_now", NOW, "-"),
    ):
        axes.plot([x, x + 0.3], [-1.47, -1.47], color=colour, linestyle=style, linewidth=2.2, clip_on=False)
        words = text(key, language)
        axes.text(x + 0.36, -1.47, words, fontproperties=_font(BIG), color=INK, va="center", clip_on=False)


def _font(size: float) -> FontProperties:
    return FontProperties(fname=str(FONT_FILE), size=size)
