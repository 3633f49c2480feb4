"""Says a piece of news in words, if it is still true, still wanted, and not overtaken by a newer one."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_date

from actions.cases import Application, Cases, State, UnknownApplication, form_of
from actions.cases.letters import letter
from actions.firm.announcements import listing
from actions.news.consent import Consent, consent
from actions.news.programmes import MORE, TOLD
from actions.news.queue import RENEW, News
from actions.news.words import APPLICATION, PROGRAMMES
from actions.reply import Choice, Reply
from actions.talk import payload
from actions.texts import text
from knowledge.announcements.period import korean_day
from knowledge.announcements.store import open_on
from knowledge.announcements.telling import note
from knowledge.database.engine import sessions
from knowledge.record import Language
from knowledge.settings import settings


class NothingToTell(Exception):
    """The news is not wanted any more, or not news any more."""


def tell(news: News, language: Language, at: datetime) -> Reply:
    """Returns what is said.

    Raises:
        NothingToTell: It was switched off, overtaken, withdrawn, erased or closed meanwhile.
    """
    with sessions(settings().database)() as session:
        given = consent(session, news.conversation_id, news.topic)
    if given is None:
        raise NothingToTell(news.topic)
    if RENEW in news.data:
        return _renewal(given, language, at)
    if not given.holds(at):
        raise NothingToTell(news.topic)
    return _application(news, language) if news.topic == APPLICATION else _programmes(news, language, at)


def _renewal(given: Consent, language: Language, at: datetime) -> Reply:
    if given.holds(at):
        raise NothingToTell(given.topic)
    day = format_date(korean_day(given.agreed_at), "long", locale=language)
    words = text("news_renew", language, day=day, name=text(f"news_name_{given.topic}", language))
    yes = _button("news_button_yes", language, "allow_news", given.topic)
    no = _button("news_button_no", language, "stop_news", given.topic)
    return Reply(text=words, choices=(yes, no))


def _application(news: News, language: Language) -> Reply:
    store = Cases()
    try:
        application = store.get(news.data["application"])
    except UnknownApplication as error:
        raise NothingToTell(news.topic) from error
    expected = news.data.get("state", State.SUBMITTED)
    if application.state != expected:  # what came after has news of its own
        raise NothingToTell(news.topic)
    last = store.history(application.id)[-1]
    happened = datetime.fromisoformat(news.data["at"]) if "at" in news.data else last.at
    day = format_date(korean_day(happened), "long", locale=language)
    lines = [text(_key(news), language, **_values(application, language), date=day)]
    attached = letter(application.id) if "state" in news.data else None
    if last.note:
        lines.append(text("news_note_left", language))
    if attached:
        lines.append(text("letter_attached", language))
    lines.append(text("news_why_application", language))
    number = application.number or application.id
    status = _button("application_button_status", language, "application_status", number)
    return Reply(text="\n".join(lines), choices=(status, _stop(news.topic, language)), file=attached)


def _key(news: News) -> str:
    if "state" in news.data:
        return f"case_status_{news.data['state']}"
    return "news_delivered_print" if news.data.get("connector") == "print" else "news_delivered"


def _values(application: Application, language: Language) -> dict[str, str]:
    return {"programme": form_of(application.programme).names[language], "number": application.number or ""}


def _programmes(news: News, language: Language, at: datetime) -> Reply:
    day, wanted = korean_day(at), set(news.data[TOLD])
    with sessions(settings().database)() as session:
        found = [each for each in open_on(session, day) if each.id in wanted]
    if not found:
        raise NothingToTell(news.topic)
    card, sources = listing(found, language, day)
    more = text("news_programmes_more", language, count=news.data[MORE]) if news.data.get(MORE) else None
    lines = (text("news_programmes_new", language), more, note(language), text("news_why_programmes", language))
    see = Choice(title=text("firm_button_announcements", language), payload=payload("my_announcements"))
    choices = (see, _stop(PROGRAMMES, language))
    return Reply(text="\n".join(line for line in lines if line), card=card, choices=choices, sources=sources)


def _stop(topic: str, language: Language) -> Choice:
    return _button(f"news_button_stop_{topic}", language, "stop_news", topic)


def _button(key: str, language: Language, intent: str, value: str) -> Choice:
    return Choice(title=text(key, language), payload=payload(intent, value=value))
