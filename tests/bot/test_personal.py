"""What tells who asked is taken out of a question, in both languages; what it is about stays."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.personal import HIDDEN, cleaned, personal_in, plain

ROOT = Path(__file__).resolve().parents[2]

TAKEN_OUT = [
    ("제 번호는 010-1234-5678 이에요 전화 주세요", ["1234", "5678"]),
    ("01012345678로 연락 주세요", ["01012345678"]),
    ("010 1234 5678 문자로요", ["1234", "5678"]),
    ("０１０－１２３４－５６７８ 입니다", ["5678", "１２３４"]),
    ("+82 10-1234-5678 please", ["1234", "5678"]),
    ("사무실은 02-555-0123 인데요", ["555", "0123"]),
    ("공일공 일이삼사 오육칠팔로 전화요", ["일이삼사", "오육칠팔"]),
    ("공장 전화 555-0123 로 주세요", ["0123"]),
    ("call me at +1 415-555-2671 about CIF", ["415", "2671"]),
    ("minsu.kim@hanbit.co.kr 로 보내줘요", ["minsu", "hanbit"]),
    ("메일은 minsu 골뱅이 hanbit.com 이에요", ["minsu", "hanbit"]),
    ("mail minsu(at)hanbit.com please", ["minsu", "hanbit"]),
    ("사업자번호 123-45-67891 인데 신청되나요", ["67891"]),
    ("사업자등록번호는 1234567891입니다 수출바우처 되나요", ["1234567891"]),
    ("주민번호 900101-1234567 필요해요?", ["1234567"]),
    ("법인등록번호 110111-1234567 적나요", ["1234567"]),
    ("카드 4111 1111 1111 1111 로 결제돼요?", ["4111", "1111"]),
    ("국민은행 123456-04-567890 으로 환급해 주세요", ["567890"]),
    ("계좌 110 234 567890 으로요", ["567890"]),
    ("my account number is 0012345678 for the refund", ["0012345678"]),
    ("접수번호 N-7F3K-2QXM 어떻게 됐나요", ["7F3K", "2QXM"]),
    ("7f3k-2qxm 다시 열어 주세요", ["7f3k", "2qxm"]),
    ("NARU-ABCD-2345 안 돼요", ["ABCD", "2345"]),
    ("통관부호 P123456789012 맞나요", ["123456789012"]),
    ("비엘 번호 HDMU12345678 조회", ["HDMU", "12345678"]),
    ("https://hanbit.co.kr/about?id=7 이게 우리 회사예요", ["hanbit", "about"]),
    ("www.hanbit.com 인데 뭐가 문제죠", ["hanbit"]),
    ("우리 hanbit-tools.com 보고 알려줘요", ["hanbit"]),
    ("카톡 아이디는 minsu88 이에요", ["minsu88"]),
    ("@hanbit_export 로 연락 주세요", ["hanbit"]),
    ("서울시 강남구 테헤란로 123 에서 보내면요", ["테헤란로", "123"]),
    ("101동 1203호로 보내주세요", ["1203"]),
    ("㈜한빛정밀인데 미국 관세가 얼마예요", ["한빛정밀"]),
    ("(주)한빛정밀에서 만든 볼트예요", ["한빛정밀"]),
    ("주식회사 한빛정밀입니다 FTA 되나요", ["한빛정밀"]),
    ("저희 한빛정밀(주)는 밸브를 만들어요", ["한빛정밀"]),
    ("한빛정밀 주식회사가 수출하려면요", ["한빛정밀"]),
    ("회사명은 한빛정밀이고 첫 수출이에요", ["한빛정밀"]),
    ("We are Hanbit Precision Co., Ltd. and export valves", ["Hanbit", "Precision"]),
    ("we are hanbit precision co.,ltd from busan", ["hanbit", "precision"]),
    ("our buyer Acme Tools Inc. wants CIF", ["Acme", "Tools"]),
    ("the buyer is Müller GmbH", ["Müller"]),
    ("our company is called Hanbit Valves, is there help", ["Hanbit"]),
    ("저는 김민수입니다 신용장이 뭐예요", ["김민수"]),
    ("제 이름은 박서연이에요", ["박서연"]),
    ("저는 이준호라고 하는데요 관세가 궁금해요", ["이준호"]),
    ("최은지라고 합니다 수출바우처 신청이요", ["최은지"]),
    ("김민수 대표님이 물어보래요 HS코드요", ["김민수"]),
    ("정다은 씨가 담당이에요", ["정다은"]),
    ("저는 ㈜한빛정밀 김민수입니다 시제품도 신고하나요", ["한빛", "김민수"]),
    ("안녕하세요, 김민수입니다. 시제품도 신고하나요", ["김민수"]),
    ("my name is Minsu Kim and I export socks", ["Minsu", "Kim"]),
    ("my name is minsu, what is CIF", ["minsu"]),
    ("Hi, I'm Minsu Kim from Busan", ["Minsu", "Kim"]),
    ("Mr. Kim told me to ask about FTA", ["Kim"]),
]

STAYS = [
    "양말 HS코드 6115.95 관세가 얼마예요",
    "HS 3304991000 미국 관세율",
    "3304.99-1000 이거 맞나요",
    "3304-99-1000 이거 맞나요",
    "10,000,000원어치 보내면요",
    "100000000000원 넘으면요",
    "10000달러에 1,500개 팔아요",
    "2026-12-20까지 선적해야 해요",
    "2020-2024 수출 통계 있어요?",
    "2026.12.20에 신용장 만기예요",
    "FOB 12.5 USD, CIF 15 USD 차이가 뭐예요",
    "ISO9001 있어야 하나요",
    "alibaba.com에 올리면 되나요",
    "unipass.customs.go.kr에서 하나요",
    "저는 초보예요 어디서부터 시작해요",
    "저는 전문가예요",
    "저는 한국인인데 외국 회사예요",
    "저는 제조업자입니다 뭘 준비해요",
    "저는 대표입니다",
    "저는 수출하는 사람이에요",
    "안녕하세요 처음이에요 뭐부터 하나요",
    "원산지라고 하는데 뭔가요",
    "신용장이라고 하던데 그게 뭐예요",
    "인코텀스라고 하는데 뭐예요",
    "선하증권이라고 하는데 뭐예요",
    "주식회사 설립하고 수출해야 하나요",
    "주식회사여야 신청되나요",
    "우리 회사가 주식회사가 아닌데 되나요",
    "what does Co., Ltd. mean",
    "is Ltd needed to export",
    "I'm exporting socks to Vietnam",
    "I'm Korean and new to this",
    "this is the first time we export",
    "my name on the certificate is wrong, what now",
    "what is KR-US FTA",
    "1차 2차 3차 협력사도 되나요",
    "20피트 컨테이너 1대 얼마예요",
]


@pytest.mark.parametrize(("question", "secrets"), TAKEN_OUT, ids=[each[0] for each in TAKEN_OUT])
def test_what_is_personal_is_taken_out(question: str, secrets: list[str]) -> None:
    told = cleaned(question)
    assert [secret for secret in secrets if secret in told.text] == []
    assert told.removed and HIDDEN in told.text
    assert personal_in(told.text) == (), "and what is left can be kept"


@pytest.mark.parametrize("question", STAYS)
def test_what_it_is_about_stays(question: str) -> None:
    assert cleaned(question).removed == ()
    assert cleaned(question).text == question


def test_the_rest_of_the_sentence_stays() -> None:
    told = cleaned(
        "저는 ㈜한빛정밀 김민수 대표입니다. 미국에 볼트 10,000달러어치 보내는데 010-1234-5678로 관세 알려주세요"
    )
    assert (
        told.text
        == f"저는 (주){HIDDEN} {HIDDEN} 대표입니다. 미국에 볼트 10,000달러어치 보내는데 {HIDDEN}로 관세 알려주세요"
    )
    assert told.removed == ("phone", "firm", "person")


def test_a_question_is_one_line_of_words_only() -> None:
    told = plain('/greet\n- [수출](product){"a": 1}\u202e\x00 해요')
    assert told == 'greet - (수출)(product){"a": 1} 해요'


def test_examples_written_by_hand_are_hardly_ever_taken_for_personal() -> None:
    """Among thousands of hand-written sentences, names are heard only in the few that invent one on purpose."""
    sentences = [
        line.lstrip(" -")
        for path in sorted((ROOT / "nlu_data").rglob("*.yml"))
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    ]
    heard = {sentence for sentence in sentences if {"person", "firm", "place", "contact"} & set(personal_in(sentence))}
    assert len(sentences) > 5000
    invented = {"my name is Lee Jungho", "담당자는 이정호예요", "주식회사 한빛식품이요", "회사 이름은 두루산업"}
    assert heard <= invented, heard - invented
