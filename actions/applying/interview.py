"""The interview of an application: asks what is missing, shows everything, and sends it after an explicit yes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from actions.applying import asking, telling
from actions.applying.hearing import (
    asks_something,
    asks_why,
    check_masked,
    command,
    consents,
    key_of,
    meant,
    named,
    speaks_of,
    surely_answers,
    wants_correction,
)
from actions.applying.progress import SLOT, Progress
from actions.applying.steps import (
    DOCUMENT,
    FIELD,
    NEW,
    asked_here,
    begun,
    document_of,
    field_of,
    next_step,
    programme_named,
)
from actions.cases import (
    Cases,
    IllegalTransition,
    Incomplete,
    Mistake,
    NotEditable,
    NotWhatWasConfirmed,
    WrongDocument,
)
from actions.cases.fields import Field
from actions.cases.routes import RouteError
from actions.interviews.frame import Interview
from actions.reply import Reply
from actions.talk import Talk

SEND = "send:"
"""Beginning of what the button 보내기 sends; the digest of the summary shown follows."""

_FREE = ("text", "person")


class Applying(Interview):
    """Writes an application, or corrects, withdraws or erases; ``Progress.goal`` says which."""

    name = "application"
    slot = SLOT

    def state(self, talk: Talk) -> dict[str, Any]:
        """Returns the progress, and speaks the language it is held in: an e-mail address is not English."""
        state = super().state(talk)
        if talk.slot("language_chosen") is None and state.get("language") in ("ko", "en"):
            talk.language = state["language"]
        return state

    def private(self, state: dict[str, Any]) -> bool:
        """Tells whether answers are personal: as soon as there is an application, or the profile is corrected."""
        progress = Progress.model_validate(state)
        return progress.id is not None or progress.goal == "profile"

    def stopped(self, talk: Talk) -> str:
        """Says that everything is saved and how to go on."""
        progress = Progress.model_validate(self.state(talk))
        talk.remember(**{SLOT: progress.but(ended="paused", note=None, echo=None).state()})
        return telling.paused(talk, progress)

    def next_step(self, talk: Talk, state: dict[str, Any]) -> str | None:
        """Returns what to ask next; None where the interview is over."""
        return next_step(talk, Progress.model_validate(state))

    def ask(self, talk: Talk, state: dict[str, Any], step: str) -> Reply:
        """Returns the question; what was to be said once before it is said now."""
        progress = Progress.model_validate(state)
        reply, shown = asking.ask(talk, progress, step)
        talk.remember(**{SLOT: progress.but(note=None, echo=None, shown=shown).state()})
        return reply

    def tell(self, talk: Talk, state: dict[str, Any]) -> None:
        """Tells how it ended."""
        telling.tell(talk, Progress.model_validate(state))

    def surely(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> bool:
        """Tells whether the words can only be an answer here."""
        progress, said = Progress.model_validate(state), talk.entity("value") or talk.typed
        if command(said) or self._correction(talk, progress, step, said) is not None:
            return True
        if step.startswith(FIELD):
            return surely_answers(field_of(progress, step), said, talk)
        if step == "programme":
            return bool(programme_named(talk)) and "?" not in said
        if step in ("correct", "profile"):
            return named(said, asked_here(talk, progress)) is not None
        if step == "review" and speaks_of("whereto", said):
            return True
        if step.startswith(DOCUMENT) and asks_why(said):
            return True
        return consents(said) is not None and not said.rstrip().endswith("?")

    def read(self, talk: Talk, state: dict[str, Any], step: str, said: str) -> dict[str, Any] | None:
        """Takes an answer or a command; what is wrong with it is told before the question is asked again."""
        progress = Progress.model_validate(state).but(note=None, echo=None)
        said = talk.entity("value") or talk.typed
        told = self._commanded(talk, progress, step, said)
        if told is None:
            told = self._reader(step)(talk, progress, step, said)
        return told.but(resumed=False, heard=progress.heard + 1).state() if told else None

    def _commanded(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        """Obeys a command; None where the words are none, or mean something of their own at this step."""
        wanted = command(said)
        if wanted == "pause":
            return progress.but(ended="paused")
        if wanted == "cancel" and step not in ("review", "withdraw", "erase", "profile"):
            return progress.but(ended="cancelled" if progress.id else "paused")
        if wanted == "back" and progress.id is not None:
            return self._back(talk, progress)
        if wanted == "afresh" and progress.resumed:
            return self._afresh(talk, progress)
        if progress.goal == "apply" and not talk.is_payload and speaks_of("applying", said):
            other = programme_named(talk)
            if other and other != progress.programme:
                return begun(talk, progress.away().but(programme=other))
        target = self._correction(talk, progress, step, said)
        return None if target is None else self._correct(talk, progress, target, said)

    def _correction(self, talk: Talk, progress: Progress, step: str, said: str) -> str | None:
        """Returns the step a correction leads to, or None where the words correct nothing."""
        if progress.id is None and progress.goal != "profile":
            return None
        if said == "correct":
            return "correct"
        if not wants_correction(said):
            return None
        found = named(said, asked_here(talk, progress))
        if step.startswith(FIELD) and (found is None or (len(said) > 40 and self._takes_sentences(progress, step))):
            return None  # an answer may speak of changing something
        if found is None:
            return "correct" if step in ("review", "known", "more", "correct") or step.startswith(DOCUMENT) else None
        return f"{FIELD if isinstance(found, Field) else DOCUMENT}{key_of(found)}"

    def _takes_sentences(self, progress: Progress, step: str) -> bool:
        return field_of(progress, step).reads in _FREE

    def _correct(self, talk: Talk, progress: Progress, target: str, said: str) -> Progress:
        """Goes to a field; a number or address told along with it is taken at once."""
        gone = progress.but(at=target)
        if target.startswith(FIELD) and re.search(r"\d{2}|@", said):
            field = field_of(progress, target)
            if field.reads not in _FREE:
                taken = self._field(talk, gone, target, said)
                return taken if taken.note is None else gone
        return gone

    def _back(self, talk: Talk, progress: Progress) -> Progress:
        gone = [each for each in progress.passed if each != progress.at]
        if not gone:
            return progress.but(note=talk.say("application_first"))
        return progress.but(at=gone[-1], passed=gone[:-1])

    def _afresh(self, talk: Talk, progress: Progress) -> Progress:
        store, application = Cases(), Cases().get(progress.id or "")
        try:
            store.withdraw(application.id)
        except IllegalTransition:
            return progress.but(ended="closed")
        fresh = Progress(language=progress.language, programme=application.programme, agreed=progress.agreed)
        return begun(talk, fresh)

    def _reader(self, step: str) -> Callable[[Talk, Progress, str, str], Progress | None]:
        if step.startswith(FIELD):
            return self._field
        if step.startswith(DOCUMENT):
            return self._document
        return {
            "programme": self._programme,
            "again": self._again,
            "consent": self._consent,
            "alone": self._alone,
            "known": self._known,
            "more": self._more,
            "correct": self._choose,
            "profile": self._choose,
            "review": self._review,
            "withdraw": self._withdraw,
            "erase": self._erase,
        }[step]

    def _programme(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        found = programme_named(talk) or (said if talk.record(said) else None)
        if found is None:
            return progress.but(note=talk.say("application_which_not_found"))
        return begun(talk, progress.but(programme=found))

    def _again(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        wanted = consents(said)
        if wanted is None:
            return None
        return begun(talk, progress.but(again=NEW)) if wanted else progress.but(ended="kept")

    def _consent(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        agreed = consents(said)
        if agreed is None:
            return progress.but(note=talk.say("application_consent_missed"))
        if agreed:
            Cases().agree(talk.conversation_id, talk.language)
        if progress.goal == "profile":
            return progress if agreed else progress.but(ended="kept")
        return begun(talk, progress.but(agreed=agreed))

    def _alone(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        if command(said) == "alone":
            return begun(talk, progress.but(alone=True))
        agreed = consents(said)
        if agreed is None:
            return progress.but(note=talk.say("application_consent_missed"))
        return self._consent(talk, progress, step, said) if agreed else progress.but(ended="paused")

    def _known(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        if command(said) in ("use", "done"):
            return progress.but(known=True)
        change = consents(said)  # the question is whether anything has to be changed
        if change is None:
            return None
        return progress.but(at="correct") if change else progress.but(known=True)

    def _more(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        wanted = False if command(said) in ("skip", "done") else consents(said)
        return None if wanted is None else progress.but(optional=wanted)

    def _choose(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        if command(said) in ("done", "back", "cancel", "use") or consents(said) is False:
            return progress.but(ended="edited") if step == "profile" else progress.but(at=None)
        found = named(said, asked_here(talk, progress))
        if found is None:
            return progress.but(note=talk.say("application_correct_none"))
        return progress.but(at=f"{FIELD if isinstance(found, Field) else DOCUMENT}{key_of(found)}")

    def _field(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress:
        field = field_of(progress, step)
        if command(said) in ("send", "done", "alone", "afresh", "use"):
            return progress  # words for another moment; the question is asked again
        if not talk.is_payload and asks_something(field, said, talk):
            return progress.but(note=self._beside(talk, field, said))
        words = meant(field, said)
        try:
            check_masked(field, said)
            if progress.goal == "profile":
                Cases().keep_profile(talk.conversation_id, {field.key: words})
            else:
                Cases().answer(progress.id or "", field.key, words)
        except Mistake as mistake:
            return progress.but(note=mistake.message(talk.language))
        except NotEditable:
            return progress.but(ended="closed")
        return progress.past(step).but(echo=field.key)

    def _beside(self, talk: Talk, field: Field, said: str) -> str:
        """Returns what is said to a question at a field: why it is asked, or how to ask something else."""
        if not asks_why(said):
            return talk.say("application_not_an_answer")
        why = field.text(talk.language).why
        return talk.say("application_why", why=why) if why else talk.say("application_why_none")

    def _document(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        document = document_of(progress, step)
        if asks_why(said):
            return progress.but(note=talk.say("application_why_none"))
        if command(said) != "skip":
            return progress.but(note=talk.say("application_document_wanted"))
        if document.required:
            return progress.but(note=talk.say("application_document_required", label=document.label(talk.language)))
        return progress.past(step).but(skipped=(*progress.skipped, document.kind))

    def _review(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        if said.startswith(SEND):
            return self._send(talk, progress, said.removeprefix(SEND))
        if speaks_of("whereto", said):
            return progress  # the summary says where it goes
        wanted = {"send": True, "cancel": False}.get(command(said) or "", consents(said))
        if wanted and progress.shown and not talk.is_payload:
            return self._send(talk, progress, progress.shown)
        if wanted is False:
            return progress.but(ended="cancelled")
        return progress.but(note=talk.say("application_review_missed"))

    def _send(self, talk: Talk, progress: Progress, digest: str) -> Progress:
        """Submits what was shown, and nothing else."""
        try:
            Cases().submit(progress.id or "", digest)
        except NotWhatWasConfirmed:
            return progress.but(note=talk.say("case_changed_since_review"))
        except Incomplete:
            return progress.but(optional=progress.optional)  # what is missing is asked next
        except WrongDocument as error:
            return progress.but(at=f"{DOCUMENT}{error.kind.kind}", note=error.message(talk.language))
        except RouteError:
            return progress.but(note=talk.say("application_route_error"))
        except IllegalTransition:
            return progress.but(ended="closed")
        return progress.but(ended="sent")

    def _withdraw(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        wanted = False if command(said) == "cancel" else consents(said)
        if wanted is None:
            return progress.but(note=talk.say("application_withdraw_missed"))
        if not wanted:
            return progress.but(ended="kept")
        try:
            Cases().withdraw(progress.id or "")
        except IllegalTransition:
            return progress.but(ended="closed")
        return progress.but(ended="withdrawn")

    def _erase(self, talk: Talk, progress: Progress, step: str, said: str) -> Progress | None:
        wanted = False if command(said) == "cancel" else consents(said)
        if wanted is None:
            return None
        if wanted:
            Cases().take_back(talk.conversation_id)
            talk.remember(firm=None)
        return progress.but(ended="erased" if wanted else "kept")

    def begin_with(self, talk: Talk, progress: Progress) -> None:
        """Starts where ``progress`` says."""
        self.begin(talk, progress.state())


APPLYING = Applying()
