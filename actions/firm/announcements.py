"""Tells which announcements of support are open today: those that fit the need, else those that close first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.firm.diagnosis import DIAGNOSIS
from actions.firm.hearing_profile import besides, hear_profile
from actions.firm.known import learn, profile
from actions.firm.telling import further, lines, notes
from actions.news.asking import offer
from actions.present import show
from actions.reply import Card, Choice, Outcome, Reply, SourceNote
from actions.step import Step
from actions.talk import Talk
from actions.texts import text
from knowledge.announcements.finding import search
from knowledge.announcements.period import korean_day
from knowledge.announcements.plain import HOME
from knowledge.announcements.reading import Announcement
from knowledge.announcements.store import last_run, open_on
from knowledge.announcements.telling import deadline, note, source
from knowledge.database.engine import sessions
from knowledge.library import Library
from knowledge.programmes.profile import FirmProfile, questions
from knowledge.record import Language
from knowledge.settings import settings

SHOWN = 6
EVERYTHING = 100_000
SOON = 14
"""Days within which an announcement closes soon."""

BIZINFO = "system.bizinfo"
"""The pack's record of 기업마당, where there is one."""


class Announcements(Step):
    """Lists open announcements, or says honestly that no list is connected."""

    action = "action_announcements"

    def respond(self, talk: Talk) -> None:
        """Looks for what the message names, else for the trouble told before, else for what closes soon."""
        if not talk.is_payload:
            learn(talk, hear_profile(talk.question, talk.language))
        try:
            with sessions(settings().database)() as session:
                self._tell(talk, session)
        except SQLAlchemyError:  # the tables are made when the service starts; without them nothing was fetched
            self._not_connected(talk)

    def _tell(self, talk: Talk, session: Session) -> None:
        day, run = korean_day(), last_run(session)
        if not open_on(session, day):
            self._not_connected(talk) if run is None else self._none_open(talk)
            return
        found, key = _chosen(talk, session)
        if not found:  # open ones are for other regions
            self._none_open(talk)
            return
        fetched = max(korean_day(each.fetched_at) for each in found)
        text = lines(
            talk.say(key, days=SOON),
            talk.say("announcements_fetched", day=format_date(fetched, "long", locale=talk.language)),
            note(talk.language),
        )
        choices = (*offer(talk), *further(talk, "match", "person"))
        card, sources = listing(found, talk.language, day)
        talk.reply(Reply(text=text, card=card, choices=choices, sources=sources), Outcome.ANSWERED)

    def _not_connected(self, talk: Talk) -> None:
        text = talk.say("announcements_not_connected", address=HOME)
        talk.reply(Reply(text=text, choices=(*_record(talk), *further(talk, "match", "person"))), Outcome.ANSWERED)

    def _none_open(self, talk: Talk) -> None:
        text = talk.say("announcements_none_open", address=HOME)
        choices = (*offer(talk), *_record(talk), *further(talk, "match", "person"))
        talk.reply(Reply(text=text, choices=choices), Outcome.ANSWERED)


def listing(
    found: Sequence[Announcement], language: Language, day: date | None = None
) -> tuple[Card, tuple[SourceNote, ...]]:
    """Returns announcements as a list, deadlines seen from a day in Korea, and their sources."""
    rows = tuple((each.title, _row(each, language, day)) for each in found)
    told = [(f"announcement.{each.id}", source(each)) for each in found]
    sources = notes((name, one.model_dump(mode="json") | {"title": one.title[language]}) for name, one in told)
    return Card(kind="list", title=text("announcements_card", language), rows=rows), sources


def _chosen(talk: Talk, session: Session) -> tuple[list[Announcement], str]:
    """Returns the announcements to show, and the sentence that says why these."""
    day, region = korean_day(), region_named(profile(talk))
    for words, key in ((_asked(talk), "announcements_fitting"), (_trouble(talk), "announcements_for_trouble")):
        found = search(session, words, day, region=region, limit=SHOWN) if words else []
        if found:
            return [each.announcement for each in found], key
    near = [each.announcement for each in search(session, "", day, region=region, limit=EVERYTHING)]
    soon = [each for each in near if each.closes and each.closes <= day + timedelta(days=SOON)]
    return (soon[:SHOWN], "announcements_soon") if soon else (near[:SHOWN], "announcements_open")


def _asked(talk: Talk) -> str:
    return "" if talk.is_payload else besides(talk.question, talk.language)


def region_named(told: FirmProfile) -> str | None:
    """Returns the Korean name of a firm's region, as announcements are searched by it."""
    return str(questions()["region"]["choices"][told.region]["ko"]) if told.region else None


def _trouble(talk: Talk) -> str:
    return trouble_words(DIAGNOSIS.state(talk), talk.shelf.library)


def trouble_words(diagnosis: Mapping[str, Any], library: Library) -> str:
    """Returns Korean words for the troubles told in a diagnosis, since announcements are Korean."""
    records = [record for name in diagnosis.get("heard") or {} if (record := library.get(name))]
    return " ".join(record.text("ko").name for record in records)


def _row(announcement: Announcement, language: Language, day: date | None) -> str:
    told = (deadline(announcement, language, day), announcement.organisation, announcement.url)
    return " · ".join(part for part in told if part)


def _record(talk: Talk) -> tuple[Choice, ...]:
    record = talk.record(BIZINFO)
    return (show(talk, record),) if record else ()
