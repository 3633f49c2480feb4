"""The readiness report: what it says, what the picture says, and that both say the same."""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from actions.papers.radar import alt_text, radar
from actions.papers.readiness_report import readiness_report
from knowledge.diagnosis.readiness import readiness_questions, score
from tests.actions.papers.reading import read

DAY = date(2026, 11, 24)
BEFORE = score({"target": "no", "price": "no", "buyers": "list", "funds": "yes", "safe_payment": "checked"})
NOW = score(
    {
        "target": "tested",
        "price": "some",
        "buyers": "talking",
        "staff": "no",
        "language": "tool",
        "funds": "yes",
        "safe_payment": "checked",
        "listing": "no",
        "material": "no",
    }
)
"""market 6 of 9 = 66.7, people 1 of 6 = 16.7, money 100, online 0; product and documents not known."""


def test_the_picture_is_sharp_at_a_phones_width():
    with Image.open(BytesIO(radar(NOW, "ko", BEFORE).content)) as picture:
        assert picture.format == "PNG"
        assert picture.size == (720, 750)


def test_the_alternative_text_says_every_score():
    words = alt_text(NOW, "ko", BEFORE)
    for part in (
        "시장과 바이어 11.1점에서 66.7점",
        "사람과 외국어 16.7점",
        "온라인과 홍보 0점",
        "제품과 인증 아직 몰라요",
    ):
        assert part in words
    english = alt_text(NOW, "en")
    for part in ("Market and buyers 66.7 points", "Product and certificates Not known yet"):
        assert part in english
    assert radar(NOW, "en").alt == english


def test_an_earlier_result_is_drawn_too():
    assert radar(NOW, "ko", BEFORE).content != radar(NOW, "ko").content


def test_the_report_tells_scores_changes_steps_and_reasons():
    said = read(readiness_report(NOW, "ko", DAY, BEFORE))
    for part in (
        "배에 오르고 있어요",
        "66.7점",
        "+55.6",
        "11.1점",
        "그대로",
        "아직 몰라요",
        "수출 일을 직접 할 것과 맡길 것으로 나누고",
        "누가 답장을 쓸지부터 정해야 해요.",
        "우리 제품의 HS코드를 알아요?",
        "0점이라는 뜻이 아니에요",
        "글로벌 역량 테스트(GCL)",
        "Table 12",
    ):
        assert part in said, part


def test_the_report_in_english_holds_no_korean_but_the_name():
    said = read(readiness_report(NOW, "en", DAY, BEFORE, "never"))
    assert "Boarding" in said
    assert "no export record" in said
    body = "".join(said.lines)
    assert not [letter for letter in body if "가" <= letter <= "힣"]


def test_the_group_stands_apart_from_the_score():
    assert "수출 실적으로 본 무리" not in read(readiness_report(NOW, "ko", DAY))
    said = read(readiness_report(NOW, "ko", DAY, export_record="regular"))
    assert "위의 점수와는 관계없어요" in said


def test_a_result_without_level_says_what_is_missing():
    said = read(readiness_report(BEFORE, "ko", DAY))  # two of six known, four needed
    assert "단계는 아직 말할 수 없어요. 2개 분야를 더 알아야 해요." in said


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_empty_result_is_told_without_zero(language):
    said = read(readiness_report(score({}), language, DAY))
    assert {"ko": "아직 답한 물음이 없어요", "en": "No question has been answered yet"}[language] in said
    assert all(one.ask[language] in said for one in readiness_questions())


def test_the_same_words_make_the_same_paper():
    assert readiness_report(NOW, "ko", DAY, BEFORE) == readiness_report(NOW, "ko", DAY, BEFORE)
