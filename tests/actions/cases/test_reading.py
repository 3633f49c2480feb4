"""Answers in people's own words become values; what can't be one is refused in both languages, naming the field."""

from __future__ import annotations

import pytest

from actions.cases.fields import Value, profile_fields
from actions.cases.mistakes import Mistake
from actions.cases.reading import read
from actions.cases.showing import shown


@pytest.mark.parametrize(
    ("key", "said", "kept"),
    [
        ("firm_name", "우리 회사는 나루식품이에요", "나루식품"),
        ("firm_name", "저희 회사 이름은 (주)나루입니다.", "(주)나루"),
        ("firm_name", "이노테크", "이노테크"),
        ("firm_name", "회사", "회사"),
        ("firm_name", "Our company is called Naru Foods.", "Naru Foods"),
        ("contact_name", "담당자는 김하나예요", "김하나"),
        ("main_product", "김치를 만들어요", "김치"),
        ("business_number", "2208162517", "220-81-62517"),
        ("business_number", "번호는 124-81-00998이에요", "124-81-00998"),
        ("phone", "010-1234-5678이에요", "+821012345678"),
        ("phone", "02)123-4567", "+8221234567"),
        ("phone", "+82 10 1234 5678", "+821012345678"),
        ("email", "bada@Narufood.co.kr입니다", "bada@narufood.co.kr"),
        ("region", "서울", "seoul"),
        ("region", "서울시 강남구예요", "seoul"),
        ("region", "Seoul", "seoul"),
        ("region", "경기도 광주시", "gyeonggi"),
        ("region", "광주 광산구", "gwangju"),
        ("region", "Gwangju-si, Gyeonggi-do", "gyeonggi"),
        ("region", "전라북도 전주시", "jeonbuk"),
        ("region", "충남 천안", "chungnam"),
        ("employees", "12명이요", 12),
        ("employees", "저 혼자 해요", 1),
        ("employees", "1,200", 1200),
        ("size", "소기업이에요", "small"),
        ("size", "중견", "mid_sized"),
        ("size", "모르겠어요", "unknown"),
        ("founded_on", "2019년 3월 2일", "2019-03-02"),
        ("founded_on", "2 March 2019", "2019-03-02"),
        ("founded_on", "2019.3", "2019-03"),
        ("founded_on", "2019년에 열었어요", "2019"),
        ("annual_sales", "12억 5천만 원", 1_250_000_000),
        ("annual_sales", "1.25 billion won", 1_250_000_000),
        ("exports_usd", "없어요", 0),
        ("exports_usd", "none", 0),
        ("exports_usd", "5만 달러쯤", 50_000),
        ("exports_usd", "US$ 50,000", 50_000),
        ("exports_usd", "몰라요", None),
        ("export_group", "내수만 해요", "no_record"),
        ("women_owned", "네, 대표가 여자예요", True),
        ("women_owned", "여성기업 아니에요", False),
        ("women_owned", "I don't know", None),
        ("main_hs", "3304.99", "330499"),
        ("main_hs", "3304.99-1000이에요", "3304991000"),
        ("main_hs", "몰라요", None),
        ("target_countries", "베트남이랑 미국", ["VN", "US"]),
        ("target_countries", "Vietnam and the United States", ["VN", "US"]),
        ("website", "www.Naru.kr 이에요", "www.naru.kr"),
        ("website", "https://naru.kr/Shop", "https://naru.kr/Shop"),
        ("website", "아직 없어요", None),
    ],
)
def test_words_become_values(key: str, said: str, kept: Value) -> None:
    assert read(profile_fields()[key], said) == kept


@pytest.mark.parametrize(
    ("key", "said", "problem"),
    [
        ("firm_name", "  ", "empty"),
        ("firm_name", "가" * 81, "too_long"),
        ("firm_name", "900101-1234567", "resident_number"),
        ("business_number", "220-81-62518", "business_number_check"),
        ("business_number", "222-81-62517", "business_number_check"),
        ("business_number", "220-81-6251", "business_number_shape"),
        ("business_number", "220-81-62517 아니면 124-81-00998", "business_number_shape"),
        ("phone", "1234", "phone"),
        ("phone", "010-1234-5678, 02-123-4567", "one_phone"),
        ("email", "bada at narufood", "email"),
        ("email", "a@b.co.kr, c@d.co.kr", "one_email"),
        ("email", "bada@narufood", "email"),
        ("region", "평양", "choice"),
        ("employees", "여러 명", "number"),
        ("employees", "-3", "one_number"),
        ("employees", "10~20명", "one_number"),
        ("employees", "2000000", "out_of_bounds"),
        ("size", "중소기업이에요", "choice"),
        ("size", "소기업이나 중기업", "one_choice"),
        ("founded_on", "2019-02-30", "date"),
        ("founded_on", "옛날에", "date"),
        ("founded_on", "2999년", "future"),
        ("annual_sales", "50만 달러", "currency"),
        ("exports_usd", "5천만원", "currency"),
        ("women_owned", "글쎄 여자 남자 둘", "yes_no"),
        ("main_hs", "33", "hs"),
        ("main_hs", "9901.00", "hs"),
        ("target_countries", "한국", "country"),
        ("target_countries", "아무데나", "country"),
        ("website", "누리집", "website"),
    ],
)
def test_what_is_no_answer_is_refused_in_both_languages(key: str, said: str, problem: str) -> None:
    field = profile_fields()[key]
    with pytest.raises(Mistake) as raised:
        read(field, said)
    assert raised.value.problem == problem
    for language in ("ko", "en"):
        assert field.label(language) in raised.value.message(language)


def test_what_is_required_can_not_be_left_out() -> None:
    field = profile_fields()["phone"].model_copy(update={"required": True})
    with pytest.raises(Mistake, match="required"):
        read(field, "모르겠어요")


def test_choices_are_named_when_one_was_not_understood() -> None:
    with pytest.raises(Mistake) as raised:
        read(profile_fields()["size"], "중소기업")
    assert "소상공인" in raised.value.message("ko")
    assert "micro enterprise" in raised.value.message("en")


@pytest.mark.parametrize(
    ("key", "kept", "ko", "en"),
    [
        ("phone", "+821012345678", "010-1234-5678", "010-1234-5678"),
        ("annual_sales", 1_250_000_000, "₩1,250,000,000", "₩1,250,000,000"),
        ("exports_usd", 50_000, "US$50,000", "$50,000"),
        ("founded_on", "2019-03-02", "2019년 3월 2일", "March 2, 2019"),
        ("founded_on", "2019-03", "2019년 3월", "March 2019"),
        ("founded_on", "2019", "2019년", "2019"),
        ("target_countries", ["VN", "US"], "베트남, 미국", "Vietnam, United States"),
        ("main_hs", "3304991000", "3304.99.1000", "3304.99.1000"),
        ("women_owned", False, "아니요", "no"),
        ("size", "mid_sized", "중견기업", "middle-standing enterprise"),
        ("website", None, "모름", "not known"),
    ],
)
def test_values_are_shown_in_the_language(key: str, kept: Value, ko: str, en: str) -> None:
    assert shown(profile_fields()[key], kept, "ko") == ko
    assert shown(profile_fields()[key], kept, "en") == en


def test_there_are_seventeen_provinces_and_every_name_of_them_is_read() -> None:
    region = profile_fields()["region"]
    assert len(region.choices) == 17
    for option in region.choices:
        for spelling in (option.ko, option.en, *option.aliases):
            assert read(region, spelling) == option.key


@pytest.mark.parametrize("said", ["010-1234", "kim@naru.kr", "02-1234-5678입니다"])
def test_a_number_or_an_address_is_nobodys_name(said: str) -> None:
    field = profile_fields()["contact_name"]
    with pytest.raises(Mistake) as raised:
        read(field, said)
    assert "담당자" in raised.value.message("ko") and "Contact person" in raised.value.message("en")
