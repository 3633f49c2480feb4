"""A guide leads through one errand of exporting step by step, and remembers how far somebody has come."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from knowledge.guides.place import Fact, GuideError, Place, Words, source_of, tell_places, tell_source
from knowledge.pack import PackError, read_yaml
from knowledge.record import LANGUAGES, Language, Strict

PARTIES = Path(__file__).parent / "parties.yaml"
_LATIN = re.compile(r"[a-z0-9/&' .-]+")


class UnknownGuide(LookupError):
    """There is no guide of that id."""


class UnknownStep(LookupError):
    """A guide has no step of that id."""


class Step(Strict):
    """One step of a guide.

    Attributes:
        title, text: What to do, in plain words.
        who: Who does it: keys of ``parties.yaml``.
        where: Ids of the records (functions, systems, programmes) with which it is done.
        see: Another guide that leads through this step in detail.
        documents: Papers needed or made here: ids of records, or words where there is no record.
        time, cost: How long it takes and what it costs, only where a source says so.
        mistake: The mistake often made here.
        sources: Where it stands; ``editorial`` for general practice.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Words
    text: Words
    who: Annotated[tuple[str, ...], Field(min_length=1)]
    where: tuple[str, ...] = ()
    see: str | None = None
    documents: tuple[str | Words, ...] = ()
    time: Fact | None = None
    cost: Fact | None = None
    mistake: Words | None = None
    sources: Annotated[tuple[Place, ...], Field(min_length=1)]


class Guide(Strict):
    """One errand, from its first step to its last.

    Attributes:
        name: The heading a person sees.
        aliases: Other words by which people ask for it, a language each.
        about: What it is for and when one needs it.
        confirm_with: Id of the organisation to ask where general practice (``editorial``) is told.
    """

    id: Annotated[str, Field(pattern=r"^guide\.[a-z0-9][a-z0-9-]*$")]
    name: Words
    aliases: dict[Language, tuple[str, ...]]
    about: Words
    confirm_with: str
    steps: Annotated[tuple[Step, ...], Field(min_length=4, max_length=10)]

    @model_validator(mode="after")
    def _steps_are_told_apart(self) -> Guide:
        ids = [step.id for step in self.steps]
        if len(set(ids)) < len(ids):
            raise ValueError(f"steps: an id is used twice in {', '.join(ids)}")
        return self

    def step(self, step_id: str) -> Step:
        """Returns a step by id.

        Raises:
            UnknownStep: There is none of that id.
        """
        found = next((step for step in self.steps if step.id == step_id), None)
        if found is None:
            raise UnknownStep(f"{self.id} has no step '{step_id}'")
        return found

    @property
    def links(self) -> tuple[str, ...]:
        """Ids of every record the guide points to."""
        listed = [self.confirm_with]
        for step in self.steps:
            listed += [*step.where, *(paper for paper in step.documents if isinstance(paper, str))]
        return tuple(dict.fromkeys(listed))


@dataclass(frozen=True)
class Progress:
    """How far somebody has come in a guide.

    Attributes:
        guide: Id of the guide.
        done: Ids of the steps done, in the order they were done.
    """

    guide: str
    done: tuple[str, ...] = ()

    def next_step(self, guide: Guide) -> Step | None:
        """Returns the first step not done yet, or None where all are done."""
        return next((step for step in guide.steps if step.id not in self.done), None)

    def mark_done(self, guide: Guide, step_id: str | None = None) -> Progress:
        """Returns the progress with a step done; the next one where none is named.

        Raises:
            UnknownStep: The guide has no step of that id.
        """
        step = guide.step(step_id) if step_id is not None else self.next_step(guide)
        if step is None or step.id in self.done:
            return self
        return replace(self, done=(*self.done, step.id))

    def back(self) -> Progress:
        """Returns the progress without the step done last; the same where nothing was done."""
        return replace(self, done=self.done[:-1])

    def percent(self, guide: Guide) -> int:
        """Returns the share of steps done, whole percent, rounded down so that 100 means all of them.

        Steps that a newer edition of the guide no longer has are not counted.
        """
        done = sum(step.id in self.done for step in guide.steps)
        return done * 100 // len(guide.steps)

    def as_dict(self) -> dict[str, Any]:
        """Returns the progress as plain data, for a slot of the conversation."""
        return {"guide": self.guide, "done": list(self.done)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Progress:
        """Returns the progress kept by ``as_dict``.

        Raises:
            ValueError: ``guide`` or ``done`` is missing or has the wrong form; the message names it.
        """
        guide, done = data.get("guide"), data.get("done", [])
        if not isinstance(guide, str):
            raise ValueError(f"guide: must be the id of a guide, not {guide!r}")
        if not isinstance(done, list | tuple) or not all(isinstance(step, str) for step in done):
            raise ValueError(f"done: must be a list of ids of steps, not {done!r}")
        return cls(guide, tuple(dict.fromkeys(done)))


class Guides:
    """The guides of a pack. Read-only once made."""

    def __init__(self, guides: tuple[Guide, ...], folder: Path) -> None:
        self._guides = {guide.id: guide for guide in guides}
        self.folder = folder

    def all(self) -> tuple[Guide, ...]:
        """Returns all guides in the order of their files."""
        return tuple(self._guides.values())

    def get(self, guide_id: str) -> Guide:
        """Returns a guide by id, with or without ``guide.``.

        Raises:
            UnknownGuide: There is none of that id.
        """
        found = self._guides.get(guide_id) or self._guides.get(f"guide.{guide_id}")
        if found is None:
            raise UnknownGuide(guide_id)
        return found

    def find(self, words: str) -> tuple[Guide, ...]:
        """Returns the guides whose name or alias the words hold; only those with the longest match.

        Several guides come back where the words fit them equally well: ask which one is meant.
        """
        lengths = {guide.id: _longest_match(guide, words) for guide in self.all()}
        longest = max(lengths.values(), default=0)
        return tuple(guide for guide in self.all() if longest and lengths[guide.id] == longest)


@lru_cache(maxsize=4)
def guides_of(folder: Path) -> Guides:
    """Returns the guides of a pack (``guides/*.yaml``, a file a guide), read once.

    Raises:
        GuideError: A file is malformed; the message lists every fault found.
    """
    found: list[Guide] = []
    faults: list[str] = []
    for path in sorted((folder / "guides").glob("*.yaml")):
        try:
            found.append(Guide.model_validate(read_yaml(path)))
        except (PackError, ValidationError) as error:
            faults.append(f"{path.name}: {error}")
    if faults:
        raise GuideError("\n".join(faults))
    return Guides(tuple(found), folder)


def find_guide(words: str, folder: Path) -> Guide | None:
    """Returns the one guide a person means, or None where no guide or several fit (``Guides.find`` lists them)."""
    found = guides_of(folder).find(words)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=1)
def parties() -> dict[str, Words]:
    """Returns the names of those who do something in a guide, by key."""
    names: dict[str, Words] = read_yaml(PARTIES)
    return names


def tell_guide(guide: Guide, folder: Path, language: Language, names: Mapping[str, str]) -> dict[str, Any]:
    """Returns a guide in one language, ready for JSON; ``names`` are the names of records by id."""
    return {
        "id": guide.id,
        "name": guide.name[language],
        "about": guide.about[language],
        "confirm_with": _named(guide.confirm_with, names),
        "steps": [tell_step(step, folder, language, names) for step in guide.steps],
    }


def tell_step(step: Step, folder: Path, language: Language, names: Mapping[str, str]) -> dict[str, Any]:
    """Returns one step in one language, ready for JSON."""
    papers = [_named(p, names) if isinstance(p, str) else {"id": None, "name": p[language]} for p in step.documents]
    return {
        "id": step.id,
        "title": step.title[language],
        "text": step.text[language],
        "who": [parties()[key][language] for key in step.who],
        "where": [_named(record, names) for record in step.where],
        "see": step.see,
        "documents": papers,
        "time": _told(step.time, folder, language),
        "cost": _told(step.cost, folder, language),
        "mistake": step.mistake[language] if step.mistake else None,
        "sources": tell_places(step.sources, folder, language),
    }


def _told(fact: Fact | None, folder: Path, language: Language) -> dict[str, Any] | None:
    if fact is None:
        return None
    return {"text": fact.text[language], "source": tell_source(source_of(fact.source, folder), language)}


def _named(record: str, names: Mapping[str, str]) -> dict[str, str | None]:
    return {"id": record, "name": names.get(record, record)}


def _longest_match(guide: Guide, words: str) -> int:
    """Returns the number of letters of the longest name or alias found in the words, 0 where none is."""
    spoken = words.casefold()
    every = [name for language in LANGUAGES for name in (guide.name[language], *guide.aliases.get(language, ()))]
    return max((len(_pressed(name)) for name in every if _holds(spoken, name.casefold())), default=0)


def _holds(spoken: str, name: str) -> bool:
    """Latin names must stand alone (L/C is not in "calcium"), Korean ones may have particles and no spaces."""
    if _LATIN.fullmatch(name):
        return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", spoken) is not None
    return _pressed(name) in _pressed(spoken)


def _pressed(text: str) -> str:
    return "".join(text.split())
