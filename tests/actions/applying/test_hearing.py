"""Commands, corrections and yes-or-no are told apart from answers; a question is never a consent."""

from __future__ import annotations

import pytest

from actions.applying.hearing import asks_something, check_masked, command, consents, meant, named, surely_answers
from actions.cases import Mistake, form_of
from actions.cases.fields import Field, profile_fields
from actions.cases.reading import read
from tests.actions.talking import talking


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("뒤로", "back"),
        ("go back", "back"),
        ("그만할게요", "pause"),
        ("나중에 할게요", "pause"),
        ("stop", "pause"),
        ("취소", "cancel"),
        ("보내지 마세요", "cancel"),
        ("보내 주세요", "send"),
        ("네, 보내 주세요", "send"),
        ("Send it.", "send"),
        ("건너뛸게요", "skip"),
        ("처음부터 쓰기", "afresh"),
        ("이대로 쓰기", "use"),
        ("다 됐어요", "done"),
        ("나루식품", None),
        ("보내기 좋은 김치", None),
        ("취소선 테이프", None),
    ],
)
def test_commands(said: str, meant: str | None) -> None:
    assert command(said) == meant


@pytest.mark.parametrize("said", ["동의해요", "네", "네, 동의합니다", "I agree", "yes"])
def test_consent(said: str) -> None:
    assert consents(said) is True


@pytest.mark.parametrize("said", ["아니요", "동의 안 해요", "싫어요", "no", "I do not agree"])
def test_no_consent(said: str) -> None:
    assert consents(said) is False


@pytest.mark.parametrize(
    "said",
    [
        "왜 동의해야 돼요?",
        "동의하면 어떻게 되나요?",
        "do I have to agree?",
        "동의서가 뭐예요",
        "나루식품",
        "보내 주세요",
        "",
    ],
)
def test_a_question_or_other_words_are_neither_yes_nor_no(said: str) -> None:
    assert consents(said) is None


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("전화번호 고칠래요", "phone"),
        ("전화 틀렸어요", "phone"),
        ("the phone number is wrong, it is 02-777-8888", "phone"),
        ("이메일을 바꿔 주세요", "email"),
        ("사업자등록번호가 잘못됐어요", "business_number"),
        ("사업자등록증을 다시 올릴게요", "business_registration"),
        ("날씨 고쳐 주세요", None),
    ],
)
def test_what_is_to_be_corrected(said: str, key: str | None) -> None:
    form = form_of("programme.export-voucher")
    found = named(said, (*form.fields, *form.documents))
    assert (None if found is None else getattr(found, "key", None) or getattr(found, "kind", None)) == key


@pytest.mark.parametrize(
    ("key", "said", "answer"),
    [
        ("firm_name", "나루식품", True),
        ("firm_name", "신용장이 뭐예요?", False),
        ("firm_name", "내 신청 취소할래요", False),
        ("phone", "010-1234-5678", True),
        ("phone", "12345", True),
        ("email", "bada at naru", True),
        ("phone", "상담원 연결해 주세요", False),
        ("exports_usd", "FOB 10달러가 뭐예요?", False),
    ],
)
def test_what_can_only_be_an_answer(key: str, said: str, answer: bool) -> None:
    assert surely_answers(profile_fields()[key], said, talking(said)) is answer


def test_questions_are_the_answer_where_questions_are_asked_for() -> None:
    field: Field = form_of("programme.kotra-market-research").field("questions")
    assert not asks_something(field, "베트남에서 김치가 얼마에 팔리나요?", talking("x"))
    assert asks_something(field, "이거 왜 물어봐요?", talking("x"))


def test_a_masked_resident_number_is_told_not_to_be_taken() -> None:
    with pytest.raises(Mistake) as caught:
        check_masked(profile_fields()["representative"], "김나루 900101-*******")
    assert "주민등록번호" in caught.value.message("ko")


@pytest.mark.parametrize(
    ("key", "said", "value"),
    [
        ("exports_usd", "아직 없어요", 0),
        ("exports_usd", "한번도 수출 못했어요", 0),
        ("exports_usd", "not yet", 0),
        ("exports_usd", "5만 달러", 50000),
        ("employees", "잘 모르겠는데요", None),
        ("main_hs", "건너뛸게요", None),
        ("size", "모르겠어요", "unknown"),
        ("women_owned", "없어요", False),
    ],
)
def test_ways_to_say_nothing_or_not_known(key: str, said: str, value: object) -> None:
    field = profile_fields()[key]
    assert read(field, meant(field, said)) == value


def test_not_known_is_no_answer_to_what_is_needed() -> None:
    field = form_of("programme.export-voucher").field("exports_usd")
    with pytest.raises(Mistake):
        read(field, meant(field, "글쎄요 잘 모르겠어요"))
