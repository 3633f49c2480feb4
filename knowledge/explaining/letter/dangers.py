"""Finds conditions of a letter of credit that are dangerous for the seller: soft clauses and what dates come to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.explaining.letter.papers import items
from knowledge.explaining.letter.reading import Letter
from knowledge.explaining.pack import DangerKind

LEVELS = ("high", "medium", "low")
SHORT_DAYS = 10
"""Days after shipment from which on the time for papers is no longer called short."""
TIGHT_DAYS = 7
"""Days between latest shipment and expiry from which on they are no longer called close."""
LONG_CLAUSE = 300
"""Letters beyond which an item is weighed sentence by sentence."""

_HOME = re.compile(
    r"\bkorea|\bseoul|\bbusan|\bpusan|\binch?eon|\bdaegu|\bdaejeon|\bgwangju|\bulsan|한국|대한민국|서울|부산|인천"
    r"|beneficiary|negotiating\s+bank|nominated\s+bank|advising\s+bank|수익자|통지은행|매입은행",
    re.IGNORECASE,
)
_ISSUER = re.compile(r"issuing\s+bank|opening\s+bank|\bour\s+counters?|개설은행|발행은행", re.IGNORECASE)
_FORBIDDEN = re.compile(r"not\s*allowed|prohibited|not\s*permitted|forbidden|\bno\b|금지|불허|불가", re.IGNORECASE)
_RULES = re.compile(r"\be?ucp|\buniform\s+customs|\bisp\b|\bisp98|통일\s*규칙", re.IGNORECASE)
_COMPANY = re.compile(r"\b(?:co|ltd|inc|corp|limited|company|gmbh|llc|pte|sdn|bhd|jsc)\b\.?|[.,]", re.IGNORECASE)


@dataclass(frozen=True)
class Danger:
    """A dangerous condition, the words it stands in (None where it follows from several), and values for the text."""

    kind: DangerKind
    quote: str | None = None
    tag: str | None = None
    values: dict[str, str] = field(default_factory=dict)


def dangers(letter: Letter) -> tuple[Danger, ...]:
    """Returns the dangers, worst first, each once."""
    found: dict[str, Danger] = {}
    for danger in (*_written(letter), *_reasoned(letter)):
        found.setdefault(danger.kind.id, danger)
    return tuple(sorted(found.values(), key=lambda danger: LEVELS.index(danger.kind.level)))


def _written(letter: Letter) -> Iterator[Danger]:
    kinds = [kind for kind in letter.words.dangers.values() if kind.written]
    for each in letter.fields:
        for clause in _clauses(each.content):
            for kind in kinds:
                if (not kind.fields or each.tag in kind.fields) and _says(kind, _applicant_named(letter, clause)):
                    yield Danger(kind, clause, each.tag)


def _says(kind: DangerKind, clause: str) -> bool:
    if kind.unless and kind.unless.search(clause) or kind.needs and not kind.needs.search(clause):
        return False
    return any(pattern.search(clause) for pattern in kind.written)


def _clauses(content: str) -> Iterator[str]:
    for item in items(content):
        yield from re.split(r"(?<=[.;])\s+", item) if len(item) > LONG_CLAUSE else (item,)


def _applicant_named(letter: Letter, clause: str) -> str:
    """Puts "APPLICANT" where the buyer stands by name, so that conditions are found either way."""
    name = letter.party("50")
    core = re.sub(r"\s+", " ", _COMPANY.sub(" ", name or "")).strip()
    if len(core) < 5:
        return clause
    spelt = r"\W+".join(map(re.escape, core.split()))
    return re.sub(
        rf"\b{spelt}\b(?:\W+(?:co|ltd|inc|corp|limited|company)\b\.?)*", "APPLICANT", clause, flags=re.IGNORECASE
    )


def _reasoned(letter: Letter) -> Iterator[Danger]:
    yield from _kinds_of_credit(letter)
    yield from _places(letter)
    yield from _times(letter)
    for tag, name in (("43P", "partial_forbidden"), ("43T", "transhipment_forbidden")):
        if _FORBIDDEN.search(letter.get(tag) or ""):
            yield _danger(letter, name, tag)


def _kinds_of_credit(letter: Letter) -> Iterator[Danger]:
    form = letter.line("40A", "40B") or ""
    if re.search(r"(?<!ir)(?<!ir )revocable|취소\s*가능", form, re.IGNORECASE):
        yield _danger(letter, "revocable", "40A")
    if re.search(r"\bwithout\b|무확인", letter.get("49") or "", re.IGNORECASE):
        yield _danger(letter, "unconfirmed", "49")
    if re.search(r"\b(?:applicant|buyer|accountee)\b|개설의뢰인|바이어", letter.get("42A", "42D") or "", re.IGNORECASE):
        yield _danger(letter, "draft_on_applicant", "42A", "42D")
    if not letter.is_amendment and not _RULES.search(letter.text):
        yield Danger(letter.words.dangers["no_ucp"])


def _places(letter: Letter) -> Iterator[Danger]:
    place = letter.expiry_place
    if place is None or letter.is_amendment and letter.get("31D") is None:
        return
    if _ISSUER.search(place):
        yield _danger(letter, "expiry_at_issuing_bank", "31D")
    elif not _HOME.search(place):
        yield _danger(letter, "expiry_abroad", "31D", place=place)


def _times(letter: Letter) -> Iterator[Danger]:
    stated = letter.stated_period
    if stated and stated[0] and stated[0].days < SHORT_DAYS:
        days = str(stated[0].days)
        yield Danger(letter.words.dangers["short_presentation"], stated[1], "48", {"days": days})
    ends = letter.expiry.value if letter.expiry else None
    shipment = letter.latest_shipment.value if letter.latest_shipment else None
    if ends and shipment and 0 <= (left := (ends - shipment).days) < TIGHT_DAYS:
        yield Danger(letter.words.dangers["tight_dates"], None, None, {"days": str(left)})


def _danger(letter: Letter, name: str, *tags: str, **values: str) -> Danger:
    tag = next((tag for tag in tags if letter.get(tag)), None)
    return Danger(letter.words.dangers[name], letter.line(*tags), tag, values)
