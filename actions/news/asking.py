"""The steps about news: it is offered, agreed to topic by topic, and ended in one word."""

from __future__ import annotations

from babel.dates import format_date
from sqlalchemy import select

from actions.joined import channels_of
from actions.news.consent import EVERYTHING, allow, allowed, switch_off, switched_on
from actions.news.words import PROGRAMMES, REMINDERS, TOPICS, refuses, says_stop, topic_named, wishes
from actions.reply import Choice, Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload
from knowledge.announcements.period import korean_day
from knowledge.announcements.plain import HOME
from knowledge.announcements.store import last_run
from knowledge.database.engine import sessions
from knowledge.database.tables import TurnRow
from knowledge.settings import settings

ASKED = "news_asked"
"""Slot of the topics that were asked about: nobody is asked twice."""

REACHES = ("telegram", "chatwoot", "web", "kakao")
"""Channels from the one on which Naru can best speak first to the one on which it cannot."""


class AllowNews(Step):
    """Takes the wish to be told of something."""

    action = "action_allow_news"

    def respond(self, talk: Talk) -> None:
        """Notes the consent to one topic and says what it means; asks which one, where none is named."""
        if not talk.is_payload and refuses(talk.question):  # heard wrongly: no consent comes of a no
            StopNews().respond(talk)
            return
        topic = talk.entity("value") or _asked_last(talk) or topic_named(talk.question)
        if topic == REMINDERS:
            begin = talk.choice("errand_button_deadlines", payload("count_deadlines"))
            talk.reply(Reply(text=talk.say("news_reminders"), choices=(begin,)), Outcome.NEEDS_INPUT)
        elif topic == PROGRAMMES and not _list_connected():
            talk.reply(Reply(text=talk.say("announcements_not_connected", address=HOME)), Outcome.ANSWERED)
        elif topic in TOPICS:
            _allow(talk, topic)
        else:
            choices = tuple(_allowing(talk, each) for each in TOPICS)
            talk.reply(Reply(text=talk.say("news_which"), choices=choices), Outcome.NEEDS_INPUT)


class StopNews(Step):
    """Ends what Naru tells of its own accord."""

    action = "action_stop_news"

    def respond(self, talk: Talk) -> None:
        """Ends the topic a button or the words name, else everything, and says what was ended."""
        if not talk.is_payload and wishes(talk.question):  # heard wrongly
            AllowNews().respond(talk)
            return
        named = talk.entity("value") or topic_named(talk.question)
        _stop(talk, named if named in EVERYTHING else None)


def ask_about(talk: Talk, topic: str) -> None:
    """Asks, once in a conversation, whether news of a topic is wanted."""
    asked = list(talk.slot(ASKED) or ())
    if topic in asked or allowed(talk.conversation_id, topic):
        return
    talk.remember(**{ASKED: [*asked, topic]})
    words = f"{talk.say(f'news_ask_{topic}')} {reach(talk)}"
    talk.reply(Reply(text=words, choices=yes_or_no(talk, topic)), Outcome.ANSWERED)


def offer(talk: Talk) -> tuple[Choice, ...]:
    """Returns the button for news of new announcements, where there is a list and it is not switched on."""
    if not _list_connected() or allowed(talk.conversation_id, PROGRAMMES):
        return ()
    return (talk.choice("news_button_allow_programmes", payload("allow_news", value=PROGRAMMES)),)


def settle(talk: Talk, yes: bool) -> bool:
    """Takes a bare yes or no to the question about news, if that was the last thing said; False if it was not."""
    topic = _asked_last(talk)
    if topic is None:
        return False
    if yes:
        _allow(talk, topic)
    else:
        _stop(talk, topic)
    return True


def stopped_in_a_word(talk: Talk) -> bool:
    """Ends everything where the whole message is "stop", nothing else is running and something is switched on."""
    if talk.is_payload or not says_stop(talk.question) or not switched_on(talk.conversation_id):
        return False
    _stop(talk, None)
    return True


def also_stop(talk: Talk) -> tuple[Choice, ...]:
    """Returns the button that ends everything, where something is switched on."""
    if not switched_on(talk.conversation_id):
        return ()
    return (talk.choice("news_button_stop_all", payload("stop_news")),)


def yes_or_no(talk: Talk, topic: str) -> tuple[Choice, Choice]:
    """Returns the buttons of the question whether news is wanted."""
    return (
        talk.choice("news_button_yes", payload("allow_news", value=topic)),
        talk.choice("news_button_no", payload("stop_news", value=topic)),
    )


def reach(talk: Talk) -> str:
    """Returns how news reaches the person: the best of the channels that share the dialogue decides."""
    channels = {talk.channel, *channels_of(talk.conversation_id).values()}
    best = next((each for each in REACHES if each in channels), "other")
    return talk.say(f"news_reach_{best}")


def _allow(talk: Talk, topic: str) -> None:
    allow(talk.conversation_id, topic)
    words = (talk.say(f"news_allowed_{topic}", day=_today(talk)), reach(talk), talk.say("news_how_to_stop"))
    off = talk.choice(f"news_button_stop_{topic}", payload("stop_news", value=topic))
    talk.reply(Reply(text=" ".join(words), choices=(off,)), Outcome.ANSWERED)


def _stop(talk: Talk, topic: str | None) -> None:
    ended = switch_off(talk.conversation_id, (topic,) if topic else EVERYTHING)
    if not ended:
        key = f"news_declined_{topic}" if topic else "news_nothing_on"
        talk.reply(Reply(text=talk.say(key)), Outcome.ANSWERED)
        return
    names = ", ".join(talk.say(f"news_name_{each}") for each in ended)
    words = [talk.say("news_stopped", day=_today(talk), names=names)]
    if set(ended) - {REMINDERS}:
        words.append(talk.say("news_again"))
    if REMINDERS in ended:
        words.append(talk.say("news_again_reminders"))
    talk.reply(Reply(text=" ".join(words)), Outcome.ANSWERED)


def _allowing(talk: Talk, topic: str) -> Choice:
    return talk.choice(f"news_name_{topic}", payload("allow_news", value=topic))


def _asked_last(talk: Talk) -> str | None:
    """Returns the topic the last turn of the dialogue ended by asking about, with a yes and a no, or None."""
    query = select(TurnRow.answer).where(TurnRow.conversation_id == talk.conversation_id)
    with sessions(settings().database)() as session:
        last = session.scalars(query.order_by(TurnRow.turn_id.desc()).limit(1)).first()
    replies = (last or {}).get("replies") or [{}]
    pressed = {choice["payload"] for choice in replies[-1].get("choices") or ()}
    return next((each for each in TOPICS if pressed >= {choice.payload for choice in yes_or_no(talk, each)}), None)


def _list_connected() -> bool:
    with sessions(settings().database)() as session:
        return last_run(session) is not None


def _today(talk: Talk) -> str:
    return format_date(korean_day(), "long", locale=talk.language)
