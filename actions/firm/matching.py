"""Matching: which programmes fit the firm, after at most four questions, those that decide the most first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from actions.firm import matching_telling
from actions.firm.asking_profile import EXPORTS, ask_field, read_field
from actions.firm.diagnosis import DIAGNOSIS
from actions.firm.earlier import Beginning
from actions.firm.hearing_profile import corrects, hear_needs, hear_profile
from actions.firm.known import learn, learn_missing, profile
from actions.firm.telling import asks_back, lines, noted, yes_or_no
from actions.interviews.frame import Interview
from actions.reply import Outcome, Reply
from actions.talk import Talk, payload
from actions.trade.asking import answer
from knowledge.diagnosis.asking import SKIPPED, UNKNOWN, question, read_answer
from knowledge.diagnosis.hearing import by_cues, hear
from knowledge.programmes.finder import find
from knowledge.record import Kind

NEED = "need"

GROUP = "export_group"
"""The ministry's groups have names few owners know; last year's exports are asked first, and zero settles it."""

QUESTIONS_AT_MOST = 4
"""Questions about the firm, beside the one about what is needed."""

WEIGHED = 12
"""Programmes whose open conditions are counted."""

LONGEST_NEED = 200

BARE = 6
"""Letters up to which words that begin with yes or no are just that."""

HELP = (
    "obstacle.finding-buyers",
    "support_category.marketing",
    "obstacle.standards-certificates",
    "obstacle.language",
    "obstacle.trade-financing",
    "obstacle.market-information",
)
"""Kinds of help offered as buttons."""

NO_NEED = ("obstacle.which-programme", "obstacle.unorganised-support", "obstacle.consulting-system")
"""Troubles with support itself, which this conversation answers; they are no needs."""


class Matching(Interview):
    """Asks what help is needed and what the conditions of the likeliest programmes hang on.

    The state: ``need`` (ids of records or free words; empty for anything), ``open`` while it is not told, fields
    ``asked``, two programmes to ``compare`` instead of a search, and whether the result was told (``done``).
    """

    name = "matching"
    slot = "matching"

    def next_step(self, talk: Talk, state: dict[str, Any]) -> str | None:
        """Returns the need first, then the field that most open conditions hang on."""
        if state.get("done") or state.get("compare"):
            return None
        if state.get("open"):
            return NEED
        asked = state.get("asked") or []
        return None if len(asked) >= QUESTIONS_AT_MOST else self._deciding(talk, state, asked)

    def ask(self, talk: Talk, state: dict[str, Any], step: str) -> Reply:
        """Returns the question with buttons."""
        if step != NEED:
            asked = ask_field(talk, step)
            return asked.model_copy(update={"text": lines(noted(talk, self, state, step), asked.text)})
        records = [record for name in HELP if (record := talk.record(name))]
        choices = [answer(record.text(talk.language).name, record.id) for record in records]
        anything = answer(talk.say("matching_anything"), UNKNOWN)
        return Reply(
            text=lines(noted(talk, self, state, step), talk.say("matching_ask_need")), choices=(*choices, anything)
        )

    def read(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        """Takes an answer and whatever else the words tell of the firm."""
        state = {name: value for name, value in state.items() if name != "noted"}
        told = {} if talk.is_payload else hear_profile(said, talk.language)
        if step == NEED:
            return self._need(talk, state, said, told)
        if told and corrects(said, talk.language) and step not in told:
            learn(talk, told)
            return state | {"noted": True}
        found = _passing(talk, said) or read_field(talk, step, said)
        learn(talk, told)
        if found is None:
            return state | {"noted": True} if told else None
        if not isinstance(found, str):
            learn(talk, found)
        return state | {"asked": [*(state.get("asked") or []), step]}

    def surely(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> bool:
        """Tells whether the words can only be an answer."""
        if asks_back(said):
            return False
        told = bool(hear_profile(said, talk.language))
        if step == NEED:
            return told or bool(needs(talk, said))
        return told or read_field(talk, step, said) is not None

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Shows what fits, or two programmes side by side."""
        if state.get("compare"):
            matching_telling.tell_comparison(talk, state["compare"])
            talk.remember(matching={name: value for name, value in state.items() if name != "compare"})
            return
        matching_telling.tell(talk, state.get("need") or None)
        talk.remember(matching=state | {"done": True})

    def _need(self, talk: Talk, state: dict[str, Any], said: str, told: dict[str, Any]) -> dict[str, Any] | None:
        learn(talk, told)
        if _passing(talk, said) or said.strip() == talk.say("matching_anything"):
            return state | {"open": False, "need": []}
        record = talk.record(said)
        if record:
            return state | {"open": False, "need": [record.id]}
        found = needs(talk, said)
        bare = yes_or_no(said, talk.language) is not None and len(said) <= BARE
        if not found and not bare and find(said[:LONGEST_NEED], profile(talk), language=talk.language, top=1):
            found = [said[:LONGEST_NEED]]
        if not found:
            return state | {"noted": True} if told else None
        return state | {"open": False, "need": found}

    def _deciding(self, talk: Talk, state: dict[str, Any], asked: Iterable[str]) -> str | None:
        """Returns the field whose answer decides most, weighed by how well the programmes fit the need."""
        matches = find(
            state.get("need") or None,
            profile(talk),
            language=talk.language,
            top=WEIGHED,
            extra=matching_telling.live_offers(),
        )
        weights: Counter[str] = Counter()
        for match in matches:
            for name in {each["field"] for each in match.missing if each["field"]}:
                weights[name] += int(1000 * match.score.total)
        open_ones = [(weight, name) for name, weight in weights.items() if name not in asked]
        if not open_ones:
            return None
        deciding = max(open_ones)[1]
        plain = deciding == GROUP and EXPORTS not in asked and profile(talk).exports_usd_last_year is None
        return EXPORTS if plain else deciding


MATCHING = Matching()


class MatchingStart(Beginning):
    """Begins with what the message tells, with the troubles of the diagnosis, or compares two programmes."""

    action = "action_matching_start"

    def begin(self, talk: Talk, earlier: tuple[str, ...]) -> None:
        """Goes on where one was left, unless the message tells something new."""
        before = MATCHING.state(talk)
        one, other = talk.entity("one"), talk.entity("other")
        if one and other:
            MATCHING.begin(talk, before | {"compare": [one, other]})
            return
        told = {} if talk.is_payload else hear_profile(talk.question, talk.language)
        learn(talk, told)
        for words in reversed(earlier):
            learn_missing(talk, hear_profile(words, talk.language))
        found = self._found(talk)
        waiting = before and not before.get("done")
        if waiting and not found and not told and talk.entity("value") != "new":
            afresh = talk.choice("firm_button_afresh", payload("match_programmes", value="new"))
            talk.reply(Reply(text=talk.say("firm_goes_on"), choices=(afresh,)), Outcome.NEEDS_INPUT)
            MATCHING.begin(talk, before)
            return
        found = found or _diagnosed(talk) or _named_before(talk, earlier)
        if matching_telling.known_words(talk) or found:
            talk.reply(Reply(text=matching_telling.opening(talk, found)), Outcome.NEEDS_INPUT)
        MATCHING.begin(talk, {"need": found, "open": not found, "asked": []})

    def _found(self, talk: Talk) -> list[str]:
        record = talk.record(talk.entity("record"))
        if record and record.kind in (Kind.OBSTACLE, Kind.SUPPORT_CATEGORY):
            return [record.id]
        return [] if talk.is_payload else needs(talk, talk.question, surely=True)


def needs(talk: Talk, words: str, surely: bool = False) -> list[str]:
    """Returns the obstacles and kinds of support that words tell, by naming help or by telling a trouble.

    Args:
        talk: The conversation.
        words: What was said.
        surely: Whether only known phrases count, since the words may be about something else altogether.
    """
    named = hear_needs(words, talk.language)
    heard = by_cues(words, talk.language) if surely else hear(words, talk.language, talk.shelf)
    told = [one.obstacle for one in heard if one.obstacle not in NO_NEED]
    return list(dict.fromkeys((*named, *told)))[:3]


def _diagnosed(talk: Talk) -> list[str]:
    """Returns the troubles told before in this conversation, the surest first."""
    told = DIAGNOSIS.state(talk).get("heard") or {}
    heard = {name: strength for name, strength in told.items() if name not in NO_NEED}
    return sorted(heard, key=lambda name: -heard[name])[:3]


def _named_before(talk: Talk, earlier: tuple[str, ...]) -> list[str]:
    """Returns what the newest of the earlier messages that tells a need needs."""
    return next(filter(None, (needs(talk, words, surely=True) for words in reversed(earlier))), [])


def _passing(talk: Talk, said: str) -> str | None:
    """Returns ``unknown`` or ``skipped`` where the words say so."""
    free = question("product")
    found = read_answer(free, said, talk.language) if free else None
    return found if found in (UNKNOWN, SKIPPED) else None
