"""Says which agreements there are with a country, how origin is proved under each, and which go further."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale

from actions.reply import Card, Choice, Outcome, Reply, SourceNote
from actions.step import Step
from actions.talk import Talk, payload
from actions.trade.citing import agreements, note, once, record_of
from knowledge.language.pointing import points_back
from knowledge.origin.agreement import Agreement, Fact

EUROPE = "EU"
"""What "Europe" stands for: no country, but one agreement covers all its members."""


class AskAgreements(Step):
    """Answers "is there an FTA with …?"."""

    action = "action_agreements"

    def respond(self, talk: Talk) -> None:
        """Answers for the country or agreement named, for the one spoken of, or for all."""
        named = talk.entity("agreement")
        country = talk.entity("country") or (talk.slot("country") if points_back(talk.question) else None)
        if named and names_agreement(talk):
            self._one(talk, agreements().get(named))
        elif country:
            talk.remember(country=country)
            self._country(talk, country)
        else:
            self._all(talk)

    def _country(self, talk: Talk, country: str) -> None:
        found = reaching(country)
        name = country_name(country, talk)
        if not found:
            text = talk.say("no_agreement", country=name)
            talk.reply(
                Reply(text=text, choices=(talk.choice("button_all_agreements", payload("ask_agreements")),)),
                Outcome.NOT_IN_KNOWLEDGE,
            )
            return
        key = "agreements_one" if len(found) == 1 else "agreements_several"
        lines = [talk.say(key, country=name, count=len(found)), *doubts(talk, found)]
        if len(found) > 1:
            lines.append(talk.say("agreements_choose"))
        reply = Reply(
            text="\n".join(lines),
            card=self._table(talk, found),
            choices=self._next(talk, country, found),
            sources=once(each for agreement in found for each in proof_notes(talk, agreement)),
        )
        talk.reply(reply, Outcome.ANSWERED, tuple(map(record_of, found)))

    def _one(self, talk: Talk, agreement: Agreement) -> None:
        facts = proof_facts(agreement)
        lines = [agreement.name[talk.language], *doubts(talk, [agreement])]
        if agreement.in_force:
            lines.append(talk.say("agreement_since", date=agreement.in_force.isoformat()))
        rows = tuple((fact.text[talk.language],) for fact in facts)
        reply = Reply(
            text="\n".join(lines),
            card=Card(kind="list", title=talk.say("card_proof"), rows=rows) if rows else None,
            choices=(talk.choice("button_origin", payload("ask_origin", agreement=agreement.id)),),
            sources=once(proof_notes(talk, agreement, facts)),
        )
        talk.reply(reply, Outcome.ANSWERED, (record_of(agreement),))

    def _all(self, talk: Talk) -> None:
        found = agreements().all()
        rows = tuple(
            (
                agreement.name[talk.language],
                agreement.in_force.isoformat() if agreement.in_force else talk.say("date_unknown"),
            )
            for agreement in found
        )
        columns = tuple(talk.say("columns_agreements_all").split("|"))
        card = Card(kind="table", title=talk.say("card_agreements"), columns=columns, rows=rows)
        sources = once(each for agreement in found for each in proof_notes(talk, agreement))
        text = talk.say("agreements_all", count=len(found))
        talk.reply(Reply(text=text, card=card, sources=sources[:3]), Outcome.NEEDS_INPUT, ("agreement.all",))

    def _table(self, talk: Talk, found: Iterable[Agreement]) -> Card:
        rows = []
        for agreement in found:
            proof = agreement.proof
            who = proof.who.text[talk.language] if proof else talk.say("not_in_data")
            valid = proof.validity_months.text[talk.language] if proof and proof.validity_months else ""
            rules = talk.say("rules_here" if has_rules(agreement) else "rules_not_here")
            rows.append((agreement.name[talk.language], f"{who} {valid}".strip(), rules))
        columns = tuple(talk.say("columns_agreements").split("|"))
        return Card(kind="table", title=talk.say("card_agreements"), columns=columns, rows=tuple(rows))

    def _next(self, talk: Talk, country: str, found: Iterable[Agreement]) -> tuple[Choice, ...]:
        choices = []
        if any(has_rules(agreement) for agreement in found):
            choices.append(talk.choice("button_origin", payload("ask_origin", country=country)))
        choices.append(talk.choice("button_duty", payload("ask_duty", country=country)))
        return tuple(choices)


def reaching(country: str) -> list[Agreement]:
    """Returns the agreements with a country; ``EU`` stands for all its members."""
    if country == EUROPE:
        return [agreements().get("KR-EU")]
    return agreements().reaching(country)


def partner_of(agreement: str | None) -> str | None:
    """Returns the only partner of an agreement, if it has just one; the Union counts as one."""
    known = {each.id: each for each in agreements().all()}
    if agreement not in known:
        return None
    parties = known[agreement].parties
    return EUROPE if agreement == "KR-EU" else parties[0] if len(parties) == 1 else None


def has_rules(agreement: Agreement) -> bool:
    """Tells whether the product rules of an agreement are in the pack, its own or those it is inferred from."""
    return agreement.rules or agreement.inferred_from is not None


def country_name(country: str, talk: Talk) -> str:
    """Returns a country's name in the person's language (Unicode CLDR)."""
    return str(Locale(talk.language).territories.get(country, country))


def doubts(talk: Talk, found: Iterable[Agreement]) -> list[str]:
    """Returns what is not certain of the agreements: not known to be in force, or rules inferred from another."""
    lines = []
    for agreement in found:
        if agreement.in_force is None:
            lines += [fact.text[talk.language] for fact in agreement.notes[:1]]
        if agreement.inferred_note:
            lines.append(agreement.inferred_note[talk.language])
    return lines


def proof_facts(agreement: Agreement) -> list[Fact]:
    """Returns what is known of the proof of origin, in the order a person needs it."""
    proof = agreement.proof
    if proof is None:
        return []
    parts = (
        proof.who,
        proof.issuers,
        proof.form,
        proof.threshold,
        proof.validity_months,
        proof.retroactive,
        proof.non_party_invoicing,
        proof.retention_years,
    )
    return [part for part in parts if part]


def proof_notes(talk: Talk, agreement: Agreement, facts: Iterable[Fact] = ()) -> list[SourceNote]:
    """Returns the sources of the facts given, or of who proves origin and for how long."""
    proof = agreement.proof
    chosen = list(facts) or [part for part in (proof and proof.who, proof and proof.validity_months) if part]
    found = [note(agreements().source(fact.source), record_of(agreement), talk.language) for fact in chosen]
    if agreement.in_force_source:
        found.append(note(agreements().source(agreement.in_force_source), record_of(agreement), talk.language))
    return found


def names_agreement(talk: Talk) -> bool:
    """Tells whether the message names one of the agreements known."""
    named = talk.entity("agreement")
    return named is not None and any(agreement.id == named for agreement in agreements().all())
