"""The night in Korea, from nine in the evening to eight in the morning, in which Naru begins to speak to nobody.

Advertising at night needs a consent of its own (정보통신망법 제50조 제3항, read without the statute at hand:
docs/decisions/0012-news.md). Naru asks for none and waits for the morning instead, with news of any kind.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from knowledge.guides.deadline_calendar import SEOUL

EVENING = time(21)
"""When the night begins; this very moment belongs to it."""

MORNING = time(8)
"""When the night is over; this very moment does not belong to it."""


def is_night(moment: datetime) -> bool:
    """Tells whether it is night in Korea, whatever zone the moment is given in."""
    there = moment.astimezone(SEOUL).time()
    return there >= EVENING or there < MORNING


def after_the_night(moment: datetime) -> datetime:
    """Returns the moment itself by day, else eight o'clock of the morning to come."""
    if not is_night(moment):
        return moment
    there = moment.astimezone(SEOUL)
    day = there.date() + timedelta(days=1 if there.time() >= EVENING else 0)
    return datetime.combine(day, MORNING, SEOUL).astimezone(moment.tzinfo)
