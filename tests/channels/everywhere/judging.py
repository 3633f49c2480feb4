"""Scripts, and what must be true of what a person saw: facts judged by hand, and the same facts on every channel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from tests.actions.papers.reading import bare, read
from tests.channels.everywhere.players import Player, Seen, begins

FOLDER = Path(__file__).parent
KNOWN = {
    "user", "choose", "send", "instead", "outcome", "says", "not", "offers", "sources", "file", "keeps", "person",
    "typed_adds",
}  # fmt: skip
DATE = re.compile(r"(?:19|20)\d\d(?:-\d\d-\d\d)?")
ADDRESS = re.compile(r"https?://\S+|www\.\S+")
CLOCK = re.compile(r"\b\d\d:\d\d\b")
FIGURE = re.compile(r"\d+(?:[.,:/-]\d+)*%?")


@dataclass(frozen=True)
class Script:
    """A conversation to be held everywhere."""

    name: str
    language: str
    turns: tuple[dict[str, Any], ...]


@dataclass
class Story:
    """How a conversation went on one channel."""

    seen: list[Seen] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def script(name: str) -> Script:
    """Returns a script of this folder, having looked whether every expectation in it is one."""
    told = yaml.safe_load((FOLDER / f"script_{name}.yaml").read_text(encoding="utf-8"))
    for turn in told["turns"]:
        assert set(turn) <= KNOWN, f"unknown expectation in {turn}"
        assert len({"user", "choose", "send"} & set(turn)) == 1, f"one thing is done in a turn: {turn}"
    return Script(name, told["language"], tuple(told["turns"]))


def held(player: Player, told: Script) -> Story:
    """Holds a conversation and notes what was wrong in it; what can't be done ends it."""
    story = Story()
    for number, turn in enumerate(told.turns, 1):
        try:
            seen = done(player, turn)
        except Exception as error:  # the faults before it are worth more than the traceback
            story.faults.append(f"turn {number} {action(turn)!r} could not be done: {type(error).__name__}: {error}")
            break
        story.seen.append(seen)
        story.faults += [f"turn {number} {action(turn)!r}: {fault}" for fault in faults(turn, seen, story.kept)]
    return story


def action(turn: dict[str, Any]) -> str:
    """Returns what the person does in a turn."""
    return str(turn.get("user") or turn.get("choose") or turn["send"])


def done(player: Player, turn: dict[str, Any]) -> Seen:
    """Does what a turn says, the way the channel allows, and returns what is seen at the end of it."""
    if "user" in turn:
        return player.say(turn["user"])
    if "choose" in turn:
        return player.choose(turn["choose"])
    if "carry" in turn:
        return player.carry(turn["asking"], FOLDER / turn["carry"])
    seen = player.send(FOLDER / turn["send"])
    if seen is None:
        for step in turn["instead"]:
            seen = done(player, step)
        assert seen is not None, "nothing was done"
        seen = replace(seen, replaced=True)
    return seen


def faults(turn: dict[str, Any], seen: Seen, kept: dict[str, str]) -> list[str]:
    """Returns what of a turn's facts does not hold; ``kept`` gathers what chance decided."""
    words = bare(seen.text).lower()
    shown = f"\n--- seen:\n{seen.text}\n--- buttons: {seen.buttons}"
    found = [f"{said!r} is missing" for said in turn.get("says", ()) if bare(said).lower() not in words]
    found += [f"{said!r} should not be there" for said in turn.get("not", ()) if bare(said).lower() in words]
    for title in turn.get("offers", ()):
        if not any(begins(label, title) for label in seen.buttons):
            found.append(f"no button {title!r}")
    if turn.get("sources") and not (DATE.search(seen.text) and (seen.sources is None or seen.sources)):
        found.append("no dated source")
    if seen.outcome is not None and seen.outcome != turn.get("outcome", seen.outcome):
        found.append(f"outcome {seen.outcome}, not {turn['outcome']}")
    found += filed(turn, seen) if "file" in turn else []
    for name, pattern in turn.get("keeps", {}).items():
        found += same(name, pattern, seen, kept)
    return [fault + shown for fault in found]


def filed(turn: dict[str, Any], seen: Seen) -> list[str]:
    """Returns what is wrong with the PDF a turn must bring."""
    papers = [content for name, content in seen.files if name.endswith(".pdf")]
    if not papers:
        return [f"no PDF came: {[name for name, _ in seen.files]}"]
    if not all(content.startswith(b"%PDF") for content in papers):
        return ["a file named .pdf is none"]
    text = "".join(printed(content) for content in papers)
    return [f"{said!r} is not in the PDF" for said in turn["file"] if bare(said) not in text]


def printed(content: bytes) -> str:
    """Returns the words of a PDF that Naru made, without white space."""
    return bare("".join(line for page in read(content).pages for line in page))


def same(name: str, pattern: str, seen: Seen, kept: dict[str, str]) -> list[str]:
    """Looks for what chance decides, in words, file names and papers; it must be as it was before."""
    papers = " ".join(f"{file} {printed(content)}" for file, content in seen.files if content.startswith(b"%PDF"))
    numbers = set(re.findall(rf"(?<![0-9A-Z-]){pattern}(?![0-9A-Z-])", f"{seen.text} {papers}"))
    if not numbers:
        return [f"no {name} of the form {pattern}"]
    if kept.setdefault(name, sorted(numbers)[0]) not in numbers:
        return [f"{name} is {sorted(numbers)}, but was {kept[name]}"]
    return []


def figures(seen: Seen, kept: dict[str, str], own: Iterable[re.Pattern[str]] = ()) -> set[str]:
    """Returns every figure a person saw: sums, shares, codes, dates, counts.

    Left out are addresses of pages, what chance decided, times of day, which are those of each conversation, and what
    the channel says of itself (``own``).
    """
    words = ADDRESS.sub(" ", "\n".join((seen.text, *seen.buttons)))
    for number in kept.values():
        words = words.replace(number, " ")
    for pattern in (CLOCK, *own):
        words = pattern.sub(" ", words)
    return set(FIGURE.findall(words))


def cited(seen: Seen, known: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Returns which of some sources (title and date) a person saw."""
    words = bare(ADDRESS.sub(" ", seen.text))
    return {(title, date) for title, date in known if bare(title) in words and date in words}


def differences(told: Script, web: Story, other: Story, own: Iterable[re.Pattern[str]]) -> list[str]:
    """Returns where a channel showed other figures or sources than the website did in the same turn."""
    known = {source for seen in web.seen for source in seen.sources or ()}
    own, found, typed = tuple(own), [], False
    for number, (turn, here, there) in enumerate(zip(told.turns, web.seen, other.seen, strict=False), 1):
        typed = typed or there.replaced
        if turn.get("person") or there.replaced:
            continue
        added = set(turn.get("typed_adds", ())) if typed else set()
        for what, one, two in (
            ("figures", figures(here, web.kept), figures(there, other.kept, own) - added),
            ("sources", cited(here, known), cited(there, known)),
        ):
            if one != two:
                lost = [f"lost {each}: {_lines(each, here)}" for each in sorted(one - two)]
                new = [f"of its own {each}: {_lines(each, there)}" for each in sorted(two - one)]
                found.append("\n  ".join([f"turn {number} {action(turn)!r}: {what}", *lost, *new]))
    return found


def _lines(what: object, seen: Seen) -> list[str]:
    """Returns the lines in which something was seen."""
    wanted = what[0] if isinstance(what, tuple) else str(what)
    return [line for line in (*seen.text.splitlines(), *seen.buttons) if wanted in line][:3]
