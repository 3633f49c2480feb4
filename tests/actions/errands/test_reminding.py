"""Reminders are kept for those who ask, ring at nine Korean time, and are said once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from actions.errands.counting_days import DAYS, DaysStart
from actions.errands.reminding import forget_reminders, remind, take_due
from knowledge.guides.deadlines import deadlines
from tests.actions.talking import talking

FOUND = deadlines({"declaration_accepted": "2026-11-02"}, date(2026, 11, 24))
"""Load within 30 days of acceptance (관세법 제251조): by 2 December 2026."""

LONG_AFTER = datetime(2040, 1, 1, tzinfo=UTC)


def test_a_reminder_rings_at_nine_in_seoul_and_once(settings: Any) -> None:
    take_due(LONG_AFTER)
    load = [each for each in FOUND if each.id == "load"]
    assert load and load[0].date == date(2026, 12, 2)
    count = remind("reminded", load)
    assert count == len(load[0].reminders) > 0
    first = load[0].reminders[0]
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    assert take_due(midnight - timedelta(seconds=1)) == [], "nine in Seoul is midnight UTC"
    (due,) = take_due(midnight)
    assert (due.conversation_id, due.day) == ("reminded", date(2026, 12, 2))
    assert take_due(midnight) == []
    assert "2026년 12월 2일" in (due.reply("ko").text or "") and "December 2, 2026" in (due.reply("en").text or "")
    take_due(LONG_AFTER)


def test_asking_again_replaces_and_taking_back_ends(settings: Any) -> None:
    remind("twice", FOUND)
    count = remind("twice", FOUND)
    forget_reminders("once more")
    assert len([each for each in take_due(LONG_AFTER) if each.conversation_id == "twice"]) == count
    remind("twice", FOUND)
    forget_reminders("twice")
    assert [each for each in take_due(LONG_AFTER) if each.conversation_id == "twice"] == []


def test_nothing_is_kept_before_it_is_asked_for(settings: Any) -> None:
    told = {"told": {"declaration_accepted": "2026-11-02"}, "done": True}
    talk = talking("/count_deadlines", "count_deadlines", {"value": "remind"}, {"deadlines": told}, "asks")
    assert take_due(LONG_AFTER) == []
    DaysStart().respond(talk)
    DAYS.tell(talk, DAYS.state(talk))
    assert "알림 그만 받기" in str(talk._dispatcher.messages)
    assert talk.slot("deadlines")["reminding"] is None, "telling the days again sets no reminders again"
    assert {each.conversation_id for each in take_due(LONG_AFTER)} == {"asks"}
