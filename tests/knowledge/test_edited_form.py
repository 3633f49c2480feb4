"""The form a record is written in: a whole round, and every fault told at its field."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.check import Finding
from knowledge.edited.faults import faults_among, faults_of
from knowledge.edited.typed import Faulty, data_of, new_id, record_of, review_fault, typed_of
from knowledge.record import Kind, Record

SOURCES = {
    "law": {"title": {"ko": "법", "en": "Act"}, "url": None, "as_of": "2026-01-01", "basis": "official"},
}


def form(**changed: str) -> dict[str, str]:
    """A whole form for a question about boxes, with its own source; names of fields with two underscores for a dot."""
    typed = {
        "ko.name": "나무 상자",
        "ko.plain": "도장이 있어야 해요.",
        "ko.todo": "도장을 보세요.",
        "ko.questions": "나무 상자 괜찮나요\n\n  목재 포장  ",
        "en.name": "Wooden box",
        "en.plain": "It needs a stamp.",
        "en.todo": "Look for the stamp.",
        "en.questions": "is a wooden box fine",
        "source.of": "",
        "source.locator": "p. 3",
        "source.title.ko": "검역 안내",
        "source.title.en": "Quarantine guide",
        "source.url": "https://example.org/guide",
        "source.as_of": "2026-03",
        "source.basis": "official",
    }
    return typed | {name.replace("__", "."): value for name, value in changed.items()}


def written(**changed: str) -> Record:
    return record_of(data_of("faq.desk-box", Kind.FAQ, form(**changed)), SOURCES)


def test_a_form_becomes_a_record_and_the_record_a_form() -> None:
    record = written()
    assert record.ko.questions == ("나무 상자 괜찮나요", "목재 포장")
    assert (record.source.url, record.source.as_of) == ("https://example.org/guide", "2026-03")
    again = typed_of(record.model_dump(mode="json"), SOURCES)
    assert again["ko.questions"] == "나무 상자 괜찮나요\n목재 포장"
    assert record_of(data_of(record.id, record.kind, again), SOURCES) == record


def test_a_document_of_the_pack_is_named_by_its_key() -> None:
    record = written(source__of="law", source__locator="제5조")
    assert record.source.title["en"] == "Act" and record.source.basis == "official"
    assert typed_of(record.model_dump(mode="json"), SOURCES)["source.of"] == "law"


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("ko.name", " ", "missing"),
        ("en.plain", "", "missing"),
        ("ko.name", "가" * 121, "too_long"),
        ("ko.questions", "가" * 201, "too_long"),
        ("ko.simple", "상자예요.", "other_language"),
        ("en.steps", "a step without a bar", "no_step"),
        ("source.title.en", "", "missing"),
        ("source.basis", "rumour", "missing"),
        ("source.as_of", "last year", "no_date"),
        ("source.as_of", "2026-13", "no_date"),
        ("source.url", "http://example.org", "no_address"),
        ("source.url", "javascript:alert(1)", "no_address"),
        ("source.url", "https://user@example.org/", "no_address"),
        ("source.of", "no-such-law", "unknown_source"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field: str, value: str, key: str) -> None:
    with pytest.raises(Faulty) as raised:
        written(**{field.replace(".", "__"): value})
    place = {"ko.simple": "en.simple"}.get(field, field)
    assert (place, key) in [(fault.place, fault.key) for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("changed", "place", "key"),
    [
        ({"ko__plain": "도장이 있어야 한다."}, "ko.plain", "not_polite"),
        ({"ko__plain": "A stamp."}, "ko.plain", "not_korean"),
        ({"ko__plain": "도장이 있어야 해요. " * 30}, "ko.plain", "too_long"),
        ({"en__plain": "도장이 있어야 해요."}, "en.plain", "not_english"),
        ({"en__plain": "It needs <b>a stamp</b>."}, "en.plain", "markup"),
        ({"ko__todo": "도장을 봐라."}, "ko.todo", "not_polite"),
        ({"ko__todo": "도장을 보세요.\n또 보세요."}, "en.todo", "differ"),
        ({"ko__questions": ""}, "ko.questions", "missing"),
        ({"source__basis": "editorial"}, "confirm_with", "confirm_with"),
        ({"source__as_of": "2999"}, "source.as_of", "future"),
        ({"related": "fact.nowhere"}, "related", "no_record"),
        ({"confirm_with": "organisation.nowhere"}, "confirm_with", "no_record"),
        ({"related": "faq.desk-box"}, "related", "itself"),
    ],
)
def test_what_the_check_finds_is_told_at_its_field(changed: dict[str, str], place: str, key: str) -> None:
    found = faults_among(written(**changed), [])
    assert (place, key) in [(fault.place, fault.key) for fault in found]
    assert not [fault for fault in found if fault.key in ("other", "other_record")]


def test_a_sound_form_has_no_fault() -> None:
    assert faults_among(written(), []) == []


def test_a_finding_nobody_foresaw_is_still_told() -> None:
    (fault,) = faults_of("faq.x", [Finding("error", "faq.x", "something quite new")])
    assert (fault.place, fault.key, fault.values["message"]) == ("", "other", "something quite new")


def test_an_id_is_made_from_the_english_name() -> None:
    assert new_id(Kind.FAQ, "Wooden boxes: what stamp?", {}) == "faq.desk-wooden-boxes-what-stamp"
    assert new_id(Kind.FAQ, "Wooden", {"faq.desk-wooden": 1, "faq.desk-wooden-2": 1}) == "faq.desk-wooden-3"
    assert new_id(Kind.FAQ, "나무", {}) == "faq.desk-record"


def test_a_review_lies_ahead() -> None:
    day = date(2026, 3, 1)
    assert review_fault("2026-03-02", day) is None
    for wrong in ("2026-03-01", "", "soon", "2026-02-30"):
        assert review_fault(wrong, day) is not None
