"""The charts: lengths and heights that can be reckoned by hand, names that are no markup, scales that are round."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from channels.console.charts import Line, bar, lines, scale


def drawn(found: str) -> ElementTree.Element:
    return ElementTree.fromstring(found)


@pytest.mark.parametrize(("value", "length"), [(10, 160.0), (5, 80.0), (0, 0.0), (1, 16.0)])
def test_a_bar_is_as_long_as_its_share(value: int, length: float) -> None:
    picture = drawn(bar(value, 10))
    assert float(picture.findall("rect")[1].attrib["width"]) == length
    assert picture.attrib["aria-hidden"] == "true"


def test_no_bar_of_nothing() -> None:
    assert drawn(bar(0, 0)).findall("rect")[1].attrib["width"] == "0"


@pytest.mark.parametrize(
    ("most", "top"),
    [
        (0, 4),
        (3, 4),
        (4, 4),
        (5, 8),
        (9, 20),
        (40, 40),
        (41, 80),
        (90, 100),
        (101, 200),
        (1204, 2000),
        (1_000_000, 1_000_000),
    ],
)
def test_the_scale_is_round(most: int, top: int) -> None:
    assert scale(most) == top


def test_a_gap_where_a_day_is_hidden() -> None:
    picture = drawn(lines("By day", ["3/1", "3/2", "3/3", "3/4"], [Line("turns", (0, None, 4, 2))]))
    first, second = (each.attrib["points"].split() for each in picture.iter("polyline"))
    # 12 is the top, 214 the ground; 46 the left end, 864 the right
    assert first == ["46.0,214.0", "46.0,214.0"]
    assert second == ["591.3,12.0", "864.0,113.0"]


def test_lines_are_told_apart_by_names_that_do_not_touch() -> None:
    picture = drawn(lines("By day", ["3/1", "3/2"], [Line("a", (1, 4)), Line("b", (1, 4)), Line("c", (0, 0))]))
    groups = list(picture.iter("g"))
    assert [each.attrib["class"] for each in groups] == ["line line-0", "line line-1", "line line-2"]
    heights = [float(text.attrib["y"]) for each in groups for text in each.iter("text")]
    assert abs(heights[0] - heights[1]) >= 16 and max(heights) < 240


def test_names_are_no_markup() -> None:
    found = lines('<b onload="x">', ["<script>"], [Line("<script>alert(1)</script>", (1,))])
    assert not re.search(r"<(script|b)\b", found)
    assert drawn(found).attrib["aria-label"] == '<b onload="x">'
    assert "style=" not in found


def test_screen_readers_hear_the_title() -> None:
    picture = drawn(lines("날짜별 이용", ["3/1"], [Line("a", (1,))]))
    assert (picture.attrib["role"], picture.attrib["aria-label"]) == ("img", "날짜별 이용")
