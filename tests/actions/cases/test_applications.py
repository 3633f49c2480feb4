"""An application from beginning to decision, in a real database; nothing is sent that was not confirmed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from actions import cases as room
from actions.cases import (
    Application,
    Cases,
    IllegalTransition,
    Incomplete,
    Mistake,
    NoConsent,
    NoForm,
    NotEditable,
    NotWhatWasConfirmed,
    State,
    UnknownApplication,
    WrongDocument,
    WrongReceiptNumber,
    form_of,
    programmes_with_form,
    status_text,
)
from actions.files import folder
from knowledge.settings import Settings
from tests.actions.cases.conftest import FIRM, PDF, VOUCHER, add_conversation, add_file, with_routes

Make = Callable[..., Application]
SCHEMA = json.loads((Path(room.__file__).parent / "package.schema.json").read_text())


def test_an_application_is_asked_for_confirmed_and_submitted(cases: Cases, chosen: Settings, filled: Make) -> None:
    begun = cases.start("c1", "programme.export-voucher")
    required = [each.key for each in cases.missing(begun.id) if each.required]
    assert required == [
        "firm_name", "business_number", "representative", "contact_name", "phone", "email", "region", "main_product",
        "exports_usd", "employees", "services_wanted", "voucher_before", "business_registration",
    ]  # fmt: skip
    assert filled(cases).id == begun.id
    assert not [each for each in cases.missing(begun.id) if each.required]
    review = cases.review(begun.id, "ko")
    for words in (
        "나루식품",
        "220-81-62517",
        "010-1234-5678",
        "US$50,000",
        "경기도",
        "사업자등록증.pdf",
        "접수처",
        "공식 신청서가 아니",
    ):
        assert words in review.text
    sent = cases.submit(begun.id, review.digest)
    assert sent.state is State.SUBMITTED
    assert sent.number is not None
    assert cases.find(sent.number.lower()) == sent
    assert [(event.state, event.by) for event in cases.history(sent.id)] == [
        (State.DRAFT, "applicant"),
        (State.SUBMITTED, "applicant"),
    ]


def test_the_package_follows_its_schema_and_says_what_was_told(cases: Cases, submitted: Make) -> None:
    sent = submitted(cases)
    package = cases.package(sent.id)
    assert package is not None
    jsonschema.validate(package, SCHEMA)
    assert package["number"] == sent.number
    assert package["recipient"] == "desk"
    assert package["organisation"]["id"] == "organisation.kosme"
    assert package["firm"]["phone"] == {"label": "전화번호", "value": "+821012345678", "shown": "010-1234-5678"}
    assert package["answers"]["voucher_before"]["value"] is False
    assert package["documents"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()


def test_the_summary_is_english_where_the_firm_is(cases: Cases, filled: Make) -> None:
    begun = filled(cases)
    review = cases.review(begun.id, "en")
    assert "Name of the firm: 나루식품" in review.text
    assert "no official form" in review.text
    assert cases.submit(begun.id, review.digest).language == "en"


@pytest.mark.parametrize("change", ["answer", "document", "route"])
def test_nothing_is_sent_that_differs_from_what_was_confirmed(
    cases: Cases, chosen: Settings, filled: Make, change: str
) -> None:
    begun = filled(cases)
    digest = cases.review(begun.id).digest
    if change == "answer":
        cases.answer(begun.id, "employees", "13명")
    elif change == "document":
        cases.attach(begun.id, "business_registration", add_file(chosen, "c1", "other", b"%PDF-1.4 another"))
    else:
        route = {"connector": "email", "address": "desk@kosme.example"}
        cases = Cases(chosen.database, with_routes(chosen, {"organisation.kosme": route}))
    with pytest.raises(NotWhatWasConfirmed):
        cases.submit(begun.id, digest)
    assert cases.get(begun.id).state is State.DRAFT
    assert cases.get(begun.id).number is None
    assert not cases.deliveries(begun.id)
    assert cases.submit(begun.id, cases.review(begun.id).digest).state is State.SUBMITTED


def test_a_file_changed_behind_the_back_stops_the_submission(cases: Cases, chosen: Settings, filled: Make) -> None:
    begun = filled(cases)
    digest = cases.review(begun.id).digest
    (folder(chosen) / f"file-{begun.id}").write_bytes(b"%PDF-1.4 forged")
    with pytest.raises(WrongDocument) as raised:
        cases.submit(begun.id, digest)
    assert "사업자등록증" in raised.value.message("ko")
    assert cases.get(begun.id).state is State.DRAFT


def test_what_is_required_must_be_there(cases: Cases) -> None:
    begun = cases.start("c1", "programme.vap")
    cases.answer(begun.id, "firm_name", "나루식품")
    with pytest.raises(Incomplete) as raised:
        cases.submit(begun.id, cases.review(begun.id).digest)
    assert "business_registration" in {each.key for each in raised.value.missing}
    assert "firm_name" not in {each.key for each in raised.value.missing}
    with pytest.raises(Mistake) as refused:
        cases.answer(begun.id, "visit_on", "모르겠어요")
    assert "바이어가 오는 날" in refused.value.message("ko")


def test_pressing_twice_submits_once(cases: Cases, filled: Make) -> None:
    begun = filled(cases)
    digest = cases.review(begun.id).digest
    assert cases.submit(begun.id, digest) == cases.submit(begun.id, digest)
    assert len(cases.deliveries(begun.id)) == 1


def test_a_sent_application_can_not_be_changed_until_it_is_returned(cases: Cases, submitted: Make) -> None:
    sent = submitted(cases)
    with pytest.raises(NotEditable):
        cases.answer(sent.id, "employees", "13")
    cases.move(sent.id, State.IN_REVIEW, "desk")
    cases.move(sent.id, State.RETURNED, "desk", "직원 수를 다시 적어 주세요")
    cases.answer(sent.id, "employees", "13명")
    again = cases.submit(sent.id, cases.review(sent.id).digest)
    assert (again.number, again.submissions) == (sent.number, 2)
    assert len(cases.deliveries(sent.id)) == 2
    package = cases.package(sent.id)
    assert package is not None
    assert (package["submission"], package["firm"]["employees"]["value"]) == (2, 13)
    cases.move(sent.id, State.IN_REVIEW, "desk")
    cases.move(sent.id, State.ACCEPTED, "desk")
    with pytest.raises(IllegalTransition):
        cases.withdraw(sent.id)
    assert [event.note for event in cases.history(sent.id)][3] == "직원 수를 다시 적어 주세요"


def test_only_submitting_submits(cases: Cases, filled: Make) -> None:
    begun = filled(cases)
    with pytest.raises(IllegalTransition):
        cases.move(begun.id, State.SUBMITTED, "desk")
    with pytest.raises(IllegalTransition):
        cases.move(begun.id, State.ACCEPTED, "desk")


def test_a_draft_is_gone_on_with_and_a_withdrawn_one_is_not(cases: Cases) -> None:
    begun = cases.start("c1", "programme.vap")
    assert cases.start("c1", "programme.vap").id == begun.id
    cases.withdraw(begun.id)
    assert cases.start("c1", "programme.vap").id != begun.id
    assert [each.state for each in cases.of("c1")] == [State.DRAFT, State.WITHDRAWN]
    assert cases.of("c2") == ()


def test_what_a_firm_told_is_used_again_only_while_it_agrees(cases: Cases) -> None:
    with pytest.raises(NoConsent):
        cases.keep_profile("c1", {"firm_name": "나루식품"})
    first = cases.start("c1", "programme.vap")
    cases.answer(first.id, "representative", "김나루")
    assert cases.profile("c1") == {}
    cases.agree("c1", "ko")
    cases.keep_profile("c1", {"firm_name": "나루식품", "phone": "010-1234-5678"})
    cases.answer(first.id, "region", "서울")
    assert cases.profile("c1") == {"firm_name": "나루식품", "phone": "+821012345678", "region": "seoul"}
    other = cases.start("c1", "programme.export-voucher")
    assert cases.values(other.id) == {"firm_name": "나루식품", "phone": "+821012345678", "region": "seoul"}
    cases.take_back("c1")
    assert not cases.agrees("c1")
    assert cases.profile("c1") == {}
    assert cases.values(other.id) == {}
    assert cases.values(first.id) == {"representative": "김나루"}


def test_a_wrong_word_keeps_nothing_of_the_others(cases: Cases) -> None:
    cases.agree("c1", "ko")
    with pytest.raises(Mistake):
        cases.keep_profile("c1", {"firm_name": "나루식품", "phone": "12"})
    assert cases.profile("c1") == {}


def test_documents_are_checked(cases: Cases, chosen: Settings) -> None:
    begun = cases.start("c1", "programme.vap")
    add_conversation(chosen, "c2")
    files = {
        "theirs": add_file(chosen, "c2", "theirs"),
        "text": add_file(chosen, "c1", "text", b"hello", "a.txt", "text/plain"),
        "empty": add_file(chosen, "c1", "empty", b""),
        "large": add_file(chosen, "c1", "large", b"x" * 10_000_001),
    }
    problems = {
        "theirs": "missing_file",
        "text": "type",
        "empty": "empty",
        "large": "too_large",
        "../case-key": "missing_file",
    }
    for name, problem in problems.items():
        with pytest.raises(WrongDocument) as raised:
            cases.attach(begun.id, "business_registration", files.get(name, name))
        assert raised.value.problem == problem
        assert "사업자등록증" in raised.value.message("ko")
        assert "business registration" in raised.value.message("en")
    with pytest.raises(KeyError):
        cases.attach(begun.id, "passport", files["text"])


def test_what_there_is_none_of(cases: Cases) -> None:
    with pytest.raises(NoForm):
        cases.start("c1", "programme.no-such")
    with pytest.raises(UnknownApplication):
        cases.get("none")
    with pytest.raises(WrongReceiptNumber):
        cases.find("N-7F3K-0000")


def test_status_is_told_in_both_languages(cases: Cases, filled: Make) -> None:
    begun = filled(cases)
    assert "아직 쓰는 중" in status_text(cases, begun, "ko")
    sent = cases.submit(begun.id, cases.review(begun.id).digest)
    assert sent.number is not None
    told = status_text(cases, sent, "ko")
    assert sent.number in told
    assert "전달되지 않았어요" in told
    assert "keeps trying" in status_text(cases, sent, "en")
    cases.move(sent.id, State.IN_REVIEW, "desk")
    returned = cases.move(sent.id, State.RETURNED, "desk", "도장이 없어요")
    assert "도장이 없어요" in status_text(cases, returned, "ko")
    assert "came back for changes" in status_text(cases, returned, "en")
    withdrawn = cases.withdraw(sent.id)
    assert "withdrawn" in status_text(cases, withdrawn, "en")


def test_every_form_of_the_pack_is_whole() -> None:
    assert len(programmes_with_form()) == 10
    for programme in programmes_with_form():
        form = form_of(programme)
        assert set(FIRM) <= {field.key for field in form.fields if field.required}
        assert form.source.basis == "editorial"
        assert form.recipient.connector == "print"
        for field in form.fields:
            assert field.ko.question
            assert field.en.question
            assert field.ko.why
    assert set(VOUCHER) <= {field.key for field in form_of("programme.export-voucher").fields if field.required}
