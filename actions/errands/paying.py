"""The payment adviser as an interview: six questions about one sale, then the ways of payment in order."""

from __future__ import annotations

from typing import Any

from actions.errands.begin import Begin
from actions.errands.choosing import ChoiceInterview, Question, words
from actions.errands.paying_told import tell_ways
from actions.reply import Choice
from actions.talk import Talk
from actions.trade.asking import answer
from actions.trade.citing import pack_folder
from knowledge.guides.payment import data_of


class PaymentInterview(ChoiceInterview):
    """Asks what decides between ways of payment. How the goods travel is only overheard."""

    name = "payment"
    slot = "payment"
    order = ("buyer", "share", "country_risk", "power", "goods", "cash")
    overheard = ("buyer", "goods", "transport")

    def question(self, talk: Talk, name: str) -> Question:
        """Returns the pack's own question and answers."""
        choice = data_of(pack_folder()).facts[name]
        heard = words()["payment"].get(name, {})
        return Question(
            choice.question[talk.language],
            {key: each.name[talk.language] for key, each in choice.answers.items()},
            {key: (*each.name.values(), *each.aliases, *heard.get(key, ())) for key, each in choice.answers.items()},
        )

    def not_known(self, talk: Talk, step: str) -> Choice:
        """The insurer is not asked by most: the button says so."""
        key = "errand_pay_not_asked" if step == "country_risk" else "button_unknown"
        return answer(talk.say(key), "unknown")

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Tells the comparison."""
        tell_ways(talk, state)


PAYMENT = PaymentInterview()


class PaymentStart(Begin):
    """Begins with what the message tells of the sale."""

    action = "action_payment_start"
    intent = "advise_payment"
    interview = PAYMENT

    def first(self, talk: Talk, state: dict[str, Any]) -> dict[str, Any]:
        """Reads the message; the country is the one named, or spoken of before."""
        begun = PAYMENT.begun_with(talk, state)
        country = talk.entity("country") or talk.slot("country")
        return begun | {"country": country or begun.get("country")}
