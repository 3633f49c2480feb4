"""Tells which announcements of support are open today: those that fit the need, else those that close first."""

from __future__ import annotations

from datetime import timedelta

from babel.dates import format_date
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.firm.diagnosis import DIAGNOSIS
from actions.firm.hearing_profile import besides, hear_profile
from actions.firm.known import learn, profile
from actions.firm.telling import further, lines, notes
from actions.present import show
from actions.reply import Card, Choice, Outcome, Reply
from actions.step import Step
from actions.talk import Talk
from knowledge.announcements.finding import search
from knowledge.announcements.period import korean_day
from knowledge.announcements.plain import HOME
from knowledge.announcements.reading import Announcement
from knowledge.announcements.store import last_run, open_on
from knowledge.announcements.telling import deadline, note, source
from knowledge.database.engine import sessions
from knowledge.programmes.profile import questions
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
        rows = tuple((each.title, _row(talk, each)) for each in found)
        fetched = max(korean_day(each.fetched_at) for each in found)
        text = lines(
            talk.say(key, days=SOON),
            talk.say("announcements_fetched", day=format_date(fetched, "long", locale=talk.language)),
            note(talk.language),
        )
        told = [(f"announcement.{each.id}", source(each)) for each in found]
        reply = Reply(
            text=text,
            card=Card(kind="list", title=talk.say("announcements_card"), rows=rows),
            choices=further(talk, "match", "person"),
            sources=notes(
                (name, one.model_dump(mode="json") | {"title": one.title[talk.language]}) for name, one in told
            ),
        )
        talk.reply(reply, Outcome.ANSWERED)

    def _not_connected(self, talk: Talk) -> None:
        text = talk.say("announcements_not_connected", address=HOME)
        talk.reply(Reply(text=text, choices=(*_record(talk), *further(talk, "match", "person"))), Outcome.ANSWERED)

    def _none_open(self, talk: Talk) -> None:
        text = talk.say("announcements_none_open", address=HOME)
        talk.reply(Reply(text=text, choices=(*_record(talk), *further(talk, "match", "person"))), Outcome.ANSWERED)


def _chosen(talk: Talk, session: Session) -> tuple[list[Announcement], str]:
    """Returns the announcements to show, and the sentence that says why these."""
    day, code = korean_day(), profile(talk).region
    region = str(questions()["region"]["choices"][code]["ko"]) if code else None
    for words, key in ((_asked(talk), "announcements_fitting"), (_trouble(talk), "announcements_for_trouble")):
        found = search(session, words, day, region=region, limit=SHOWN) if words else []
        if found:
            return [each.announcement for each in found], key
    near = [each.announcement for each in search(session, "", day, region=region, limit=EVERYTHING)]
    soon = [each for each in near if each.closes and each.closes <= day + timedelta(days=SOON)]
    return (soon[:SHOWN], "announcements_soon") if soon else (near[:SHOWN], "announcements_open")


def _asked(talk: Talk) -> str:
    return "" if talk.is_payload else besides(talk.question, talk.language)


def _trouble(talk: Talk) -> str:
    """Returns Korean words for the troubles told before, since announcements are Korean."""
    heard = DIAGNOSIS.state(talk).get("heard") or {}
    records = [record for name in heard if (record := talk.record(name))]
    return " ".join(record.text("ko").name for record in records)


def _row(talk: Talk, announcement: Announcement) -> str:
    told = (deadline(announcement, talk.language), announcement.organisation, announcement.url)
    return " · ".join(part for part in told if part)


def _record(talk: Talk) -> tuple[Choice, ...]:
    record = talk.record(BIZINFO)
    return (show(talk, record),) if record else ()
