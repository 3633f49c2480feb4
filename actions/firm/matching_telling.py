"""Tells which programmes fit, each with its verdict, why, and what stands open; and two programmes side by side."""

from __future__ import annotations

from collections.abc import Sequence

from babel.numbers import format_currency
from sqlalchemy.exc import SQLAlchemyError

from actions.cases.forms import programmes_with_form
from actions.firm.known import profile
from actions.firm.telling import further, lines, listed, notes
from actions.news.asking import offer as offer_news
from actions.reply import Card, Choice, Outcome, Reply
from actions.talk import Talk, payload
from actions.trade.agreements import country_name
from knowledge.announcements.offers import PREFIX, open_offers
from knowledge.announcements.period import korean_day
from knowledge.database.engine import sessions
from knowledge.diagnosis.data import pack_folder
from knowledge.programmes.compare import NotEnough, compare
from knowledge.programmes.conditions import Truth
from knowledge.programmes.finder import Match, Verdict, find, weigh_all
from knowledge.programmes.offers import Offer, UnknownProgramme, offer
from knowledge.programmes.profile import FirmProfile, questions
from knowledge.settings import settings

SHOWN = 5
WHY_AT_MOST = 2
OPEN_AT_MOST = 2
EVERYTHING = 200
"""More than there are programmes."""

RARE = ("women_owned", "startup", "military_goods")
"""Fields that few firms answer with yes, and that programmes are made for."""

IMPLY_NEED = ("has_buyer", "has_foreign_language_staff", "finance_need", "certificates")
"""Fields from which the finder takes a need where none is named."""

COMPARED = ("verdict", "what", "checked", "gives", "cost", "period", "documents", "apply", "ask")
"""Lines of the comparison that are shown."""


def tell(talk: Talk, need: Sequence[str] | None) -> None:
    """Shows the programmes and open announcements that fit best, a bubble each."""
    found = _fitting(talk, need)
    if not found:
        choices = further(talk, "diagnosis", "announcements", "person")
        talk.reply(Reply(text=talk.say("matching_none"), choices=choices), Outcome.NEEDS_INPUT)
        return
    known = known_words(talk)
    lead = lines(
        talk.say("matching_result", count=len(found)),
        talk.say("matching_by", known=known) if known else None,
    )
    talk.reply(Reply(text=lead), Outcome.ANSWERED)
    for place, match in enumerate(found, 1):
        beside = found[place % len(found)]
        talk.reply(_bubble(talk, place, match, beside), Outcome.ANSWERED, _records(talk, match))
    closing = Reply(
        text=talk.say("matching_change"),
        choices=(
            *offer_news(talk),
            talk.choice("firm_button_again", payload("match_programmes", value="new")),
            *further(talk, "announcements", "readiness", "person"),
        ),
    )
    talk.reply(closing, Outcome.ANSWERED, _records(talk, found[0]))


def _fitting(talk: Talk, need: Sequence[str] | None) -> list[Match]:
    """Returns the best for the need; the last place is for one made for such firms, where none of the others is.

    A women-owned firm that looks for buyers is to hear of the programme for women-owned firms as well.
    """
    known = profile(talk)
    found = find(need, known, language=talk.language, top=SHOWN, extra=live_offers())
    found = [match for match in found if match.verdict is not Verdict.NOT_FOR_YOU]
    if not found or any(_made_for(match, known) for match in found):
        return found
    unasked = known.model_copy(update=dict.fromkeys(IMPLY_NEED))
    others = find(None, unasked, language=talk.language, top=EVERYTHING)
    own = [match for match in others if _made_for(match, known) and match.verdict in (Verdict.FITS, Verdict.FITS_IF)]
    return [*found[: SHOWN - 1], *own[:1]]


def _made_for(match: Match, known: FirmProfile) -> bool:
    """Tells whether a programme of the pack asks for what few firms are, and the firm is it."""
    if match.id.startswith(PREFIX):
        return False
    met = [each for each in weigh_all(offer(match.id, pack_folder()), known) if each.truth is Truth.MET]
    return any(each.leaf.test.field in RARE and not each.negated for each in met)


def tell_comparison(talk: Talk, ids: Sequence[str]) -> None:
    """Puts two programmes side by side, judged for the firm."""
    try:
        found = compare(ids, profile(talk), talk.language)
    except (UnknownProgramme, NotEnough):
        choices = further(talk, "match", "person")
        talk.reply(Reply(text=talk.say("matching_not_comparable"), choices=choices), Outcome.NEEDS_INPUT)
        return
    rows = tuple((row.title, *row.cells) for row in found.rows if row.part in COMPARED)
    columns = ("", *(each["name"] for each in found.programmes))
    told = [(each["id"], source) for each, own in zip(found.programmes, found.sources, strict=True) for source in own]
    choices = tuple(_apply(talk, each["id"], each["name"]) for each in found.programmes if _applies(each["id"]))
    reply = Reply(
        text=talk.say("matching_compared"),
        card=Card(kind="table", title=talk.say("matching_compare_card"), columns=columns, rows=rows),
        choices=(*choices, *further(talk, "match")),
        sources=notes(told),
    )
    talk.reply(reply, Outcome.ANSWERED, tuple(each["id"] for each in found.programmes))


def live_offers() -> tuple[Offer, ...]:
    """Returns the announcements open today; none where the list was never fetched."""
    try:
        with sessions(settings().database)() as session:
            return open_offers(session, korean_day())
    except SQLAlchemyError:  # the tables are made when the service starts; without them nothing was fetched
        return ()


def opening(talk: Talk, needs: Sequence[str]) -> str:
    """Returns what was understood from the message, so that it can be corrected."""
    names = [record.text(talk.language).name for name in needs if (record := talk.record(name))]
    known = known_words(talk)
    return lines(
        talk.say("matching_need", names=listed(f"‘{name}’" for name in names)) if names else None,
        talk.say("matching_known", known=known) if known else None,
    )


def known_words(talk: Talk) -> str:
    """Returns what is known of the firm in a few words."""
    told, language = profile(talk), talk.language
    named = [
        str(questions()[field]["choices"][value][language]).split("(")[0].strip()
        for field in ("region", "sector", "size")
        if (value := getattr(told, field))
    ]
    exports = told.exports_usd_last_year
    money = format_currency(exports, "USD", locale=language, format="¤#,##0") if exports else ""
    found = [
        *named,
        *(told.products or ()),
        talk.say("matching_people", count=told.employees) if told.employees else None,
        talk.say("matching_women_owned") if told.women_owned else None,
        talk.say("matching_startup") if told.startup else None,
        talk.say("matching_none_exported") if exports == 0 else None,
        talk.say("matching_exported", amount=money) if exports else None,
        *(country_name(code, talk) for code in told.target_countries or ()),
    ]
    return " · ".join(part for part in found if part)


def _bubble(talk: Talk, place: int, match: Match, beside: Match) -> Reply:
    open_ones = [each["text"] for each in match.missing][:OPEN_AT_MOST]
    live = match.id.startswith(PREFIX)
    text = lines(
        talk.say("matching_name", place=place, name=match.name, verdict=match.verdict_text),
        talk.say("matching_live") if live else None,
        " ".join(match.why[:WHY_AT_MOST]) or None,
        talk.say("matching_open", list=" ".join(open_ones)) if open_ones else None,
        talk.say("matching_near", list=" ".join(match.near)) if match.near else None,
        match.period if live else None,
        match.website if live else match.note,
    )
    return Reply(text=text, choices=_choices(talk, match, beside), sources=notes((match.id, s) for s in match.sources))


def _choices(talk: Talk, match: Match, beside: Match) -> tuple[Choice, ...]:
    choices = []
    if _applies(match.id) and match.verdict in (Verdict.FITS, Verdict.FITS_IF):
        choices.append(_apply(talk, match.id))
    if talk.record(match.id):
        choices.append(talk.choice("firm_button_details", payload("define", record=match.id)))
    if beside.id != match.id and talk.record(match.id) and talk.record(beside.id):
        send = payload("match_programmes", one=match.id, other=beside.id)
        choices.append(talk.choice("firm_button_compare_with", send, name=beside.name))
    return tuple(choices)


def _apply(talk: Talk, programme: str, name: str | None = None) -> Choice:
    send = payload("apply_programme", record=programme)
    if name:
        return talk.choice("firm_button_apply_named", send, name=name)
    return talk.choice("firm_button_apply", send)


def _applies(programme: str) -> bool:
    return programme in programmes_with_form()


def _records(talk: Talk, match: Match) -> tuple[str, ...]:
    return (match.id,) if talk.record(match.id) else ()
