"""Who asks: people who import, buy for themselves or come home from a trip, and exporters who sound like them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from actions.finding import Start, Survey
from actions.lookup import look_up, search
from actions.step import Step
from actions.trade.codes import FindHs
from knowledge.check import check
from knowledge.record import Kind, Language
from knowledge.roles import asker, read_askers
from tests.actions.talking import talking

IMPORTING, TRAVELLING, OWN = "faq.role-importing", "faq.role-travelling", "faq.role-buying-for-oneself"

NOT_EXPORTING: list[tuple[Language, str, str]] = [
    ("ko", "와인 수입하려면 허가 받아야 되나요", IMPORTING),
    ("ko", "중국에서 옷 떼다 팔려고 하는데 세금 마니 나와요?", IMPORTING),
    ("ko", "일본서 과자 사와서 국내에서 장사하고 싶은데예", IMPORTING),
    ("ko", "베트남 커피를 한국으로 들여오고 싶어요", IMPORTING),
    ("en", "How do I import wine? What permits are needed?", IMPORTING),
    ("en", "importing coffee into Korea, what is the duty", IMPORTING),
    ("ko", "알리에서 산 이어폰 통관이 안 끝나요", OWN),
    ("ko", "해외직구로 산거 관세 얼마예요", OWN),
    ("ko", "개인통관고유부호 어디서 발급해요", OWN),
    ("en", "I ordered shoes from Amazon, will there be tax?", OWN),
    ("ko", "파리 여행에서 산 가방 신고해야 되나요", TRAVELLING),
    ("ko", "입국할때 면세 얼마까지임", TRAVELLING),
    ("en", "I bought a watch on my trip, do I pay duty?", TRAVELLING),
]

EXPORTING: list[tuple[Language, str]] = [
    ("ko", "원단을 수입해서 옷을 만들어 미국에 팔아요 한국산인가요"),
    ("ko", "수입자가 서류를 다시 달래요"),
    ("ko", "수입국 관세가 얼마인지 어디서 봐요"),
    ("ko", "바이어가 수입할 때 내는 세금이 궁금해요"),
    ("ko", "역직구로 팔면 신고해야 되나요"),
    ("ko", "아마존에 입점해서 팔고 싶어요"),
    ("ko", "출장 가면서 샘플을 들고 나가도 돼요?"),
    ("ko", "수출한 물건이 반품돼서 한국으로 들여와요"),
    ("ko", "수입할 때 낸 관세를 수출하면 돌려받나요"),
    ("ko", "한국 도매상한테 산 물건을 수출해도 되나요"),
    ("ko", "직구 손님한테 보낼 때 신고는요"),
    ("ko", "부산항에서 물건 실으려면요"),
    ("en", "The buyer has to import it, who pays duty?"),
    ("en", "We import materials and make soap"),
    ("en", "Can I carry samples on a business trip?"),
    ("en", "We sell on Amazon, do we need an export declaration?"),
    ("en", "What documents does the importer need from us?"),
]


@pytest.mark.parametrize(("language", "words", "record"), NOT_EXPORTING)
def test_who_does_not_export_is_known(language: Language, words: str, record: str) -> None:
    found = asker(words, language)
    assert found and found.record == record


@pytest.mark.parametrize(("language", "words"), EXPORTING)
def test_exporters_are_not_mistaken(language: Language, words: str) -> None:
    assert asker(words, language) is None


@pytest.mark.parametrize(
    ("words", "record"),
    [
        ("해외직구로 산거 관세 얼마예요", OWN),
        ("중국에서 옷 떼다 팔려고 하는데 세금 마니 나와요?", IMPORTING),
        ("직구하고 관세 냈는데 FTA로 돌려받나요", "faq.verify-tr-paid"),  # what there is for them goes first
    ],
)
def test_they_are_told_what_is_for_them(words: str, record: str, shelf: object) -> None:
    talk = talking(words, "ask_howto", slots={"language": "ko"})
    look_up(talk, "ask_howto")
    assert talk.slot("topic") == record


def test_a_word_means_the_same_for_everybody(shelf: object) -> None:
    talk = talking("와인 수입할 때 은행에서 말하는 L/G가 뭐예요?", "define", slots={"language": "ko"})
    assert asker(talk.question, "ko")
    look_up(talk, "define")
    assert talk.slot("topic") == "term.lg"


def test_people_are_sent_to_a_record_for_them(tmp_path: Path) -> None:
    (tmp_path / "roles.yaml").write_text(
        "- {role: importer, record: faq.missing, heard: {ko: ['수입']}}\n", encoding="utf-8"
    )
    assert any(each.record == "faq.missing" and "role must be importer" in each.message for each in check([], tmp_path))


def test_a_pattern_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "roles.yaml").write_text(
        "- {role: importer, record: faq.x, heard: {ko: ['수입(']}}\n", encoding="utf-8"
    )
    with pytest.raises(ValidationError, match="no regular expression"):
        read_askers(tmp_path)


@pytest.mark.parametrize(
    ("step", "words"),
    [(Start, "수입하려면 처음에 뭐부터 시작해야 돼요"), (Survey, "해외직구 조사 결과 몇 퍼센트예요")],
)
def test_every_way_of_asking_stands_it(step: type[Step], words: str, shelf: object) -> None:
    assert asker(words, "ko")
    talk = talking(words, step.action, slots={"language": "ko"})
    step().respond(talk)
    assert talk.slot("topic")


def test_a_belief_gets_its_answer_before_comfort(shelf: object) -> None:
    talk = talking("실수로 신고를 틀리게 하면 벌금 안 낸다던데 진짜예요?", "nlu_fallback", slots={"language": "ko"})
    finding = search(talk, talk.question)
    assert finding.records[0].kind is Kind.FAQ


def test_a_question_about_codes_without_goods_is_answered(shelf: object) -> None:
    talk = talking("상대방 나라 세관에서는 HS코드가 다르게 나온대요", "find_hs", slots={"language": "ko"})
    FindHs().respond(talk)
    assert talk.slot("topic") in ("faq.rule-hs-buyer-code", "faq.hs-differs", "faq.rule-hs-dispute")


def test_a_question_that_only_wants_a_code_asks_for_the_goods(shelf: object) -> None:
    talk = talking("우리 물건 HS코드 알려줘", "find_hs", slots={"language": "ko"})
    FindHs().respond(talk)
    assert talk.slot("topic") is None
