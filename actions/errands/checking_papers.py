"""The checklist of a shipment's papers as an interview: which papers, who makes them, and why."""

from __future__ import annotations

from typing import Any

from actions.errands.asking_country import country_heard, country_question
from actions.errands.begin import Begin
from actions.errands.choosing import ChoiceInterview, Question, words
from actions.errands.papers_told import tell_papers
from actions.talk import Talk
from actions.trade.citing import pack_folder
from knowledge.guides.answer import ASKED, choices_of

OPEN = "open"
"""What the button that asks for the skipped parts carries."""


class PapersInterview(ChoiceInterview):
    """Asks what the papers depend on; five questions at most."""

    name = "checklist"
    slot = "checklist"
    order = ASKED
    overheard = ASKED

    def question(self, talk: Talk, name: str) -> Question:
        """Returns the pack's own question and answers."""
        choice = next(found for key, found in choices_of(pack_folder()).items() if key == name)
        if name == "destination":
            return country_question(talk, choice.question[talk.language])
        heard = words()["checklist"].get(name, {})
        return Question(
            choice.question[talk.language],
            {key: each.name[talk.language] for key, each in choice.answers.items()},
            {
                key: (key, *each.name.values(), *each.aliases, *heard.get(key, ()))
                for key, each in choice.answers.items()
            },
        )

    def hear(self, talk: Talk, name: str, said: str) -> str | None:
        """Hears a country by the gazetteer, anything else by its names."""
        return country_heard(talk, said) if name == "destination" else super().hear(talk, name, said)

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Tells the checklist, what is open, and gives it as a workbook."""
        tell_papers(talk, state.get("told", {}))


PAPERS = PapersInterview()


class PapersStart(Begin):
    """Begins the checklist with what the message tells of the shipment."""

    action = "action_checklist_start"
    intent = "make_checklist"
    interview = PAPERS

    def first(self, talk: Talk, state: dict[str, Any]) -> dict[str, Any]:
        """Reads the message; a button may ask again for what was skipped."""
        if talk.entity("value") == OPEN:
            return {**PAPERS.state(talk), "skipped": []}
        return PAPERS.begun_with(talk, state)
