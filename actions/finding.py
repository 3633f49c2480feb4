"""Finds the right place, programme, procedure or figures for what a person wants to do or is worried about."""

from __future__ import annotations

from actions.firm.diagnosis import note_trouble
from actions.firm.telling import further
from actions.lookup import KINDS, Finding, ask_back, give, look_up, search
from actions.present import show
from actions.reply import Outcome, Reply
from actions.step import Step
from actions.talk import Talk
from actions.trade.agreements import AskAgreements, names_agreement
from knowledge.diagnosis.hearing import hear
from knowledge.record import Kind, Part, Record

EXPORT_PROCESS = "procedure.export-process"
FIRST_EXPORT = "procedure.first-export"
NEWEST_SURVEY = "survey.challenges-2018"

CLEARLY_BETTER = 0.3
"""Search score by which another record must beat the first steps to be shown instead."""

ANOTHER_SURVEY = 0.15
"""Search score by which another survey must beat the newest one to be shown instead."""


TROUBLE_FROM = 0.95
"""Search score from which a trouble is taken as told; less than elsewhere, since troubles are told in free words."""


class FindPlace(Step):
    """Says which organisation, system or menu does a job."""

    action = "action_find_place"

    def respond(self, talk: Talk) -> None:
        """Answers with the place that does the job asked for; for one agreement, who issues its proof."""
        if names_agreement(talk):
            AskAgreements().respond(talk)
        else:
            look_up(talk, "find_place")


class FindProgramme(Step):
    """Finds support for a need."""

    action = "action_find_programme"

    def respond(self, talk: Talk) -> None:
        """Answers with the programme that fits best; others stand as buttons, and so does the firm's own search."""
        look_up(talk, "find_programme")
        if not talk.slot("misses"):  # answered: where it was not, a person or other words are the next thing
            choices = further(talk, "match")
            talk.reply(Reply(text=talk.say("programmes_invite"), choices=choices), Outcome.ANSWERED)


class HowTo(Step):
    """Answers a question on how something is done."""

    action = "action_how_to"

    def respond(self, talk: Talk) -> None:
        """Answers from everything there is; for one agreement, with how origin is proved under it."""
        if names_agreement(talk):
            AskAgreements().respond(talk)
        else:
            look_up(talk, "ask_howto")


class Process(Step):
    """Shows the order in which an export runs."""

    action = "action_process"

    def respond(self, talk: Talk) -> None:
        """Shows another procedure when one is clearly asked for, else the whole export process."""
        finding = search(talk, talk.question, KINDS["ask_process"])
        best = finding.records[0] if finding.plausible else None
        if best and best.kind is Kind.PROCEDURE:
            give(talk, best)
        else:
            give_or_look_up(talk, EXPORT_PROCESS, "ask_process")


LATER = frozenset({Part.ORIGIN, Part.HS, Part.CLEARANCE})
"""Subjects nobody begins exporting with."""


class Start(Step):
    """Says where to begin with no export behind one."""

    action = "action_start"

    def respond(self, talk: Talk) -> None:
        """Shows the first steps, unless the words ask how to begin with something particular (selling on Amazon)."""
        finding = search(talk, talk.question, KINDS["ask_howto"])
        scores = {record.id: score for record, score in zip(finding.records, finding.scores, strict=True)}
        clearly = finding.sure and finding.scores[0] - scores.get(FIRST_EXPORT, 0.0) >= CLEARLY_BETTER
        best = finding.records[0] if finding.records else None
        beginning = best is not None and best.kind is not Kind.TERM and best.part not in LATER
        particular = clearly and beginning  # what fits the goods, not the question, begins nothing
        if particular and not talk.is_payload:
            give(talk, finding.records[0], others=finding.records[1:3])
        else:
            give_or_look_up(talk, FIRST_EXPORT, "ask_howto")


class Survey(Step):
    """Says what other firms find hard, with the figures."""

    action = "action_survey"

    def respond(self, talk: Talk) -> None:
        """Shows the survey asked about, else the newest; the others stand as buttons."""
        finding = search(talk, talk.question, KINDS["ask_survey"])
        others = tuple(talk.shelf.library.of_kind(Kind.SURVEY))
        best = finding.records[0] if finding.sure else None
        if best and best.kind is Kind.FACT:
            give(talk, best)
        elif best and best.kind is Kind.SURVEY and self._meant(finding):
            give(talk, best, others=others)
        else:
            give_or_look_up(talk, NEWEST_SURVEY, "ask_survey", others)

    def _meant(self, finding: Finding) -> bool:
        """Whether one survey fits so much better than the newest that it must be the one asked about."""
        scores = {record.id: score for record, score in zip(finding.records, finding.scores, strict=True)}
        return finding.scores[0] - scores.get(NEWEST_SURVEY, 0.0) >= ANOTHER_SURVEY


class Obstacle(Step):
    """Takes a trouble told in free words seriously: how many share it, what to do this week, who helps."""

    action = "action_obstacle"

    def respond(self, talk: Talk) -> None:
        """Answers with the obstacle told of, and the help that exists for it."""
        finding = search(talk, talk.question, KINDS["report_obstacle"])
        obstacles = tuple(record for record in finding.records if record.kind is Kind.OBSTACLE)
        if not obstacles:
            look_up(talk, "report_obstacle")
        elif finding.best >= TROUBLE_FROM and finding.records[0].kind is Kind.OBSTACLE:
            told = self._told(talk, obstacles[0])
            others = tuple(told[1:3]) or obstacles[1:2]
            give(talk, told[0], lead=self._lead(talk, told[0], told), others=others)
            self._help(talk, told[0])
            note_trouble(talk, talk.question)
        elif finding.sure:
            give(talk, finding.records[0], others=obstacles[:2])
        else:
            ask_back(talk, obstacles[:3])

    def _told(self, talk: Talk, obstacle: Record) -> list[Record]:
        """Returns the obstacles the words tell: of several, those that most firms share come first."""
        if talk.is_payload:
            return [obstacle]
        heard = [talk.record(one.obstacle) for one in hear(talk.question, talk.language, talk.shelf)]
        told = list({record.id: record for record in (obstacle, *heard) if record}.values())
        return sorted(told, key=_share_told, reverse=True) if len(told) > 1 else told

    def _lead(self, talk: Talk, obstacle: Record, told: list[Record]) -> str:
        """Names every trouble heard, takes the worry seriously, and says how many share it if a survey has it."""
        lead = self._share(talk, obstacle)
        if len(told) == 1:
            return lead
        names = ", ".join(f"‘{record.text(talk.language).name}’" for record in told)
        return f"{talk.say('trouble_several', count=len(told), names=names)}\n{lead}"

    def _share(self, talk: Talk, obstacle: Record) -> str:
        printed = [figure for figure in obstacle.figures if not figure.note]
        if not printed:
            return talk.say("obstacle_lead")
        newest = max(printed, key=lambda figure: figure.year)
        return talk.say("obstacle_lead_share", year=newest.year, value=f"{newest.value:g}")

    def _help(self, talk: Talk, obstacle: Record) -> None:
        """Names the programmes and services linked to the obstacle, and offers a diagnosis."""
        linked = [talk.record(other) for other in obstacle.related]
        helping = [record for record in linked if record and record.kind in (Kind.PROGRAMME, Kind.SERVICE, Kind.SYSTEM)]
        choices = tuple(show(talk, record) for record in helping[:4])
        text = talk.say("obstacle_help" if helping else "trouble_invite")
        reply = Reply(text=text, choices=(*choices, *further(talk, "diagnosis")))
        talk.reply(reply, Outcome.ANSWERED, (obstacle.id,))


def give_or_look_up(talk: Talk, record_id: str, intent: str, others: tuple[Record, ...] = ()) -> None:
    """Gives the record; a pack without it is searched instead."""
    record = talk.record(record_id)
    if record is None:
        look_up(talk, intent)
    else:
        give(talk, record, others=tuple(other for other in others if other.id != record_id))


def _share_told(obstacle: Record) -> float:
    """Returns the largest share of firms a survey printed for an obstacle, percent."""
    return max((figure.value for figure in obstacle.figures if not figure.note), default=0.0)
