"""News is told to those who want it, once, by day; what is switched off, erased or overtaken is not told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from actions.errands.reminding import remind
from actions.errands.reminding import take_due as reminders_due
from actions.news.consent import allow, allowed, switch_off, switched_on
from actions.news.noting import note, note_change
from actions.news.queue import News, note_renewals, put_back, take_due
from actions.news.telling import NothingToTell, tell
from actions.news.words import APPLICATION, PROGRAMMES, REMINDERS
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow
from knowledge.guides.deadlines import deadlines
from knowledge.settings import settings as chosen
from tests.actions.news.conftest import conversation, news_of, seoul

DAY = timedelta(days=1)


def happens(conversation_id: str, at: datetime, event: int = 1, state: str = "in_review") -> None:
    """An application of the conversation changes its state."""
    with sessions(chosen().database).begin() as session:
        note_change(session, conversation_id, "a1", state, event, at)


def test_without_consent_nothing_is_noted() -> None:
    quiet, other_topic = conversation(), conversation()
    allow(other_topic, PROGRAMMES, seoul(1))
    happens(quiet, seoul(2), 1)
    happens(other_topic, seoul(2), 2)
    assert news_of(quiet) == [] and news_of(other_topic) == []


@pytest.mark.parametrize(
    ("happened", "due"),
    [
        (seoul(2, 20, 59), seoul(2, 20, 59)),
        (seoul(2, 21), seoul(3, 8)),
        (seoul(3, 7, 59), seoul(3, 8)),
        (seoul(3, 8), seoul(3, 8)),
    ],
)
def test_it_is_due_at_once_or_in_the_morning(happened: datetime, due: datetime) -> None:
    wants = conversation()
    allow(wants, APPLICATION, seoul(1))
    happens(wants, happened.astimezone(UTC))
    (row,) = news_of(wants)
    assert (row.made_at, row.due_at) == (happened, due)
    assert take_due(due - timedelta(seconds=1)) == []
    assert [each.conversation_id for each in take_due(due)] == [wants]
    assert take_due(due) == [] and take_due(due + DAY) == [], "told once"


def test_what_was_due_in_the_evening_is_not_told_at_night() -> None:
    wants = conversation()
    allow(wants, APPLICATION, seoul(1))
    happens(wants, seoul(2, 20, 59))  # and then the process was down for a minute
    assert take_due(seoul(2, 21)) == [] and take_due(seoul(3, 7, 59)) == []
    assert len(take_due(seoul(3, 8))) == 1


def test_the_same_thing_is_never_noted_twice() -> None:
    wants = conversation()
    allow(wants, APPLICATION, seoul(1))
    happens(wants, seoul(2), 7)
    with pytest.raises(IntegrityError):
        happens(wants, seoul(3), 7)
    assert len(news_of(wants)) == 1


def test_of_several_processes_one_tells() -> None:
    wants = [conversation() for _ in range(8)]
    for number, each in enumerate(wants):
        allow(each, APPLICATION, seoul(1))
        happens(each, seoul(2), 100 + number)
    together = Barrier(4)

    def process(_: int) -> list[News]:
        together.wait()
        return take_due(seoul(2, 13))

    with ThreadPoolExecutor(4) as pool:
        taken = [each.conversation_id for found in pool.map(process, range(4)) for each in found]
    assert sorted(taken) == sorted(wants)


def test_what_could_not_be_told_is_tried_again_and_not_at_night() -> None:
    wants = conversation()
    allow(wants, APPLICATION, seoul(1))
    happens(wants, seoul(2, 20, 0))
    (taken,) = take_due(seoul(2, 20, 55))
    put_back(taken, seoul(2, 20, 55))
    assert news_of(wants)[0].due_at == seoul(3, 8)
    assert take_due(seoul(3, 8)) == [taken]


def test_stopping_ends_consents_what_waits_and_reminders_in_the_whole_dialogue() -> None:
    web = conversation()
    phone, stranger = conversation("telegram", joined_to=web), conversation()
    allow(phone, APPLICATION, seoul(1))
    allow(web, PROGRAMMES, seoul(1))
    allow(stranger, APPLICATION, seoul(1))
    for number, each in enumerate((phone, stranger)):
        happens(each, seoul(2), 200 + number)
    reminders_due(datetime(2040, 1, 1, tzinfo=UTC))
    load = deadlines({"declaration_accepted": "2026-11-02"}, seoul(1, month=11).date())
    remind(web, load)
    assert switched_on(phone) == switched_on(web) == (APPLICATION, PROGRAMMES, REMINDERS)
    assert switch_off(web) == (APPLICATION, PROGRAMMES, REMINDERS)
    assert switched_on(phone) == () and switch_off(web) == ()
    assert [each.conversation_id for each in take_due(seoul(2, 13))] == [stranger]
    assert reminders_due(datetime(2040, 1, 1, tzinfo=UTC)) == []
    happens(phone, seoul(3), 300)
    assert news_of(phone) == []


def test_one_topic_can_be_ended_alone() -> None:
    wants = conversation()
    allow(wants, APPLICATION, seoul(1))
    allow(wants, PROGRAMMES, seoul(1))
    assert switch_off(wants, (PROGRAMMES,)) == (PROGRAMMES,)
    assert switched_on(wants) == (APPLICATION,)


def test_what_is_switched_off_after_it_was_taken_is_not_worded() -> None:
    wants = conversation()
    allow(wants, APPLICATION, seoul(1))
    happens(wants, seoul(2))
    (taken,) = take_due(seoul(2, 13))
    switch_off(wants)
    with pytest.raises(NothingToTell):
        tell(taken, "ko", seoul(2, 13))


def test_erasing_leaves_no_news_and_no_consent() -> None:
    wants = conversation()
    allow(wants, APPLICATION, seoul(1))
    happens(wants, seoul(2))
    with sessions(chosen().database).begin() as session:
        session.execute(delete(ConversationRow).where(ConversationRow.id == wants))
    assert take_due(seoul(3)) == [] and news_of(wants) == [] and switched_on(wants) == ()


def test_a_consent_counts_for_two_years_then_it_is_asked_for_again() -> None:
    wants = conversation()
    agreed = seoul(2, 12, year=2024)
    allow(wants, APPLICATION, agreed)
    two_years = agreed + timedelta(days=730)
    assert allowed(wants, APPLICATION, two_years - timedelta(seconds=1))
    assert note_renewals(two_years - timedelta(seconds=1)) == 0
    assert not allowed(wants, APPLICATION, two_years)
    happens(wants, two_years, 400)
    assert news_of(wants) == [], "not told without being asked again"
    assert note_renewals(two_years) == 1 and note_renewals(two_years + DAY) == 0, "asked once"
    (question,) = take_due(two_years)
    asked = tell(question, "ko", two_years)
    assert "2024년 3월 2일" in (asked.text or "") and "계속 알려 드릴까요?" in (asked.text or "")
    assert [choice.payload for choice in asked.choices] == [
        '/allow_news{"value": "application"}',
        '/stop_news{"value": "application"}',
    ]
    allow(wants, APPLICATION, two_years + DAY)
    assert allowed(wants, APPLICATION, two_years + 600 * DAY)
    assert note_renewals(two_years + 700 * DAY) == 0 and note_renewals(two_years + 731 * DAY) == 1
    with pytest.raises(NothingToTell):
        tell(question, "ko", two_years + 2 * DAY)  # an old question, answered meanwhile


def test_many_unanswered_questions_hold_up_nobody() -> None:
    old, agreed = [conversation() for _ in range(3)], seoul(2, year=2024)
    for each in old:
        allow(each, PROGRAMMES, agreed)
    assert note_renewals(agreed + 731 * DAY) == 3
    late = conversation()
    allow(late, PROGRAMMES, agreed + 10 * DAY)
    assert note_renewals(agreed + 741 * DAY) == 1 and len(news_of(late)) == 1


def test_news_of_an_application_that_is_gone_is_not_told() -> None:
    wants = conversation()
    allow(wants, APPLICATION, seoul(1))
    with sessions(chosen().database).begin() as session:
        note(session, wants, APPLICATION, "application:9", {"application": "gone", "state": "accepted"}, seoul(2))
    (taken,) = take_due(seoul(2, 13))
    with pytest.raises(NothingToTell):
        tell(taken, "ko", seoul(2, 13))
