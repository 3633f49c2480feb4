"""One thing told before is changed: "단가가 1,500원이면?", "make the fabric Korean", "홍콩 거쳐서 가면?"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from rapidfuzz import fuzz

from actions.talk import Talk
from actions.trade.agreements import country_name, has_rules, reaching
from actions.trade.answers import Money, money, price_term
from actions.trade.case import Case, Piece
from actions.trade.citing import agreements
from actions.trade.product import product_words
from knowledge.tariffs.exchange import reference

_VIA = re.compile(r"거쳐|거치|경유|환적|갈아타|들러|들렀|\bvia\b|through|transship", re.IGNORECASE)
_STRAIGHT = re.compile(r"직항|바로\s*(?:보내|가)|직접\s*(?:보내|운송)|directly|straight", re.IGNORECASE)
_KOREAN_MADE = re.compile(
    r"(?<!중)국산|한국산|국내산|우리나라\s*것|korean|domestic|from korea|originating", re.IGNORECASE
)
_FOREIGN_MADE = re.compile(
    r"중국산|수입산|외국산|베트남산|일본산|미국산|비원산지|수입으로|수입해|imported|foreign|chinese", re.IGNORECASE
)
_AWAY = re.compile(r"빼|없애|안\s*쓰|안\s*넣|제외|삭제|without|remove|drop|leave out", re.IGNORECASE)
_ADDED = re.compile(r"추가|더\s*넣|넣으면|더하|add\b|adding", re.IGNORECASE)
_NAME_ALIKE = 82
"""Likeness (0 to 100) from which words name a material told before, a slip of the hand included."""

_PRICE = re.compile(
    r"단가|가격|값|판매가|물건값|수출가|제품가|얼마에|팔면|받으면|price|sell|charge|\bEXW\b|\bFOB\b|\bCIF\b",
    re.IGNORECASE,
)
_CENTS = Decimal("0.01")


@dataclass(frozen=True)
class Changed:
    """The case after a change, and what was changed in the person's language."""

    case: Case
    told: tuple[str, ...]


def change(case: Case, talk: Talk) -> Changed | None:
    """Returns the case with what the message changes, or None where it names nothing that can be changed."""
    for reading in (_agreement, _route, _code, _material, _price, _country):
        changed = reading(case, talk)
        if changed is not None:
            return changed
    return None


def _agreement(case: Case, talk: Talk) -> Changed | None:
    named = talk.entity("agreement")
    known = {each.id: each for each in agreements().all()}
    if named not in known or named == case.agreement or not has_rules(known[named]):
        return None
    name = known[named].name[talk.language]
    return Changed(case.told(agreement=named, processes={}), (talk.say("changed_agreement", name=name),))


def _route(case: Case, talk: Talk) -> Changed | None:
    if _VIA.search(talk.question):
        place = talk.entity("country")
        via = [place] if place and place != case.country else []
        told = case.told(direct="no", control=None, more={**case.more, "via": via})
        where = country_name(place, talk) if place else talk.say("another_country")
        return Changed(told, (talk.say("changed_via", place=where),))
    if _STRAIGHT.search(talk.question):
        told = case.told(direct="yes", control=None, more={**case.more, "via": []})
        return Changed(told, (talk.say("changed_direct"),))
    return None


def _material(case: Case, talk: Talk) -> Changed | None:
    piece = _named(case, talk.question)
    if piece is None:
        return _new_material(case, talk)
    if _AWAY.search(talk.question):
        kept = tuple(each for each in case.materials if each != piece)
        return Changed(case.told(materials=kept), (talk.say("changed_removed", name=piece.name),))
    update: dict[str, object] = {}
    told = []
    value = _in_own_money(case, money(talk.question.replace(piece.name, " ")), talk)
    if value is not None:
        update["value"], said = value
        told.append(talk.say("changed_value", name=piece.name, value=said))
    if _KOREAN_MADE.search(talk.question):
        update |= {"originating": True, "origin": "KR"}
        told.append(talk.say("changed_korean", name=piece.name))
    elif _FOREIGN_MADE.search(talk.question):
        update |= {"originating": False, "origin": None}
        told.append(talk.say("changed_foreign", name=piece.name))
    if not told:
        return None
    other = piece.model_copy(update=update)
    return Changed(case.told(materials=tuple(other if x == piece else x for x in case.materials)), tuple(told))


def _new_material(case: Case, talk: Talk) -> Changed | None:
    found, added = money(talk.question), _ADDED.search(talk.question)
    if not case.materials_done or found is None or added is None:
        return None
    name = talk.question[: min(found.start, added.start())].strip(" ,.을를이가은는도")
    value = _in_own_money(case, found, talk)
    if not name or value is None:
        return None
    piece = Piece(name=name[:80], value=value[0])
    told = talk.say("changed_added", name=piece.name, value=value[1])
    return Changed(case.told(materials=(*case.materials, piece)), (told,))


def _named(case: Case, said: str) -> Piece | None:
    """Returns the material the words name: the longest name that stands in them, or nearly does."""
    spaced = said.replace(" ", "").lower()
    inside = [each for each in case.materials if each.name.replace(" ", "").lower() in spaced]
    if inside:
        return max(inside, key=lambda each: len(each.name))
    near = [
        (fuzz.partial_ratio(each.name.lower(), said.lower()), each) for each in case.materials if len(each.name) > 2
    ]
    score, piece = max(near, key=lambda pair: pair[0], default=(0, None))
    return piece if score >= _NAME_ALIKE else None


def _price(case: Case, talk: Talk) -> Changed | None:
    found, term = money(talk.question), price_term(talk.question)
    if found is None and term is None:
        return None
    if found is None:
        if term == case.basis:
            return None
        return Changed(case.told(basis=term), (talk.say("changed_basis", basis=term),))
    if found.amount <= 0 or not (_PRICE.search(talk.question) or _only_a_sum(case, talk)):
        return None
    currency = found.currency or case.currency or "USD"
    if not any(piece.value for piece in case.materials) and currency != case.currency:
        told = case.told(amount=str(found.amount), currency=currency, basis=term or case.basis)
        return Changed(told, (talk.say("changed_price", price=f"{found.amount:,} {currency}"),))
    value = _in_own_money(case, found, talk)
    if value is None:
        return None
    told = case.told(amount=value[0], currency=case.currency or currency, basis=term or case.basis)
    return Changed(told, (talk.say("changed_price", price=value[1]),))


def _only_a_sum(case: Case, talk: Talk) -> bool:
    """Tells whether a sum stands alone, so that it can only be the price: "12달러면?", but not "팜유가 3달러면?"."""
    return (talk.intent == "change_case" or not case.materials) and product_words(talk) is None


def _country(case: Case, talk: Talk) -> Changed | None:
    country = talk.entity("country")
    if country is None or country == case.country:
        return None
    usable = [agreement for agreement in reaching(country) if has_rules(agreement)]
    named = usable[0].id if len(usable) == 1 else None
    told = case.told(country=country, agreement=named, processes={}, direct=None, control=None)
    return Changed(told, (talk.say("changed_country", country=country_name(country, talk)),))


def _code(case: Case, talk: Talk) -> Changed | None:
    code = re.sub(r"\D", "", talk.entity("hs_code") or "")[:6]
    if len(code) != 6 or code == case.hs:
        return None
    return Changed(case.told(hs=code, processes={}), (talk.say("changed_code", code=f"{code[:4]}.{code[4:]}"),))


def _in_own_money(case: Case, found: Money | None, talk: Talk) -> tuple[str, str] | None:
    """Returns a sum in the money of the case, and how it is told; other money is changed at the reference rate."""
    if found is None or found.amount < 0:
        return None
    own = case.currency or found.currency or "USD"
    if found.currency in (None, own):
        return str(found.amount), f"{found.amount:,} {own}"
    theirs, ours = reference(found.currency or ""), reference(own)
    if theirs is None or ours is None:
        return None
    amount = (found.amount * theirs.won / ours.won).quantize(_CENTS, ROUND_HALF_UP)
    day = max(each.as_of for each in (theirs, ours) if each.as_of)
    said = talk.say(
        "changed_money", said=f"{found.amount:,} {found.currency}", own=f"{amount:,} {own}", day=day.isoformat()
    )
    return str(amount), said
