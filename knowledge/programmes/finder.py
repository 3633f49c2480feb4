"""Finds programmes for a firm: what it needs, what it meets, and what stands open, best first.

The score (0 to 1) is ``0.6 · need + 0.25 · conditions + 0.15 · specific``:

* need: how much the offer helps with what is needed (``needs.need_match``); 0 for all where nothing is asked;
* conditions: 1 where all are met; 0.5 and up to 0.4 more by the share already met where some are unknown; 0.3 where
  the firm can come to meet them; 0 where it cannot;
* specific: half for each condition met that tells the firm apart (women-owned, its industry, …) and each hint of whom
  the offer was made for, minus half for each hint against it; between 0 and 1.

Offers that do not help with what is needed are left out; offers that are not for the firm come last, whatever their
score. Equal scores keep the order of the pack, announcements of today first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from knowledge.programmes import telling
from knowledge.programmes.conditions import Truth, Weighed, can_come_to_meet, reasons, weigh
from knowledge.programmes.needs import Lookup, Needs, need_match, needs_of
from knowledge.programmes.offers import Offer, offer, offers_of, records_of
from knowledge.programmes.profile import FirmProfile
from knowledge.programmes.reading import words
from knowledge.record import Language
from knowledge.settings import settings

NEED, CONDITIONS, SPECIFIC = 0.6, 0.25, 0.15
"""What each part of the score counts."""


HELPS = 0.2
"""Need match below which an offer is left out."""


class Verdict(StrEnum):
    """Whether an offer is for the firm, by what is known."""

    FITS = "fits"
    FITS_IF = "fits_if"
    NOT_YET = "not_yet"
    NOT_FOR_YOU = "not_for_you"


@dataclass(frozen=True)
class Score:
    """How an offer ranks: the whole, and its three parts before weighing (each 0 to 1)."""

    total: float
    need: float
    conditions: float
    specific: float


@dataclass(frozen=True)
class Match:
    """An offer weighed for a firm, told in one language.

    Attributes:
        id: Record's id, or the announcement's.
        name: Its name.
        plain: What it is, in one to three sentences.
        verdict: Whether it is for the firm.
        verdict_text: The verdict in words.
        why: Sentences that say why.
        missing: What is unknown: ``condition``, ``text``, and ``field``, ``question``, ``choices`` to ask it.
        near: What would make it possible, for ``not_yet``.
        not_known: What no source here says, with whom to ask.
        gives: What one gets.
        cost: What it costs or covers, or None.
        period: When to apply, or None.
        documents: Papers asked for, or None.
        apply: How to apply, or None.
        ask: Whom to ask.
        website: Address, or None.
        note: Reminder that the sources are of the past, or None.
        sources: Title, locator, address, date and basis of each source.
        score: How it ranks.
    """

    id: str
    name: str
    plain: str
    verdict: Verdict
    verdict_text: str
    why: tuple[str, ...]
    missing: tuple[dict[str, Any], ...]
    near: tuple[str, ...]
    not_known: tuple[str, ...]
    gives: tuple[str, ...]
    cost: str | None
    period: str | None
    documents: tuple[str, ...] | None
    apply: str | None
    ask: str
    website: str | None
    note: str | None
    sources: tuple[dict[str, Any], ...]
    score: Score

    def document(self) -> dict[str, Any]:
        """Returns it as plain data, ready for JSON."""
        return asdict(self) | {"verdict": self.verdict.value}


def find(
    need: str | Iterable[str] | None = None,
    profile: FirmProfile | None = None,
    folder: Path | None = None,
    language: Language = "ko",
    top: int = 5,
    extra: Iterable[Offer] = (),
    lookup: Lookup | None = None,
) -> list[Match]:
    """Returns the offers that help a firm most, best first; none where the words mean no need.

    Args:
        need: Ids of obstacles or kinds of support, or words; None takes what the profile lets see, else everything.
        profile: What is known of the firm.
        folder: The pack's folder; the one of the settings if not given.
        language: Language of the answer and of ``need``.
        top: How many at most.
        extra: Further offers, such as announcements of today.
        lookup: Finds records for words; the built knowledge's search if not given.

    Raises:
        UnknownNeed: ``need`` names an obstacle or kind of support that does not exist.
        NotBuilt: Words were given and the knowledge is not built.
        PackError: The facts are malformed.
    """
    pack, known = folder or _pack(), profile or FirmProfile()
    records = records_of(pack)
    needs = needs_of(need, known, records, pack, language, lookup or search_records)
    offers = [*extra, *offers_of(pack).values()]
    ranked = [(each, verdict(each, known), score(each, known, needs, records)) for each in offers]
    helping = [entry for entry in ranked if entry[2].need >= HELPS or not needs.told]
    helping.sort(key=lambda entry: (entry[1] is Verdict.NOT_FOR_YOU, -entry[2].total))
    return [_told(each, known, found, points, language) for each, found, points in helping[:top]]


def show(
    programme: str, profile: FirmProfile | None = None, folder: Path | None = None, language: Language = "ko"
) -> Match:
    """Returns one programme weighed for a firm.

    Raises:
        UnknownProgramme: There are no facts for it.
    """
    pack, known = folder or _pack(), profile or FirmProfile()
    found = offer(programme, pack)
    return _told(found, known, verdict(found, known), score(found, known, Needs(), records_of(pack)), language)


def verdict(offered: Offer, profile: FirmProfile) -> Verdict:
    """Returns whether an offer is for the firm; an offer whose conditions are not known never simply fits."""
    if offered.who is None:
        return Verdict.FITS_IF
    match weigh(offered.who, profile):
        case Truth.MET:
            return Verdict.FITS
        case Truth.UNKNOWN:
            return Verdict.FITS_IF
        case _:
            return Verdict.NOT_YET if can_come_to_meet(offered.who, profile) else Verdict.NOT_FOR_YOU


def score(offered: Offer, profile: FirmProfile, needs: Needs, records: Mapping[str, Any]) -> Score:
    """Returns how an offer ranks for the firm; the module says by what rule."""
    weighed = weigh_all(offered, profile)
    found = verdict(offered, profile)
    met = sum(each.truth is Truth.MET for each in weighed)
    shares = {
        Verdict.FITS: 1.0,
        Verdict.FITS_IF: 0.5 + 0.4 * met / max(len(weighed), 1),
        Verdict.NOT_YET: 0.3,
        Verdict.NOT_FOR_YOU: 0.0,
    }
    telling_apart = sum(each.truth is Truth.MET and each.leaf.specific and not each.negated for each in weighed)
    hints = [leaf.test.weigh(profile) for leaf in offered.suits]
    hinted = hints.count(Truth.MET) - hints.count(Truth.NOT_MET)
    specific = min(1.0, max(0.0, 0.5 * (telling_apart + hinted)))
    helps = need_match(offered, needs, records)
    total = NEED * helps + CONDITIONS * shares[found] + SPECIFIC * specific
    return Score(round(total, 4), round(helps, 4), round(shares[found], 4), specific)


def weigh_all(offered: Offer, profile: FirmProfile) -> tuple[Weighed, ...]:
    """Returns the conditions that decided, each with its value."""
    return tuple(reasons(offered.who, profile)) if offered.who else ()


def search_records(text: str, language: Language, among: Sequence[str], top: int) -> list[tuple[str, float]]:
    """Finds records for words in the built knowledge.

    Raises:
        NotBuilt: `naru knowledge build` has not run.
    """
    from knowledge.shelf import shelf

    opened = shelf()
    kept = [name for name in among if name in opened.library.records]
    return [(hit.record, hit.score) for hit in opened.search.find(text, language, top=top, among=kept)]


def _told(offered: Offer, profile: FirmProfile, found: Verdict, points: Score, language: Language) -> Match:
    weighed = weigh_all(offered, profile)
    return Match(
        id=offered.id,
        name=offered.name[language],
        plain=offered.plain[language],
        verdict=found,
        verdict_text=str(words()["verdicts"][found.value][language]),
        why=telling.why(offered, weighed, language),
        missing=() if found is Verdict.NOT_FOR_YOU else telling.missing(weighed, language),
        near=telling.near(weighed, language) if found is Verdict.NOT_YET else (),
        not_known=telling.not_known(offered, language),
        gives=offered.gives[language],
        cost=offered.cost.text(language) if offered.cost else None,
        period=offered.period.text(language) if offered.period else None,
        documents=tuple(each.text(language) for each in offered.documents) if offered.documents else None,
        apply=offered.apply.text(language) if offered.apply else None,
        ask=telling.whom(offered, language),
        website=offered.website,
        note=telling.note(offered, language),
        sources=telling.sources(offered, language),
        score=points,
    )


def _pack() -> Path:
    return settings().packs_dir / settings().pack
