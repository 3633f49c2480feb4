"""Conditions with three values: the tables of Kleene's logic, and what unknown facts must never do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.pack import PackError
from knowledge.programmes.conditions import (
    AllOf,
    AnyOf,
    Leaf,
    Not,
    Truth,
    describe,
    known_conditions,
    leaves,
    parse,
    reasons,
    weigh,
)
from knowledge.programmes.finder import Verdict, verdict
from knowledge.programmes.offers import offers_of
from knowledge.programmes.profile import FirmProfile

PACK = Path(__file__).parents[3] / "knowledge" / "packs" / "korea"
KNOWN = known_conditions(PACK)
MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
NOBODY = FirmProfile()


def always(truth: Truth) -> Leaf:
    says = {part: part for part in ("label", "met", "not_met", "unknown")}
    return Leaf.model_validate({"id": truth.value, "test": {"always": truth.value}, "ko": says, "en": says})


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (MET, MET, MET, MET),
        (MET, UNKNOWN, UNKNOWN, MET),
        (MET, NOT_MET, NOT_MET, MET),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        (UNKNOWN, NOT_MET, NOT_MET, UNKNOWN),
        (NOT_MET, NOT_MET, NOT_MET, NOT_MET),
    ],
)
def test_all_and_any(one: Truth, other: Truth, both: Truth, either: Truth) -> None:
    for parts in ((always(one), always(other)), (always(other), always(one))):
        assert weigh(AllOf(parts), NOBODY) is both
        assert weigh(AnyOf(parts), NOBODY) is either


@pytest.mark.parametrize(("inside", "outside"), [(MET, NOT_MET), (NOT_MET, MET), (UNKNOWN, UNKNOWN)])
def test_not(inside: Truth, outside: Truth) -> None:
    assert weigh(Not(always(inside)), NOBODY) is outside


def test_any_tells_only_what_decided() -> None:
    condition = AnyOf((always(NOT_MET), always(MET), always(UNKNOWN)))
    assert [each.leaf.id for each in reasons(condition, NOBODY)] == ["met"]


def test_no_counterpart_is_told_as_its_opposite() -> None:
    (told,) = reasons(parse({"not": "military_goods"}, KNOWN), FirmProfile(military_goods=True))
    assert told.truth is NOT_MET
    assert told.sentence("en") == "It is not open to: military products."


def test_a_condition_describes_itself() -> None:
    condition = parse({"all": ["sme", {"any": ["startup", {"not": "women_owned"}]}]}, KNOWN)
    assert describe(condition, "en") == "a small or medium firm and (a start-up or not: a women-owned firm)"


@pytest.mark.parametrize(
    "written", ["nobody", {"all": []}, {"some": ["sme"]}, {"all": ["sme"], "any": ["sme"]}, 7, None]
)
def test_a_condition_written_otherwise_is_refused(written: Any) -> None:
    with pytest.raises(PackError):
        parse(written, KNOWN)


@pytest.mark.parametrize(
    "test",
    [
        {"field": "size"},
        {"field": "size", "one_of": ["small"], "at_most": 3},
        {"field": "shoe_size", "is": True},
        {"one_of": ["small"]},
        {"field": "size", "always": "met"},
    ],
)
def test_a_test_that_makes_no_sense_is_refused(test: dict[str, Any]) -> None:
    says = {part: part for part in ("label", "met", "not_met", "unknown")}
    with pytest.raises(ValidationError):
        Leaf.model_validate({"id": "x", "test": test, "ko": says, "en": says})


ASKED = (
    "startup women_owned military_goods buyer_visits_korea has_enquiry has_office_abroad plans_new_product "
    "joins_other_firms sells_online has_buyer finance_need has_foreign_language_staff"
).split()
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "size": st.sampled_from(["micro", "small", "medium", "sme", "mid_market", "large"]),
    "sector": st.sampled_from(["construction", "ict", "food", "other", "consumer_goods"]),
    "region": st.sampled_from(["KR-11", "KR-26", "KR-28", "KR-49"]),
    "exports_usd_last_year": st.sampled_from([0.0, 1.0, 5e6, 5e6 + 1]),
    "export_group": st.sampled_from(["no_record", "potential", "first_export", "innovation", "success"]),
    "target_countries": st.lists(st.sampled_from(["US", "VN", "IN"]), max_size=2).map(tuple),
    **dict.fromkeys(ASKED, st.booleans()),
}
FULL = st.fixed_dictionaries(VALUES)
KNOWN_FIELDS = st.sets(st.sampled_from(sorted(VALUES)))
EXPORTS = {"exports_usd_last_year", "export_group"}
OFFERS = list(offers_of(PACK).values())


def fields(offered: Any) -> set[str]:
    """What an offer's condition looks at; exports and the group of exports speak of the same thing."""
    found = {leaf.test.field for leaf in leaves(offered.who)} - {None} if offered.who else set()
    return found | EXPORTS if found & EXPORTS else found


@settings(max_examples=150, deadline=None)
@given(FULL, KNOWN_FIELDS)
def test_what_fits_fits_whatever_the_unknown_turns_out_to_be(full: dict[str, Any], known: set[str]) -> None:
    some = FirmProfile(**{name: full[name] for name in known})
    whole = FirmProfile(**full)
    for offered in OFFERS:
        if verdict(offered, some) is Verdict.FITS and not (fields(offered) & EXPORTS & known):
            assert verdict(offered, whole) is Verdict.FITS, offered.id


@settings(max_examples=150, deadline=None)
@given(FULL, KNOWN_FIELDS, st.sampled_from(sorted(VALUES)))
def test_a_fact_about_something_else_changes_no_verdict(full: dict[str, Any], known: set[str], new: str) -> None:
    before = FirmProfile(**{name: full[name] for name in known - {new}})
    after = FirmProfile(**{name: full[name] for name in known | {new}})
    for offered in OFFERS:
        if new not in fields(offered):
            assert verdict(offered, before) is verdict(offered, after), offered.id
        elif new not in EXPORTS and verdict(offered, before) is Verdict.NOT_FOR_YOU:
            assert verdict(offered, after) is Verdict.NOT_FOR_YOU, offered.id


@settings(max_examples=100, deadline=None)
@given(FULL, KNOWN_FIELDS)
def test_nothing_fits_while_a_question_is_open(full: dict[str, Any], known: set[str]) -> None:
    firm = FirmProfile(**{name: full[name] for name in known})
    for offered in OFFERS:
        if offered.who is None:
            assert verdict(offered, firm) is Verdict.FITS_IF
        elif verdict(offered, firm) is Verdict.FITS:
            assert all(each.truth is MET for each in reasons(offered.who, firm)), offered.id
