"""What Naru does when it did not understand, has no answer, was wrong, or is asked for a person."""

from __future__ import annotations

from actions.desk.asking import CHATWOOT, ask_for_person
from actions.desk.occasion import point_elsewhere
from actions.lookup import (
    ANSWER_FROM,
    READINGS,
    STORY,
    ask_back,
    give,
    job_in_named_system,
    look_up_in_context,
    named_alone,
    search,
)
from actions.reply import Outcome, Reply
from actions.small_talk import openings
from actions.step import Step
from actions.talk import Talk, payload
from actions.trade.product import product_words
from actions.trade.simulations import ChangeCase, supposes
from knowledge.language.korean import content_words
from knowledge.language.pointing import points_back
from knowledge.settings import settings

SURE_WITHOUT_INTENT = ANSWER_FROM + 0.2
"""Search score from which an answer is given although the kind of question was not understood."""


FEWEST_WORDS = 2
"""Words below which nothing can be looked up, unless one of them is a name: "why?", "already sent"."""

SURE_THOUGH_ELSEWHERE = ANSWER_FROM + 0.5
"""Search score from which an answer is given although the question seemed to be about something else."""


ABOUT_TRADE = frozenset({"term.fta", "term.tariff", "term.preferential-tariff", "term.co", "term.rules-of-origin"})
"""Terms that, together with a country, point to the questions about one product and one country."""


def offer_trade(talk: Talk) -> None:
    """Offers what can be asked about a country: its agreements, whether the goods qualify, the duty."""
    known = {"country": talk.entity("country"), "product": product_words(talk)}
    told = {name: value for name, value in known.items() if value}
    choices = (
        talk.choice("button_origin", payload("ask_origin", **told)),
        talk.choice("button_duty", payload("ask_duty", **told)),
        talk.choice("button_agreements", payload("ask_agreements", country=told["country"])),
    )
    talk.reply(Reply(text=talk.say("ask_back"), choices=choices), Outcome.CLARIFY)


def is_legible(question: str) -> bool:
    """Tells whether there is anything to read: a letter or digit that is not a loose Korean key (ㅋㅋ, ㅁㄴㅇㄹ)."""
    return any(letter.isalnum() and not "\u3131" <= letter <= "\u318e" for letter in question)


class Clarify(Step):
    """The words fit no kind of question well: the search decides alone, or the person is asked."""

    action = "action_clarify"

    def respond(self, talk: Talk) -> None:
        """Answers a clear hit; otherwise offers the likeliest readings."""
        if not is_legible(talk.question):
            ask_back(talk, ())
            return
        if supposes(talk):
            ChangeCase().respond(talk)
            return
        if talk.topic and not talk.mentions and points_back(talk.question):
            look_up_in_context(talk, talk.topic, "ask_howto")
            return
        asked = named_alone(talk) or job_in_named_system(talk)
        if asked:
            give(talk, asked)
            return
        finding = search(talk, talk.question)
        told = len(content_words(talk.question)) >= STORY and finding.plausible
        if talk.entity("country") and any(mention.value in ABOUT_TRADE for mention in talk.mentions) and not told:
            offer_trade(talk)
            return
        if not talk.mentions and len(content_words(talk.question)) < FEWEST_WORDS:
            ask_back(talk, ())
        elif finding.best >= SURE_WITHOUT_INTENT:
            give(talk, finding.records[0], others=finding.records[1:3])
        elif finding.plausible:
            ask_back(talk, finding.records[:READINGS])
        else:
            ask_back(talk, ())


class OutOfScope(Step):
    """Says kindly that this is not about exporting."""

    action = "action_out_of_scope"

    def respond(self, talk: Talk) -> None:
        """Answers all the same when the knowledge clearly has it by name."""
        finding = search(talk, talk.question)
        if finding.best >= SURE_THOUGH_ELSEWHERE:
            give(talk, finding.records[0])
        else:
            talk.reply(Reply(text=talk.say("out_of_scope"), choices=openings(talk)[:3]), Outcome.OUT_OF_SCOPE)


class Dissatisfied(Step):
    """The last answer was wrong or no help: offers other readings of the last question, then a person."""

    action = "action_dissatisfied"

    def respond(self, talk: Talk) -> None:
        """Apologises and offers neighbours of the topic."""
        near = [talk.record(other) for other in talk.topic.related] if talk.topic else []
        before = talk.record(talk.slot("topic_before"))
        records = [record for record in (before, *near) if record][:READINGS]
        if len(talk.question) > 15:
            finding = search(talk, talk.question)
            if finding.sure and (not talk.topic or finding.records[0].id != talk.topic.id):
                give(talk, finding.records[0], lead=talk.say("sorry"))
                return
        talk.remember(misses=max(1, int(talk.slot("misses") or 0)))
        ask_back(talk, tuple(records))


class Handover(Step):
    """Calls a person where the desk is on; else gives the address of the team, if set, and the help lines."""

    action = "action_handover"

    def respond(self, talk: Talk) -> None:
        """Says honestly whether somebody is connected, and whom to ask."""
        address = settings().handover_email
        if settings().desk or talk.channel == CHATWOOT:
            ask_for_person(talk)
        elif address:
            point_elsewhere(talk, talk.say("handover_email", address=address), Outcome.HANDED_OVER)
        else:
            point_elsewhere(talk, talk.say("handover_nobody"), Outcome.ANSWERED)
