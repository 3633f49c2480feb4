"""HS codes in conversation: finds the code of goods, asks what tells candidates apart, shows a code, remembers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.lookup import KINDS, look_up, search
from actions.reply import Card, Choice, Outcome, Reply, SourceNote
from actions.step import Step
from actions.talk import Talk, payload
from actions.trade.citing import note, once
from actions.trade.product import product_words
from knowledge.hs.card import Card as CodeCard
from knowledge.hs.card import show, sources_of
from knowledge.hs.finder import Candidate, Finding, UnknownOption
from knowledge.hs.ready import finder, hs_folder
from knowledge.hs.table import BadCode, HsCode, normalise
from knowledge.language.korean import PART, content_words
from knowledge.record import Kind, Language

SHOWN = 4
"""Candidates offered as buttons."""

QUESTIONS_AT_MOST = 2

FEWEST_WORDS = 4
"""Words that carry meaning below which a question about codes only asks for one."""

WANTS_A_CODE_FROM = 0.75
"""Confidence from which a message without goods asks for some code, not what a code is."""

LEAST_LIKELY = 0.25
"""Chance of the best heading below which words that are merely alike name no goods at all."""

NAME_LETTERS = 70
WHY_LETTERS = 30
"""Letters of a name in the table of candidates, and of the known name it is like."""

NOTES_SHOWN = 2
LINES_SHOWN = 8
"""Ten-digit lines listed under a six-digit code."""

Answers = Sequence[str]
"""Answers given so far, each ``question:option``."""


def search_codes(words: str, language: Language, answers: Answers = ()) -> Finding:
    """Returns the likeliest six-digit codes for goods, after the answers given so far.

    An answer that fits no longer (the words have changed since) is passed over.
    """
    found = finder().find(words, language, top=SHOWN)
    for answer in answers:
        question, _, option = answer.rpartition(":")
        try:
            found = finder().refine(found, question, int(option), top=SHOWN)
        except (UnknownOption, ValueError):
            break
    vague = not found.candidates or found.candidates[0].why.evidence in ("words", "meaning")
    if vague and found.confidence < LEAST_LIKELY:
        return replace(found, candidates=(), question=None)
    return found


def open_question(found: Finding, answers: Answers) -> bool:
    """Tells whether something should be asked before candidates are offered."""
    return found.question is not None and not found.sure and len(answers) < QUESTIONS_AT_MOST


def answered_without_goods(talk: Talk, words: str | None) -> bool:
    """Tells whether a question about codes names no goods that have one, and the knowledge has its answer.

    "The buyer's customs says another code" asks for no code; "the code of my soap" does.
    """
    words_said = [word for word in content_words(talk.question) if not word.startswith(PART)]
    if talk.is_payload or len(words_said) < FEWEST_WORDS:
        return False
    if words and search_codes(words, talk.language).candidates:
        return False
    found = search(talk, talk.question, KINDS["ask_howto"])
    return found.sure and found.records[0].kind is Kind.FAQ


class FindHs(Step):
    """Finds the code of goods, or shows the code named."""

    action = "action_find_hs"

    def respond(self, talk: Talk) -> None:
        """Shows a code, asks what tells the candidates apart, or lists them with why."""
        code = talk.entity("hs_code")
        words = talk.entity("product") or (None if talk.is_payload else product_words(talk))
        if code:
            show_code(talk, code)
        elif words is None and talk.mentions and talk.confidence < WANTS_A_CODE_FROM:
            look_up(talk, "define")
        elif answered_without_goods(talk, words):
            look_up(talk, "ask_howto")
        elif words:
            answers = tuple(filter(None, (talk.entity("answers") or "").split(",")))
            self._find(talk, words, answers)
        else:
            talk.reply(Reply(text=talk.say("hs_which")), Outcome.NEEDS_INPUT)

    def _find(self, talk: Talk, words: str, answers: Answers) -> None:
        found = search_codes(words, talk.language, answers)
        if not found.candidates:
            talk.reply(Reply(text=talk.say("hs_none", product=words)), Outcome.NOT_IN_KNOWLEDGE)
        elif open_question(found, answers) and found.question:
            choices = tuple(
                Choice(title=option.text, payload=payload("find_hs", product=words, answers=",".join([*answers, mark])))
                for mark, option in zip(marks(found), found.question.options, strict=True)
            )
            talk.reply(
                Reply(text=talk.say("hs_ask", product=words, question=found.question.text), choices=choices),
                Outcome.NEEDS_INPUT,
            )
        else:
            self._list(talk, words, found)

    def _list(self, talk: Talk, words: str, found: Finding) -> None:
        key = "hs_sure" if found.sure else "hs_unsure"
        rows = tuple(
            (dotted(one.hs6), short(name_of(one, talk.language), NAME_LETTERS), why(talk, one))
            for one in found.candidates
        )
        columns = tuple(talk.say("columns_hs").split("|"))
        choices = tuple(
            Choice(
                title=f"{dotted(one.hs6)} {button_name(name_of(one, talk.language))}",
                payload=payload("find_hs", hs_code=one.hs6),
            )
            for one in found.candidates
        )
        reply = Reply(
            text=f"{talk.say(key, product=words)}\n{talk.say('hs_confirm')}",
            card=Card(kind="table", title=talk.say("card_hs"), columns=columns, rows=rows),
            choices=choices,
            sources=once(hs_sources(talk.language, found.candidates)),
        )
        records = tuple(f"hs.{one.hs6}" for one in found.candidates)
        talk.reply(reply, Outcome.ANSWERED if found.sure else Outcome.CLARIFY, records)


def show_code(talk: Talk, code: str) -> None:
    """Shows a code with its heading, chapter, notes, flags and the ten-digit lines under it, and remembers it."""
    try:
        card = show(hs_folder(), code) or show(hs_folder(), normalise(code)[:6])
    except BadCode:
        card = None
    if card is None:
        talk.reply(Reply(text=talk.say("hs_no_code", code=code)), Outcome.NOT_IN_KNOWLEDGE)
        return
    found = card.code
    below = _below(card.national or card.below)
    if found.level >= 6:
        talk.remember(hs=found.code[:6])
    reply = Reply(
        text="\n".join(_about(talk, card)),
        card=Card(kind="list", title=talk.say("card_hs_below"), rows=below) if below else None,
        choices=_next(talk, found),
        sources=once(note(source, f"hs.{found.code}", talk.language) for source in card.sources),
    )
    talk.reply(reply, Outcome.ANSWERED, (f"hs.{found.code}",))


def _about(talk: Talk, card: CodeCard) -> list[str]:
    """Returns the lines said about a code: its name, where it stands, notes that decide, EU laws that name it."""
    lines = [f"HS {dotted(card.code.code)} {card.code.name(talk.language)}"]
    for above in reversed(card.above):
        key = {2: "hs_chapter", 4: "hs_heading"}.get(above.level)
        lines += [talk.say(key, code=dotted(above.code), name=above.name(talk.language))] if key else []
    lines += [f"{each.locator}: {each.ko if talk.language == 'ko' else each.en}" for each in card.notes[:NOTES_SHOWN]]
    lines += [talk.say("hs_eudr")] if card.flags.eudr else []
    lines += [talk.say("hs_cbam")] if card.flags.cbam else []
    return lines


def _below(children: Sequence[HsCode]) -> tuple[tuple[str, ...], ...]:
    return tuple((f"{dotted(child.code)} {child.name_ko}",) for child in children[:LINES_SHOWN])


def _next(talk: Talk, found: HsCode) -> tuple[Choice, ...]:
    if found.level < 6:
        return ()
    code = found.code[:6]
    return (
        talk.choice("button_origin", payload("ask_origin", hs_code=code)),
        talk.choice("button_duty", payload("ask_duty", hs_code=code)),
    )


def code_choices(talk: Talk, words: str, answers: Answers = ()) -> tuple[Choice, ...]:
    """Returns the candidates as buttons that answer the interview's question for a code."""
    return tuple(
        Choice(
            title=f"{dotted(one.hs6)} {button_name(name_of(one, talk.language))}",
            payload=payload("answer", value=one.hs6),
        )
        for one in search_codes(words, talk.language, answers).candidates
    )


def marks(found: Finding) -> list[str]:
    """Returns ``question:option`` for each answer on offer."""
    question = found.question
    return [f"{question.id}:{place}" for place in range(len(question.options))] if question else []


def why(talk: Talk, candidate: Candidate) -> str:
    """Returns why a candidate was found, in plain words."""
    return talk.say(f"hs_why_{candidate.why.evidence}", name=short(candidate.why.name, WHY_LETTERS))


def name_of(candidate: Candidate, language: Language) -> str:
    """Returns a candidate's name in the person's language."""
    return candidate.name_ko if language == "ko" else candidate.name_en


def dotted(code: str) -> str:
    """Returns a code as people write it: 330499 is 3304.99, 3304991000 is 3304.99-1000."""
    if len(code) <= 4:
        return code
    return f"{code[:4]}.{code[4:6]}" + (f"-{code[6:]}" if len(code) > 6 else "")


def button_name(name: str) -> str:
    """Returns what tells a code from its neighbours, for a button: the part after the heading's name."""
    heading, _, own = name.rpartition(": ")
    if heading and own.lower() in ("기타", "other"):
        own = f"{heading.partition('(')[0]}: {own}"
    return short(own)


def short(name: str, most: int = 28) -> str:
    """Returns the beginning of a name, for a button."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def hs_sources(language: Language, candidates: Sequence[Candidate] = ()) -> list[SourceNote]:
    """Returns where codes and names come from, and the list of everyday names if one was found there."""
    files = ["codes.csv", "nomenclature"]
    if any(one.why.origin == "everyday" for one in candidates):
        files.append("everyday.csv")
    return [note(source, "hs", language) for source in sources_of(hs_folder(), files)]
