"""Matching in conversation: what is told is not asked, at most four questions, verdicts with reasons and sources."""

from __future__ import annotations

from actions.finding import FindProgramme
from actions.firm.diagnosis import DIAGNOSIS, DiagnosisStart
from actions.firm.matching import MATCHING, MatchingStart
from tests.actions.firm.driving import Driver

FIELDS_TOLD = {"region", "sector", "employees", "women_owned"}


def test_the_message_is_read_and_only_the_need_is_asked() -> None:
    talk = Driver(MATCHING).begin(MatchingStart(), "여성기업인데 직원 5명 서울 화장품 회사예요. 지원사업 찾아줘")
    assert talk.step == "need"
    assert "서울 · 소비재 · 화장품 · 5명 · 여성기업" in talk.text


def test_at_most_four_questions_then_up_to_five_programmes() -> None:
    talk = Driver(MATCHING).begin(MatchingStart(), "서울 화장품 여성기업인데 전시회 지원 찾아줘")
    asked = []
    while talk.step:
        asked.append(talk.step)
        talk.press("unknown")
    assert len(asked) <= 4 and not set(asked) & FIELDS_TOLD
    programmes = [reply for reply in talk.replies if reply["sources"]]
    assert 1 <= len(programmes) <= 5
    assert set(talk.outcomes) == {"answered"}
    assert "2020년 자료로 본 결과예요" in talk.text
    assert any(payload.startswith("/apply_programme") for payload in talk.payloads)
    assert any(payload.startswith("/define") for payload in talk.payloads)


def test_what_is_not_known_never_becomes_a_plain_fit() -> None:
    talk = Driver(MATCHING).begin(MatchingStart(), "해외인증 지원 찾아줘")
    while talk.step:
        talk.press("unknown")
    line = next(reply["text"] for reply in talk.replies if "해외규격인증획득지원" in (reply["text"] or ""))
    assert "확인할 것이 남았어요" in line and "중소기업인지 아직 몰라요" in line


def test_the_size_told_settles_the_condition() -> None:
    talk = Driver(MATCHING).begin(MatchingStart(), "저희는 중소기업인데 해외인증 지원 찾아줘")
    while talk.step:
        assert talk.step != "size"
        talk.press("unknown")
    line = next(reply["text"] for reply in talk.replies if "해외규격인증획득지원" in (reply["text"] or ""))
    assert "알려진 조건에 맞아요" in line and "중소기업이라서 대상이에요" in line


def test_a_firm_that_cannot_take_part_yet_hears_what_would_make_it_possible() -> None:
    slots = {"firm": {"size": "small", "joins_other_firms": False, "exports_usd_last_year": 0}}
    talk = Driver(MATCHING, **slots).begin(MatchingStart(), "/match_programmes", record="obstacle.finding-buyers")
    while talk.step:
        talk.press("no" if talk.step != "region" else "unknown")
    assert "대상이 아니에요" not in talk.text  # what is not for the firm at all is not shown
    talk = Driver(MATCHING, **slots).begin(MatchingStart(), "/match_programmes", record="obstacle.technology")
    while talk.step:
        talk.press("no" if talk.step != "region" else "unknown")
    # vocabulary/conditions.yaml, plans_new_product: what would make it possible
    assert "수출할 새 제품이나 기술을 개발할 계획이 있으면 가능해요" in talk.text


def test_a_women_owned_firm_hears_of_its_own_programme() -> None:
    slots = {"firm": {"women_owned": True, "size": "small"}}
    talk = Driver(MATCHING, **slots).begin(MatchingStart(), "/match_programmes", record="obstacle.finding-buyers")
    while talk.step:
        talk.press("unknown")
    assert "programme.women-exporters" in talk.records


def test_free_words_for_a_need_and_words_for_none() -> None:
    talk = Driver(MATCHING).begin(MatchingStart(), "/match_programmes")
    talk.say("ㅁㄴㅇㄹ")
    assert talk.step == "need" and talk.slots["interview_missed"] == "need"
    talk.say("포장 디자인을 새로 하고 싶어요")
    assert talk.slots["matching"]["need"] == ["support_category.marketing"]


def test_typed_answers_and_more_than_was_asked() -> None:
    talk = Driver(MATCHING).begin(MatchingStart(), "해외인증 지원 찾아줘")
    assert talk.step == "size"
    talk.say("소기업이에요. 직원은 7명이고요")
    assert talk.slots["firm"]["size"] == "small" and talk.slots["firm"]["employees"] == 7
    assert talk.step != "size"


def test_an_amount_in_another_currency_is_no_answer() -> None:
    from actions.firm.asking_profile import read_field
    from tests.actions.talking import talking

    talk = talking("", slots={"language": "ko"})
    assert read_field(talk, "exports_usd_last_year", "30만 달러요") == {"exports_usd_last_year": 300000.0}
    assert read_field(talk, "exports_usd_last_year", "안 했어요") == {"exports_usd_last_year": 0.0}
    assert read_field(talk, "exports_usd_last_year", "5억 원이요") is None
    assert read_field(talk, "region", "전라북도요") == {"region": "KR-45"}
    assert read_field(talk, "region", "아틀란티스") is None
    assert read_field(talk, "women_owned", "네") == {"women_owned": True}
    assert read_field(talk, "women_owned", "글쎄") is None
    assert read_field(talk, "target_countries", "베트남이랑 태국이요") == {"target_countries": ["베트남", "태국"]}


def test_two_programmes_side_by_side_leave_the_search_as_it_was() -> None:
    talk = Driver(MATCHING).begin(MatchingStart(), "해외인증 지원 찾아줘")
    while talk.step:
        talk.press("unknown")
    before = talk.slots["matching"]
    one, other = "programme.export-voucher", "programme.overseas-certification"
    talk.begin(MatchingStart(), "/match_programmes", one=one, other=other)
    table = talk.replies[0]["card"]
    assert table["kind"] == "table" and len(table["columns"]) == 3
    assert "여기서 알 수 없어요" in talk.text and set(talk.records) == {one, other}
    assert talk.slots["matching"] == before
    talk.begin(MatchingStart(), "/match_programmes", one=one, other="term.lc")
    assert talk.outcomes == ["needs_input"]


def test_troubles_of_the_diagnosis_are_the_need() -> None:
    talk = Driver(DIAGNOSIS).begin(DiagnosisStart(), "바이어를 못 찾겠어요")
    then = Driver(MATCHING, diagnosis=talk.slots["diagnosis"]).begin(MatchingStart(), "/match_programmes")
    assert then.slots["matching"]["need"] == ["obstacle.finding-buyers"] and then.step != "need"


def test_an_answered_programme_question_invites_to_the_search() -> None:
    talk = Driver(MATCHING).act(FindProgramme(), "해외인증 비용 지원해주는 사업 있어요?")
    assert "/match_programmes" in talk.payloads and talk.outcomes[-1] == "answered"


def test_english() -> None:
    talk = Driver(MATCHING, "en").begin(MatchingStart(), "no exports yet, Busan, machinery, we need market research")
    assert "Busan · machinery parts · machinery · no exports last year" in talk.text
    while talk.step:
        talk.press("unknown")
    assert "This is by a source of 2020" in talk.text
