"""Lets a person go on with the same conversation on another channel, and separates the two again."""

from __future__ import annotations

import re

from actions.joined import LASTS, channels_of, code_in, make_code, separate
from actions.reply import Outcome, Reply
from actions.step import Step
from actions.talk import Talk
from knowledge.settings import Settings, settings

PARTED = "parted"
"""Slot that says, within one turn, that the person has left the dialogue: its open question is not for them."""

SPOKEN_OF = {
    "telegram": re.compile("텔레|telegram", re.IGNORECASE),
    "kakao": re.compile("카톡|카카오|kakao", re.IGNORECASE),
}
"""How people speak of the channels that may be missing here."""

NAMED = frozenset({"web", "telegram", "kakao", "chatwoot"})
"""Channels that have a name people know."""


class JoinChannels(Step):
    """Gives a one-time code and says where to type it."""

    action = "action_join_channels"

    def respond(self, talk: Talk) -> None:
        """Says how it goes, then the code in a bubble of its own, so that it can be copied; no record keeps it."""
        minutes = int(LASTS.total_seconds() // 60)
        missing = [talk.say("join_not_here", channel=channel_name(talk, each)) for each in _wanted_in_vain(talk)]
        places = _places(talk, settings())
        lines = [*missing, talk.say("join_how"), *places, talk.say("join_caution", minutes=minutes)]
        talk.reply(Reply(text="\n".join(lines)), Outcome.ANSWERED)
        code = make_code(talk.spoken_in)
        for shown in filter(None, (code, _link(talk, code))):
            talk.reply(Reply(text=shown, sealed=True), Outcome.ANSWERED)


class SeparateChannels(Step):
    """Takes the conversation out of the dialogue it shares, or the others out of its own."""

    action = "action_separate_channels"

    def respond(self, talk: Talk) -> None:
        """Separates and says what remains where."""
        here, dialogue = talk.spoken_in, talk.conversation_id
        shared = channels_of(here)
        if not separate(here):
            talk.reply(Reply(text=talk.say("separate_none")), Outcome.ANSWERED)
        elif here == dialogue:
            others = [channel for each, channel in shared.items() if each != here]
            names = ", ".join(dict.fromkeys(channel_name(talk, channel) for channel in others))
            talk.reply(Reply(text=talk.say("separated_others", channels=names)), Outcome.ANSWERED)
        else:
            talk.remember(**{PARTED: True})
            name = channel_name(talk, shared.get(dialogue, ""))
            talk.reply(Reply(text=talk.say("separated_here", channel=name)), Outcome.ANSWERED)


def channel_name(talk: Talk, channel: str) -> str:
    """Returns what people call a channel."""
    return talk.say(f"channel_name_{channel if channel in NAMED else 'other'}")


def _link(talk: Talk, code: str) -> str | None:
    """Returns the address that opens Telegram with the code, where the bot's name is known."""
    chosen = settings()
    if not (chosen.telegram_token and chosen.telegram_bot) or talk.channel == "telegram":
        return None
    return f"https://t.me/{chosen.telegram_bot}?start=join_{code_in(code)}"


def _wanted_in_vain(talk: Talk) -> list[str]:
    """Returns the channels the person named that this Naru is not connected to."""
    chosen = settings()
    connected = {"telegram": chosen.telegram_token, "kakao": chosen.kakao_secret}
    return [each for each, pattern in SPOKEN_OF.items() if not connected[each] and pattern.search(talk.question)]


def _places(talk: Talk, chosen: Settings) -> list[str]:
    """Returns a line for each channel that is switched on; whoever is on the web may go on there in another place."""
    lines = []
    if chosen.telegram_token and talk.channel != "telegram":
        lines.append(talk.say("join_telegram"))
    if chosen.kakao_secret and talk.channel != "kakao":
        address = chosen.kakao_channel
        lines.append(talk.say("join_kakao_at", address=address) if address else talk.say("join_kakao"))
    address = chosen.public_url
    lines.append(talk.say("join_web_at", address=address) if address else talk.say("join_web"))
    return lines
