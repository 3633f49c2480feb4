"""Looks a question up in the knowledge and decides: answer, ask back, or say that it is not known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.depending import BELIEF, depending, premise_line, with_decision
from actions.present import answer, caution, more, next_questions, said, show, sources
from actions.reply import Choice, Outcome, Reply
from actions.talk import Talk, payload
from actions.withheld import Withheld, stop_at_withheld, tell_withheld
from knowledge.gazetteer import Mention
from knowledge.language.figures import asked_for, gives
from knowledge.language.korean import content_words
from knowledge.language.pointing import points_back, without_pointing
from knowledge.record import Kind, Record
from knowledge.roles import asker
from knowledge.search import Hit

KINDS: dict[str, dict[Kind, float]] = {
    "define": {
        Kind.TERM: 0.2,
        Kind.ORGANISATION: 0.2,
        Kind.SYSTEM: 0.2,
        Kind.PROGRAMME: 0.15,
        Kind.LAW: 0.15,
        Kind.COMPARISON: -0.4,
        Kind.FUNCTION: -0.15,
    },
    "find_place": {
        Kind.FAQ: 0.2,
        Kind.SYSTEM: 0.15,
        Kind.FUNCTION: 0.3,
        Kind.SERVICE: 0.15,
        Kind.ORGANISATION: 0.15,
        Kind.TERM: -0.1,
        Kind.PROCEDURE: -0.2,
        Kind.COMPARISON: -0.4,
    },
    "find_programme": {
        Kind.PROGRAMME: 0.3,
        Kind.SERVICE: 0.2,
        Kind.SUPPORT_CATEGORY: 0.1,
        Kind.TERM: -0.2,
        Kind.COMPARISON: -0.4,
    },
    "ask_howto": {Kind.FAQ: 0.2, Kind.PROCEDURE: 0.15, Kind.TERM: -0.1, Kind.COMPARISON: -0.4},
    "ask_process": {Kind.PROCEDURE: 0.3, Kind.COMPARISON: -0.4},
    "report_obstacle": {Kind.OBSTACLE: 0.35, Kind.COMPARISON: -0.4},
    "ask_survey": {Kind.SURVEY: 0.3, Kind.OBSTACLE: 0.1, Kind.FACT: 0.1},
    "compare": {Kind.COMPARISON: 0.3},
}
"""What a question of each intent is likely about: what is added to the search score of a kind."""

NAME_WEIGHTS = {"define": 0.9}
"""What a name counts for where the question is about the name itself."""

ANSWER_FROM = 1.1
"""Search score from which the best record is given as the answer (docs/decisions/0004)."""

CERTAIN = 2.0
"""Score of what is given because of who asks, whatever the question was taken for."""

ASK_BACK_FROM = 0.8
"""Search score from which the best records are offered as readings of the question."""

STORY = 9
"""Words that carry meaning from which a message tells a story, more than goods, a country and a subject."""

JOB_FROM = 0.75
"""Search score, without names, from which a function of a system named is given instead of the system."""

NAMED_BEHIND = 0.2
"""Search score by which a term named may lie behind and still go first; further behind it is only mentioned
("they want money because I returned the container late" is not about containers)."""

ANSWER_BEHIND = 0.4
"""Search score by which an answer may lie behind a term that the question names, and still go first."""

WORDS_BESIDE = 2
"""Words besides the name of a term from which a question is about more than the term."""

ASKS_WHAT = re.compile(
    r"뭐(?:야|예요|에요|죠|지|냐|임|니|길래)|무슨\s*(?:뜻|말)|무엇|뜻이|뭔가요|뭔지|차이"
    r"|\bwhat(?:'s| is| are)\b|\bmeans?\b|\bdifference\b",
    re.IGNORECASE,
)
"""Words that ask what a thing is."""

READINGS = 3

ABOUT_NAMES = (KINDS["define"], KINDS["compare"])
"""What questions about names look for."""

PARTICLES_AFTER_CONSONANTS = "이은을과"
PRONOUNS = ("이거", "그것")
"""What stands for a name that was taken away: ending in a vowel, ending in a consonant."""


@dataclass(frozen=True)
class Finding:
    """What the search found for a question, best first, and how to treat it."""

    records: tuple[Record, ...]
    best: float
    scores: tuple[float, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the best record may be given as the answer."""
        return bool(self.records) and self.best >= ANSWER_FROM

    @property
    def plausible(self) -> bool:
        """Whether the records may be offered as readings."""
        return bool(self.records) and self.best >= ASK_BACK_FROM


def search(
    talk: Talk, question: str, kinds: Mapping[Kind, float] | None = None, name_weight: float | None = None
) -> Finding:
    """Returns what the knowledge has for ``question``.

    Raises:
        Withheld: What fits best must not be shown; ``Step`` and ``look_up`` say so.
    """
    _stop_at_withheld_best(talk, question, kinds or {}, name_weight)
    return for_who_asks(talk, question, _found(talk, question, kinds, name_weight))


def _found(talk: Talk, question: str, kinds: Mapping[Kind, float] | None, name_weight: float | None) -> Finding:
    find = talk.shelf.search.find
    hits: list[Hit] = find(question, talk.language, kinds, talk.mentions, top=8, name_weight=name_weight)
    hits = named_first(hits, talk.shelf.library.records, talk.mentions)
    if kinds not in ABOUT_NAMES:
        hits = answer_first(talk, hits)
    records = tuple(talk.shelf.library.records[hit.record] for hit in hits)
    bonus = (kinds or {}).get(records[0].kind, 0.0) if records else 0.0
    return Finding(records, hits[0].score - bonus if hits else 0.0, tuple(hit.score for hit in hits))


def for_who_asks(talk: Talk, question: str, found: Finding) -> Finding:
    """Puts what holds for somebody who does not export before an exporter's answer, else where to ask instead.

    What a word means is the same for everybody.
    """
    who = None if talk.is_payload else asker(talk.question, talk.language)
    records = talk.shelf.library.records
    where = records.get(who.record) if who else None
    if who is None or where is None or (found.sure and _for_everybody(talk, found.records[0], who.role)):
        return found
    theirs = [record.id for record in records.values() if record.role == who.role]
    hits = talk.shelf.search.find(question, talk.language, {}, (), top=1, among=theirs)
    best = records[hits[0].record] if hits and hits[0].score >= ANSWER_FROM else where
    known = {record.id: score for record, score in zip(found.records, found.scores, strict=True)}
    others = [record for record in dict.fromkeys((where.id, *known)) if record != best.id][: READINGS - 1]
    scores = (CERTAIN, *(known.get(record, 0.0) for record in others))
    return Finding((best, *(records[record] for record in others)), CERTAIN, scores)


def _for_everybody(talk: Talk, record: Record, role: str) -> bool:
    if record.kind is Kind.TERM:
        named = any(mention.value == record.id for mention in talk.mentions)
        return not named or ASKS_WHAT.search(talk.question) is not None
    return record.role == role


def _stop_at_withheld_best(talk: Talk, question: str, kinds: Mapping[Kind, float], name_weight: float | None) -> None:
    if not talk.shelf.off:
        return
    whole = talk.shelf.whole
    mentions = whole.gazetteer.find(question)
    hits = whole.search.find(question, talk.language, kinds, mentions, top=8, name_weight=name_weight)
    best = next(iter(named_first(hits, whole.library.records, mentions)), None)
    if best is None or best.record not in talk.shelf.off:
        return
    record = whole.library.records[best.record]
    if best.score - kinds.get(record.kind, 0.0) >= ASK_BACK_FROM:
        raise Withheld(record)


def named_first(hits: list[Hit], records: Mapping[str, Record], mentions: Sequence[Mention]) -> list[Hit]:
    """Puts a term the person named before another term that merely sounds like the answer.

    "Who pays the freight under CIF" must not be answered with what FOB says about freight.
    """
    named = {mention.value for mention in mentions if mention.score == 1.0}
    if not hits or hits[0].record in named or records[hits[0].record].kind is not Kind.TERM:
        return hits
    own = next((hit for hit in hits if hit.record in named and records[hit.record].kind is Kind.TERM), None)
    if own is None or hits[0].score - own.score > NAMED_BEHIND:
        return hits
    return [own, *(hit for hit in hits if hit is not own)]


def look_up(talk: Talk, intent: str, question: str | None = None, lead: str | None = None) -> None:
    """Answers the question from the knowledge, asks back, or says that nothing is known."""
    try:
        _look_up(talk, intent, question, lead)
    except Withheld as found:
        tell_withheld(talk, found.record)


def _look_up(talk: Talk, intent: str, question: str | None, lead: str | None) -> None:
    stop_at_withheld(talk, by_name=False)
    if talk.topic and question is None and not talk.mentions and points_back(talk.question):
        look_up_in_context(talk, talk.topic, intent)
        return
    asked = named_alone(talk) or job_in_named_system(talk)
    if asked:
        give(talk, asked, lead)
        return
    finding = search(talk, question or talk.question, KINDS.get(intent), NAME_WEIGHTS.get(intent))
    if finding.sure:
        give(talk, finding.records[0], lead, others=finding.records[1:3])
    elif finding.plausible:
        ask_back(talk, finding.records[:READINGS])
    else:
        not_known(talk, finding.records[:2])


def answer_first(talk: Talk, hits: list[Hit]) -> list[Hit]:
    """Puts the answer to a question before a term that the question only names, or before a trouble it sounds like.

    "The quantity in the export permit is wrong, can I correct it?" is not answered with what a permit is, nor "mistakes
    are not punished, right?" with comfort.
    """
    records = talk.shelf.library.records
    if hits and records[hits[0].record].kind is Kind.OBSTACLE and BELIEF.search(talk.question):
        return _answer_before(records, hits)
    named = next((mention for mention in talk.mentions if hits and mention.value == hits[0].record), None)
    if named is None or records[hits[0].record].kind is not Kind.TERM or ASKS_WHAT.search(talk.question):
        return hits
    if len(content_words(without_name(talk, named))) < WORDS_BESIDE:
        return hits
    return _answer_before(records, hits)


def _answer_before(records: Mapping[str, Record], hits: list[Hit]) -> list[Hit]:
    """Puts the best sure answer first, if it is not far behind."""
    answers = (hit for hit in hits if records[hit.record].kind is Kind.FAQ and hit.score >= ANSWER_FROM)
    best = next((hit for hit in answers if hits[0].score - hit.score <= ANSWER_BEHIND), None)
    return [best, *(hit for hit in hits if hit is not best)] if best else hits


def named_alone(talk: Talk) -> Record | None:
    """Returns the record named, when the question is nothing but its name ("what is K-SURE?")."""
    named = [mention for mention in talk.mentions if mention.score == 1.0 and not _ambiguous(talk, mention)]
    if len(named) != 1 or len(talk.mentions) != 1:
        return None
    return None if content_words(without_name(talk, named[0])) else talk.record(named[0].value)


def _ambiguous(talk: Talk, mention: Mention) -> bool:
    """Tells whether others share the name, unless it is asked what it is and one of them is called just so."""
    record = talk.record(mention.value)
    called = record is not None and record.text(talk.language).name.partition(" (")[0] == mention.text
    return bool(mention.rivals) and not (called and ASKS_WHAT.search(talk.question))


def without_name(talk: Talk, named: Mention) -> str:
    """Returns the question with a name taken away; a pronoun that takes its particle keeps 가 from being a verb."""
    after = talk.question[named.end :]
    pronoun = PRONOUNS[after[:1] in PARTICLES_AFTER_CONSONANTS and bool(after)]
    return f"{talk.question[: named.start]}{pronoun}{after}"


def job_in_named_system(talk: Talk) -> Record | None:
    """Returns what a system named in the question does of the job asked for, if it is one of its functions.

    "Where in UtradeHub do I see what is left of my L/C" names the system, but asks for one of its functions.
    The name is taken away, and the rest is looked for among the system and what belongs to it.
    """
    systems = [mention for mention in talk.mentions if mention.entity == Kind.SYSTEM.value]
    if len(systems) != 1:
        return None
    named = systems[0]
    rest = without_name(talk, named)
    whole = talk.shelf.whole
    jobs = [record.id for record in whole.library.records.values() if record.system == named.value]
    hits = whole.search.find(rest, talk.language, {}, (), top=1, among=[named.value, *jobs])
    best = hits[0] if hits else None
    found = best is not None and best.record != named.value and best.score >= JOB_FROM
    if best is None or not found:
        return None
    stop_at_withheld(talk, best.record)
    return talk.record(best.record)


def look_up_in_context(talk: Talk, topic: Record, intent: str) -> None:
    """Answers a question that means the topic without naming it ("and how long does it take?")."""
    name = re.sub(r"\s*\(.*\)$", "", topic.text(talk.language).name)
    finding = search(talk, f"{name} {without_pointing(talk.question)}", KINDS.get(intent))
    if not finding.sure:
        ask_back(talk, (topic, *(record for record in finding.records[:2] if record.id != topic.id)))
    elif finding.records[0].id == topic.id:
        _all_known(talk, topic, finding.records[1:3])
    else:
        give(talk, finding.records[0], others=finding.records[1:3])


def _all_known(talk: Talk, topic: Record, others: tuple[Record, ...]) -> None:
    """The question is about the topic itself: says what was not said yet, and whom to ask for the rest."""
    lead = no_figure(talk, topic) or talk.say("asked_further", name=topic.text(talk.language).name)
    reply = more(talk, topic)
    if reply:
        reply = reply.model_copy(update={"text": f"{lead}\n{reply.text}"})
    else:
        lines = [talk.say("asked_further", name=topic.text(talk.language).name), caution(talk, topic)]
        reply = Reply(
            text="\n".join(line for line in lines if line),
            choices=(show(talk, topic), *next_questions(talk, topic)),
            sources=sources(topic, talk.language),
        )
    known = {choice.payload for choice in reply.choices}
    extra = tuple(choice for choice in (show(talk, other) for other in others) if choice.payload not in known)
    talk.reply(reply.model_copy(update={"choices": (*reply.choices, *extra)[:7]}), Outcome.ANSWERED, (topic.id,))


def give(talk: Talk, record: Record, lead: str | None = None, others: tuple[Record, ...] = ()) -> None:
    """Answers with ``record`` and remembers it as the topic."""
    found = depending(talk, record)
    lead = lead or premise_line(talk, record) or no_figure(talk, record)
    reply = answer(talk, record, lead, found.lines if found else ())
    if found:
        reply = with_decision(talk, record, reply, found)
    if not (found and found.asks):
        known = {choice.payload for choice in reply.choices}
        extra = [show(talk, other) for other in others if other.id != record.id]
        choices = (*reply.choices, *(choice for choice in extra if choice.payload not in known))
        reply = reply.model_copy(update={"choices": choices[:7]})
    talk.reply(reply, Outcome.NEEDS_INPUT if found and found.asks else Outcome.ANSWERED, (record.id,))
    remember_topic(talk, record)


def no_figure(talk: Talk, record: Record) -> str | None:
    """Returns an honest first line when a sum or a time was asked for and the record has none.

    A record for people who do not export says itself that Naru does not know.
    """
    wanted = None if talk.is_payload or record.role else asked_for(talk.question)
    if wanted is None or gives(said(record, talk.language), wanted):
        return None
    return talk.say(f"no_{wanted}")


def remember_topic(talk: Talk, record: Record) -> None:
    """Makes ``record`` what "it" means in the next turns."""
    if talk.topic and talk.topic.id != record.id:
        talk.remember(topic_before=talk.topic.id)
    talk.remember(topic=record.id, offered=None)


def ask_back(talk: Talk, records: tuple[Record, ...]) -> None:
    """Offers the likeliest readings as buttons; a second time in a row, offers a person as well."""
    misses = int(talk.slot("misses") or 0) + 1
    talk.remember(misses=misses, offered=records[0].id if records else None)
    choices = [show(talk, record) for record in records]
    key = "ask_back" if records else "ask_again"
    if misses >= 2:
        key = "ask_back_again"
        choices.append(talk.choice("button_person", payload("handover")))
    else:
        choices.append(talk.choice("button_menu", payload("menu")))
    talk.reply(Reply(text=talk.say(key), choices=tuple(choices)), Outcome.CLARIFY)


def not_known(talk: Talk, near: tuple[Record, ...] = ()) -> None:
    """Says that the knowledge has nothing, and shows the next best door."""
    misses = int(talk.slot("misses") or 0) + 1
    talk.remember(misses=misses)
    choices: list[Choice] = [show(talk, record) for record in near]
    choices.append(talk.choice("button_person", payload("handover")))
    talk.reply(Reply(text=talk.say("not_known"), choices=tuple(choices)), Outcome.NOT_IN_KNOWLEDGE)
