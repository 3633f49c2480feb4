"""The proof of origin of a shipment: one row for each agreement that reaches the country of destination."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from knowledge.guides.answer import Told
from knowledge.guides.place import Place, Words
from knowledge.guides.row import Row
from knowledge.origin.agreement import Agreement, Agreements, agreements_of
from knowledge.record import LANGUAGES

EUROPE = "EU"
"""What "Europe" stands for: no country, but one agreement covers all its members."""
UNCONFIRMED = "not_known_to_be_in_force"
"""Value of an agreement's note where the pack can't say that it applies."""
_MAKERS = {
    "authority": ("customs", "chamber"),
    "self": ("exporter",),
    "either": ("customs", "chamber", "exporter"),
    "approved_exporter": ("exporter",),
}
_ORDINARY = (
    Place(of="law-foreign-trade-act", locator="제37조"),
    Place(of="law-foreign-trade-act-decree", locator="제66조·제91조제10항"),
)


def origin_rows(told: Told, folder: Path, words: Mapping[str, Any]) -> list[Row]:
    """Returns the rows on origin: an open one where no country was told, else one for each agreement, or the
    ordinary certificate where there is none."""
    said, country = words["origin"], told.answers["destination"]
    if country is None:
        field = words["fields"]["destination"]
        condition = {language: words["open"][language].format(fields=field[language]) for language in LANGUAGES}
        return [_open(said, condition)]
    found = _reaching(agreements_of(folder), country)
    if not found:
        return [_ordinary(said)]
    return [_of_agreement(agreement, said) for agreement in found]


def _reaching(agreements: Agreements, country: str) -> list[Agreement]:
    return [agreements.get("KR-EU")] if country == EUROPE else agreements.reaching(country)


def _of_agreement(agreement: Agreement, said: Mapping[str, Any]) -> Row:
    by = agreement.proof.by if agreement.proof else "either"
    unconfirmed = any(note.value == UNCONFIRMED for note in agreement.notes)
    parts: list[Words] = [said["condition"]]
    if agreement.proof:
        parts.insert(0, agreement.proof.who.text)
    if unconfirmed:
        parts.append(said["unconfirmed"])
    return Row(
        id=f"origin-{agreement.id}",
        name={tongue: said["name"][tongue].format(agreement=agreement.name[tongue]) for tongue in LANGUAGES},
        record="term.proof-of-origin",
        makers=_MAKERS[by],
        why=said["why"],
        stage=said["stage"]["self" if by in ("self", "approved_exporter") else "authority"],
        need="if_asked",
        condition={tongue: " ".join(part[tongue] for part in parts) for tongue in LANGUAGES},
        agreement_places=(agreement.proof.who.source,) if agreement.proof else (),
    )


def _ordinary(said: Mapping[str, Any]) -> Row:
    return Row(
        id="origin-ordinary",
        name=said["ordinary"],
        record="term.nonpreferential-co",
        makers=("chamber",),
        why=said["ordinary_why"],
        stage=said["ordinary_stage"],
        need="if_asked",
        condition=said["none"],
        places=_ORDINARY,
    )


def _open(said: Mapping[str, Any], condition: Words) -> Row:
    return Row(
        id="origin",
        name=said["open"],
        record="term.proof-of-origin",
        makers=_MAKERS["either"],
        why=said["why"],
        stage=said["stage"]["authority"],
        need="open",
        condition=condition,
        places=(Place(of="law-fta-customs-act", locator="제10조제2항"),),
    )
