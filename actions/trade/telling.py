"""Tells the result of an interview: the verdict on origin with its reasons, or the duty."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import format_currency

from actions.reply import Card, Choice, Outcome, Reply, SourceNote
from actions.talk import Talk, payload
from actions.trade.agreements import AskAgreements, country_name, has_rules, reaching
from actions.trade.case import Case
from actions.trade.citing import agreements, note, once, pack_folder, record_of, told_note
from actions.trade.storing import find, keep
from knowledge.origin.evidence import evidence
from knowledge.origin.simulate import simulate
from knowledge.tariffs import wording
from knowledge.tariffs.estimate import DutyEstimate, estimate
from knowledge.tariffs.question import InputError

NOT_TOLD = frozenset({"unknown_field"})
"""Warnings about the form of the input, which the interview makes itself."""

CAVEATS_AT_MOST = 5


def tell_case(talk: Talk, case: Case) -> None:
    """Answers with what the case comes to."""
    if case.agreement is None or (case.goal == "origin" and not has_rules(agreements().get(case.agreement))):
        _cannot(talk, case)
    elif case.goal == "duty":
        tell_duty(talk, case)
    else:
        tell_origin(talk, case)


def _cannot(talk: Talk, case: Case) -> None:
    """Says that nothing can be weighed for the country, and shows what is known of its agreements."""
    country = case.country or ""
    if reaching(country):
        name = country_name(country, talk)
        talk.reply(Reply(text=talk.say("result_no_rules", country=name)), Outcome.NOT_IN_KNOWLEDGE)
    talk.remember(country=country)
    AskAgreements().respond(talk)


def tell_origin(talk: Talk, case: Case) -> None:
    """Tells the verdict, what is missing, what would change it, and every step with its reason and article."""
    data = case.simulation(talk.say("material_domestic"), talk.say("material_unknown"))
    result = simulate(data, pack_folder(), talk.language)
    if result["verdict"] == "input_error":
        faults = [fault["text"] for fault in result["errors"]]
        text = "\n".join([talk.say("result_input_error"), *faults])
        talk.reply(Reply(text=text, choices=_again(talk)), Outcome.NEEDS_INPUT)
        return
    number = keep(talk.conversation_id, case, data, result)
    agreement = agreements().get(case.agreement or "")
    record = record_of(agreement)
    lines = [
        *_changed(talk, case, result),
        talk.say(f"result_{result['verdict']}", agreement=agreement.name[talk.language]),
        *_rule(talk, result),
        *_share(talk, result),
        *_saving(talk, result),
        *_listed(talk, "result_missing", result["missing"]),
        *_listed(talk, "result_changes", result["changes"]),
        talk.say("result_simulation", number=number),
    ]
    reply = Reply(
        text="\n".join(lines),
        card=_steps(talk, result),
        choices=_what_next(talk, case, number),
        sources=once(_sources(result, record)),
    )
    talk.reply(reply, Outcome.ANSWERED, (record,))
    _warn(talk, result, record)
    _evidence(talk, data, result, record)
    kept = case.told(before=number, changed=())
    talk.remember(case=kept.model_dump(), paper={"kind": "simulation", "number": number})


def _changed(talk: Talk, case: Case, result: dict[str, Any]) -> list[str]:
    """Returns what was changed, and how the verdict stood before."""
    if not case.changed:
        return []
    lines = [talk.say("changed_heading", what=", ".join(case.changed))]
    before = find(case.before, talk.conversation_id) if case.before else None
    if before is None:
        return lines
    then, now = (talk.say(f"verdict_short_{each['verdict']}") for each in (before.result, result))
    lines.append(talk.say("changed_same" if then == now else "changed_other", before=then, now=now))
    old, new = (_percent(each) for each in (before.result, result))
    if old and new and old != new:
        lines.append(talk.say("changed_share", before=old, now=new))
    return lines


def _percent(result: dict[str, Any]) -> str | None:
    share = result["rvc"]
    return f"{share['value']}%" if share and share.get("value") is not None else None


def _share(talk: Talk, result: dict[str, Any]) -> list[str]:
    """Returns the value content beside its limit."""
    value, share = _percent(result), result["rvc"]
    if value is None:
        return []
    key = "result_share_most" if share["method"] == "max_nom" else "result_share_least"
    return [talk.say(key, value=value, threshold=f"{share['threshold']}%")]


def _saving(talk: Talk, result: dict[str, Any]) -> list[str]:
    """Returns what the agreement saves in duty on the price told, and against which rate that is."""
    told = result["saving"]
    if not told or not told["saving"] or not told["saving"]["high"]:
        return []
    low, high = (
        format_currency(told["saving"][end], told["saving"]["currency"], locale=talk.language)
        for end in ("low", "high")
    )
    key = "result_saving" if told["saving_against"] == "today" else "result_saving_old"
    return [talk.say(key, sum=low if low == high else f"{low}–{high}", year=told["year"])]


def _what_next(talk: Talk, case: Case, number: str) -> tuple[Choice, ...]:
    return (
        talk.choice("button_paper", payload("get_paper", value=number)),
        talk.choice("button_change", payload("change_case")),
        talk.choice("button_compare_agreements", payload("compare_agreements", **_again_with(case))),
        talk.choice("button_duty", payload("ask_duty", **_again_with(case))),
        *_again(talk),
    )


def _rule(talk: Talk, result: dict[str, Any]) -> list[str]:
    rule = result["rule"]
    if not rule:
        return []
    return [talk.say("result_rule", rule=rule["plain"] or rule["words"])]


def _listed(talk: Talk, heading: str, entries: list[dict[str, Any]]) -> list[str]:
    if not entries:
        return []
    return [talk.say(heading), *(f"· {entry['text']}" for entry in entries)]


def _steps(talk: Talk, result: dict[str, Any]) -> Card:
    rows = tuple((step["title"], talk.say(f"verdict_{step['verdict']}"), step["reason"]) for step in result["steps"])
    columns = tuple(talk.say("columns_steps").split("|"))
    return Card(kind="table", title=talk.say("result_steps"), columns=columns, rows=rows)


def _sources(result: dict[str, Any], record: str) -> list[SourceNote]:
    told = [result["rule"]["source"]] if result["rule"] else []
    told += [step["source"] for step in result["steps"]]
    return [told_note(source, record) for source in told if source]


def _warn(talk: Talk, result: dict[str, Any], record: str) -> None:
    """Adds the warnings and how origin is proved, in a second bubble."""
    warnings = [f"· {warning['text']}" for warning in result["warnings"] if warning["id"] not in NOT_TOLD]
    proof = [value for value in result["proof"].values() if isinstance(value, dict) and value.get("text")]
    rows = tuple((fact["text"],) for fact in proof)
    if not warnings and not rows:
        return
    card = Card(kind="list", title=talk.say("card_proof"), rows=rows) if rows else None
    notes = once(told_note(fact["source"], record) for fact in proof if fact.get("source"))
    talk.reply(Reply(text="\n".join(warnings) or None, card=card, sources=notes), Outcome.ANSWERED, (record,))


def _evidence(talk: Talk, data: dict[str, Any], result: dict[str, Any], record: str) -> None:
    """Names the papers that support this result, where the product qualifies; the paper has the law's whole list."""
    if result["verdict"] != "qualifies":
        return
    kept = [each for each in evidence(result, data, pack_folder()) if each.who == "case"]
    rows = tuple((each.text[talk.language],) for each in kept)
    notes = once(note(each.source, record, talk.language) for each in kept)
    card = Card(kind="list", title=talk.say("card_evidence"), rows=rows)
    if rows:
        talk.reply(Reply(text=talk.say("result_evidence"), card=card, sources=notes), Outcome.ANSWERED, (record,))


def tell_duty(talk: Talk, case: Case) -> None:
    """Tells the duty without and with the agreement; without a sum, on a hundred of the currency."""
    found = duty_of(case)
    record = record_of(agreements().get(case.agreement or ""))
    if found is None or found.status == "no_data":
        text = wording.look_up(found, talk.language) if found else talk.say("result_no_duty")
        talk.reply(
            Reply(text="\n".join([talk.say("result_no_duty"), text]) if found else text), Outcome.NOT_IN_KNOWLEDGE
        )
        return
    caveats = wording.caveats(found, talk.language)[:CAVEATS_AT_MOST]
    lines = [*wording.summary(found, talk.language), *(f"· {text}" for _, text, _ in caveats)]
    lines.append(wording.look_up(found, talk.language))
    notes = [note(source, record, talk.language) for source in found.sources]
    notes += [note(source, record, talk.language) for _, _, source in caveats if source]
    choices = (talk.choice("button_origin", payload("ask_origin", **_again_with(case))),)
    talk.reply(Reply(text="\n".join(lines), choices=choices, sources=once(notes)), Outcome.ANSWERED, (record,))


def duty_of(case: Case) -> DutyEstimate | None:
    """Returns the duty on what the case tells, or None where the tariff can't be asked."""
    try:
        value = Decimal(case.amount or "100")
        return estimate(case.agreement or "", case.hs or "", str(value), case.currency or "USD")
    except InputError:
        return None


def _again_with(case: Case) -> dict[str, str]:
    known = {"country": case.country, "hs_code": case.hs}
    return {name: value for name, value in known.items() if value}


def _again(talk: Talk) -> tuple[Choice, ...]:
    return (talk.choice("button_again", payload("ask_origin")),)
