"""Explains: what a thing is, how two differ, in simpler words, with an example, and where it comes from."""

from __future__ import annotations

from actions.errands.guiding import GuideNext, goes_on
from actions.lookup import (
    KINDS,
    READINGS,
    ask_back,
    give,
    look_up,
    look_up_in_context,
    not_known,
    remember_topic,
    search,
)
from actions.present import answer, caution, more, next_questions, part, show, sources
from actions.reply import Card, Outcome, Reply
from actions.step import Step
from actions.talk import Talk, payload
from actions.trade.agreements import AskAgreements, names_agreement
from actions.withheld import stop_at_withheld
from knowledge.record import Kind, Record


class Define(Step):
    """Says what a thing is."""

    action = "action_define"

    def respond(self, talk: Talk) -> None:
        """Answers with the record asked for, or with the one a button names."""
        named = talk.entity("record")
        stop_at_withheld(talk, named)
        record = talk.record(named)
        if record:
            give(talk, record)
        elif named:
            not_known(talk)
        elif names_agreement(talk):
            AskAgreements().respond(talk)
        else:
            look_up(talk, "define")


class Compare(Step):
    """Puts two things side by side."""

    action = "action_compare"

    def respond(self, talk: Talk) -> None:
        """Compares the two things named, or the one named with the topic."""
        stop_at_withheld(talk, talk.entity("one"))
        stop_at_withheld(talk, talk.entity("other"))
        named = [talk.record(talk.entity("one")), talk.record(talk.entity("other"))]
        if not all(named):
            named = [talk.record(mention.value) for mention in talk.mentions]
        pair = list({record.id: record for record in named if record}.values())
        if len(pair) == 1 and talk.topic and talk.topic.id != pair[0].id:
            pair = [talk.topic, pair[0]]
        elif not pair:
            pair = [record for record in (talk.record(talk.slot("topic_before")), talk.topic) if record]
        if len(pair) == 2 and (self._written(talk, pair) or not self._asked_otherwise(talk, pair)):
            compare(talk, pair[0], pair[1])
        else:
            self._otherwise(talk)

    def _otherwise(self, talk: Talk) -> None:
        """Without two known things: a record that weighs them, or what is likely meant; never a record on one."""
        finding = search(talk, talk.question, KINDS["compare"])
        named = {mention.value for mention in talk.mentions}
        best = finding.records[0] if finding.records else None
        weighs = best and (best.id in named or best.kind in (Kind.COMPARISON, Kind.FAQ, Kind.FACT, Kind.TERM))
        if finding.sure and not weighs:
            ask_back(talk, finding.records[:READINGS])
        else:
            look_up(talk, "compare")

    def _written(self, talk: Talk, pair: list[Record]) -> bool:
        return talk.shelf.library.comparison(pair[0].id, pair[1].id) is not None

    def _asked_otherwise(self, talk: Talk, pair: list[Record]) -> bool:
        """Whether another record answers the words better than two explanations side by side would."""
        if not talk.mentions:
            return False
        finding = search(talk, talk.question, KINDS["compare"])
        return finding.sure and finding.records[0] not in pair


def compare(talk: Talk, one: Record, other: Record) -> None:
    """Answers with the comparison written for the pair, else with both explanations side by side."""
    written = talk.shelf.library.comparison(one.id, other.id)
    rows = tuple((r.text(talk.language).name, r.text(talk.language).plain) for r in (one, other))
    table = Card(
        kind="table", title=talk.say("card_compare"), columns=tuple(talk.say("columns_compare").split("|")), rows=rows
    )
    if written:
        reply = answer(talk, written).model_copy(update={"card": table})
        records: tuple[str, ...] = (written.id, one.id, other.id)
    else:
        names = [record.text(talk.language).name for record in (one, other)]
        lines = [talk.say("compare", one=names[0], other=names[1]), caution(talk, one)]
        reply = Reply(text="\n".join(line for line in lines if line))
        records = (one.id, other.id)
    notes = [note for record in (written, one, other) if record for note in sources(record, talk.language)]
    choices = tuple(show(talk, record) for record in (one, other))
    reply = reply.model_copy(update={"card": table, "sources": tuple(notes), "choices": choices})
    talk.reply(reply, Outcome.ANSWERED, records)
    talk.remember(topic=other.id, topic_before=one.id, offered=None)


class Simplify(Step):
    """Says the last answer in simpler words."""

    action = "action_simplify"

    def respond(self, talk: Talk) -> None:
        """Gives the everyday comparison of the topic."""
        further(talk, "simplify")


class Example(Step):
    """Gives an example of the last answer."""

    action = "action_example"

    def respond(self, talk: Talk) -> None:
        """Gives the example of the topic."""
        further(talk, "example")


class More(Step):
    """Tells more about the last answer."""

    action = "action_more"

    def respond(self, talk: Talk) -> None:
        """Gives detail, where one meets it, and what to do; after a step of a guide, its next step."""
        if goes_on(talk):
            GuideNext().respond(talk)
        else:
            further(talk, "more")


def further(talk: Talk, key: str) -> None:
    """Gives one more part of the record named, or of the topic."""
    record = asked_about(talk)
    if record is None:
        talk.reply(
            Reply(text=talk.say("no_topic"), choices=(talk.choice("button_menu", payload("menu")),)),
            Outcome.NEEDS_INPUT,
        )
        return
    words = record.text(talk.language)
    if key == "more":
        reply = more(talk, record)
    else:
        body = words.simple if key == "simplify" else words.example
        reply = part(talk, record, key, body) if body else None
    if reply is None:
        said = Reply(text=talk.say(f"no_{key}", name=words.name), choices=next_questions(talk, record, without=key))
        talk.reply(said, Outcome.NOT_IN_KNOWLEDGE, (record.id,))
        return
    talk.reply(reply, Outcome.ANSWERED, (record.id,))
    remember_topic(talk, record)


def asked_about(talk: Talk) -> Record | None:
    """Returns the record a button or the words name, else the topic."""
    stop_at_withheld(talk, talk.entity("record"))
    named = talk.record(talk.entity("record"))
    if named:
        return named
    exact = [mention for mention in talk.mentions if mention.score == 1.0]
    return (talk.record(exact[0].value) if exact else None) or talk.topic


class Sources(Step):
    """Says where the last answer comes from and how firm it is."""

    action = "action_sources"

    def respond(self, talk: Talk) -> None:
        """Lists the sources of the topic with date and basis."""
        record = asked_about(talk)
        if record is None:
            talk.reply(Reply(text=talk.say("no_topic")), Outcome.NEEDS_INPUT)
            return
        notes = sources(record, talk.language)
        lines = [talk.say("sources_of", name=record.text(talk.language).name)]
        for note in notes:
            place = f", {note.locator}" if note.locator else ""
            lines.append(
                talk.say(
                    "source_line", title=note.title + place, as_of=note.as_of, basis=talk.say(f"basis_{note.basis}")
                )
            )
        lines.append(caution(talk, record) or "")
        reply = Reply(text="\n".join(filter(None, lines)), sources=notes, choices=next_questions(talk, record))
        talk.reply(reply, Outcome.ANSWERED, (record.id,))


class FollowUp(Step):
    """Answers "and what about X?": the last question asked again of another thing."""

    action = "action_follow_up"

    def respond(self, talk: Talk) -> None:
        """Explains the thing named; offers to compare it with what was spoken about before."""
        stop_at_withheld(talk)
        if talk.entity("country") and talk.slot("country") and not talk.mentions:
            AskAgreements().respond(talk)
            return
        if not talk.mentions:
            if goes_on(talk):
                GuideNext().respond(talk)
            else:
                self._in_context(talk)
            return
        record = self._likeliest(talk)
        before = talk.topic
        give(talk, record)
        if before and before.id != record.id and talk.shelf.library.comparison(before.id, record.id):
            names = {"one": before.text(talk.language).name, "other": record.text(talk.language).name}
            choice = talk.choice("button_compare", payload("compare", one=before.id, other=record.id), **names)
            talk.reply(
                Reply(text=talk.say("offer_compare", **names), choices=(choice,)), Outcome.ANSWERED, (record.id,)
            )

    def _likeliest(self, talk: Talk) -> Record:
        """Of several records with the name, the one of the same kind as the topic."""
        mention = talk.mentions[0]
        named = [talk.shelf.library.records[r] for r in (mention.value, *mention.rivals) if talk.record(r)]
        same = [record for record in named if talk.topic and record.kind is talk.topic.kind]
        return (same or named)[0]

    def _in_context(self, talk: Talk) -> None:
        """Without a name: the words as they stand, and if those find nothing, together with the topic's name."""
        if talk.topic is None or search(talk, talk.question, KINDS["define"]).sure:
            look_up(talk, "ask_howto")
        else:
            look_up_in_context(talk, talk.topic, "ask_howto")
