"""The interview that asks where a person may call back: agreement first, then name, Korean number and a good time.

What is told lies sealed in its slot until it is handed over, and no record of the conversation keeps the words.
"""

from __future__ import annotations

from typing import Any

import phonenumbers

from actions.applying.hearing import check_masked, command, consents, speaks_of
from actions.cases.fields import Field, profile_fields
from actions.cases.mistakes import Mistake
from actions.cases.reading import read as read_field
from actions.cases.sealing import Seal
from actions.desk.handovers import CALLBACK as CALLED_BACK
from actions.desk.handovers import Handovers
from actions.desk.occasion import point_elsewhere, reason_of, summary_of, told_hours
from actions.interviews.frame import Interview
from actions.reply import Outcome, Reply
from actions.talk import Talk, payload
from actions.trade.asking import answer
from knowledge.settings import settings

KEPT_DAYS = 30
"""Days after which a call nobody made is forgotten; people are told so when they agree."""

LONGEST_TIME = 100
"""Characters that may say when to call."""

KOREA = 82
"""Country code of the numbers that are called."""

KEPT, DECLINED = "kept", "declined"
"""How the interview ends."""


class Callback(Interview):
    """Asks for a call-back's contact.

    The state: why a person was wanted, ``lead`` to say before the first question, whether it was ``agreed``, what was
    ``told`` (sealed), a ``note`` on the last answer, and how it ``ended``.
    """

    name = "callback"
    slot = "callback"

    def start(self, talk: Talk, lead: str | None) -> None:
        """Begins anew; ``lead`` is said before the first question."""
        self.begin(talk, {"reason": reason_of(talk), "lead": lead})

    def private(self, state: dict[str, Any]) -> bool:
        """Tells that every answer is personal: a number is often told with the agreement."""
        return True

    def next_step(self, talk: Talk, state: dict[str, Any]) -> str | None:
        """Returns the first part that is missing."""
        if state.get("ended"):
            return None
        if not state.get("agreed"):
            return "agreement"
        told = opened(state)
        return next((step for step in ("name", "phone", "time") if step not in told), None)

    def ask(self, talk: Talk, state: dict[str, Any], step: str) -> Reply:
        """Returns the question; what was to be said once before it is said now."""
        lines = [str(state[part]) for part in ("lead", "note") if state.get(part)]
        talk.remember(**{self.slot: state | {"lead": None, "note": None}})
        if step == "agreement":
            yes, no = answer(talk.say("desk_button_yes"), "yes"), answer(talk.say("desk_button_no"), "no")
            offer = talk.say("desk_callback_offer", days=KEPT_DAYS)
            return Reply(text="\n".join([*lines, offer]), choices=(yes, no))
        lines.append(talk.say(f"desk_callback_{step}", hours=told_hours(talk)))
        times = ("morning", "afternoon", "any") if step == "time" else ()
        choices = tuple(answer(talk.say(f"desk_callback_{time}"), talk.say(f"desk_callback_{time}")) for time in times)
        return Reply(text="\n".join(lines), choices=choices)

    def surely(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> bool:
        """Tells whether the words can only be an answer: a name looks like anything."""
        said = talk.entity("value") or talk.typed
        if command(said) in ("pause", "cancel"):
            return True
        if step == "agreement":
            return consents(said) is not None or numbers(said) != []
        return not speaks_of("asking", said)

    def read(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        """Takes an answer; a number or a name told early is kept too."""
        said = (talk.entity("value") or talk.typed).strip()
        state = state | {"note": None}
        if command(said) in ("pause", "cancel"):
            return state | {"ended": DECLINED}
        if step == "agreement":
            return self._agreement(talk, state, said)
        try:
            check_masked(_field("phone"), said)
            told = getattr(self, f"_{step}")(said)
        except Mistake as mistake:
            resident = mistake.problem == "resident_number"
            note = "desk_callback_resident" if resident else "desk_callback_phone_missed" if step == "phone" else None
            return state | {"note": talk.say(note), "missed": int(state.get("missed") or 0) + 1} if note else None
        return _with(state, told)

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Keeps the wish to be called and says what was noted; where it was declined, says who else helps."""
        talk.remember(**{self.slot: None})
        if state.get("ended") == DECLINED:
            point_elsewhere(talk, talk.say("desk_callback_declined"), Outcome.ANSWERED)
            return
        told = opened(state)
        handovers, summary = Handovers(settings()), summary_of(talk.conversation_id)
        reason = str(state.get("reason"))
        made = handovers.ask_callback(talk.conversation_id, reason, talk.language, talk.channel, told, summary)
        if made.state != CALLED_BACK:  # somebody has taken the conversation over meanwhile
            talk.reply(Reply(text=talk.say("desk_with_person")), Outcome.HANDED_OVER)
            return
        choices = (
            talk.choice("desk_button_call_again", payload("handover", value="call")),
            talk.choice("desk_button_call_cancel", payload("stop_waiting")),
        )
        shown = talk.say("desk_callback_told", name=told["name"], phone=spoken(told["phone"]), time=told["time"])
        talk.reply(Reply(text=shown, sealed=True), Outcome.HANDED_OVER)
        kept = talk.say("desk_callback_kept", hours=told_hours(talk))
        talk.reply(Reply(text=kept, choices=choices), Outcome.HANDED_OVER)

    def stopped(self, talk: Talk) -> str:
        """Forgets what was told."""
        talk.remember(**{self.slot: None})
        return talk.say("desk_callback_stopped")

    def _agreement(self, talk: Talk, state: dict[str, Any], said: str) -> dict[str, Any]:
        """Takes a yes or no; who says neither twice does not agree, and is not held up with it."""
        found = numbers(said)
        agreed = True if len(found) == 1 else consents(said)
        if agreed is None:
            if state.get("unclear"):
                return state | {"ended": DECLINED}
            return state | {"unclear": True, "note": talk.say("desk_callback_unclear")}
        state = state | ({"agreed": True} if agreed else {"ended": DECLINED})
        return _with(state, {"phone": found[0]}) if agreed and found else state

    def _name(self, said: str) -> dict[str, str]:
        found, rest = numbers(said), without_numbers(said)
        early = {"phone": found[0]} if len(found) == 1 else {}
        if early and not any(letter.isalpha() for letter in rest):
            return early
        return early | {"name": str(read_field(_field("contact_name"), rest if early else said))}

    def _phone(self, said: str) -> dict[str, str]:
        found = numbers(said)
        if len(found) != 1:
            raise Mistake(_field("phone"), "one_phone" if found else "phone")
        return {"phone": found[0]}

    def _time(self, said: str) -> dict[str, str]:
        words = " ".join(said.split())
        if not words or len(words) > LONGEST_TIME:
            raise Mistake(_field("contact_name"), "too_long", most=LONGEST_TIME, length=len(words))
        return {"time": words}


CALL = Callback()


def opened(state: dict[str, Any]) -> dict[str, str]:
    """Returns what was told so far."""
    sealed = state.get("told")
    return dict(Seal(settings().case_keys()).open(str(sealed).encode())) if sealed else {}


def numbers(words: str) -> list[str]:
    """Returns the Korean telephone numbers in the words, E.164, each once."""
    return list(dict.fromkeys(_e164(match.number) for match in _matches(words)))


def without_numbers(words: str) -> str:
    """Returns the words around the telephone numbers."""
    for match in _matches(words):
        words = words.replace(match.raw_string, " ")
    return words.strip(" ,./·:;()-")


def spoken(number: str) -> str:
    """Returns a number as it is written in Korea: 010-1234-5678."""
    parsed = phonenumbers.parse(number, "KR")
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))


def _matches(words: str) -> list[phonenumbers.PhoneNumberMatch]:
    found = phonenumbers.PhoneNumberMatcher(words, "KR", leniency=phonenumbers.Leniency.VALID)
    return [match for match in found if match.number.country_code == KOREA]


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _field(key: str) -> Field:
    return profile_fields()[key].model_copy(update={"required": True})


def _with(state: dict[str, Any], told: dict[str, str]) -> dict[str, Any]:
    """Returns the state with more told, sealed."""
    return state | {"told": Seal(settings().case_keys()).close(opened(state) | told).decode()}
