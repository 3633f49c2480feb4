"""Suggestions for people at the desk: judged by hand in both languages, typos among them, and without any effect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from bot.assistant import Assistant
from bot.suggesting import Suggestion, suggest
from knowledge.database.engine import sessions
from knowledge.settings import Settings
from tests.bot.customers import Customer

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWERED = [
    ("신용장이 뭐예요?", "define", "term.lc"),
    ("신용짱이 머에요", "define", "term.lc"),
    ("FOB랑 CIF 차이가 뭐예요", "compare", "comparison.fob-cif"),
    ("원산지증명서 발급하는 곳이 어디예요", "find_place", "faq.co-fta-who-issues"),
    ("선하증권이 먼가요", "define", "term.bl"),
    ("수출 순서 알려줘", "ask_process", "procedure.export-process"),
    ("바이어를 못 찾겠어요", "report_obstacle", "obstacle.finding-buyers"),
    ("물류비가 너무 비싸요", "report_obstacle", "obstacle.shipping-cost"),
    ("선적서류 뭐가 필요해요?", "ask_howto", "faq.which-documents"),
    ("what is a bill of lading?", "define", "term.bl"),
    ("wht is a leter of credit", "define", "term.lc"),
    ("I can't find buyers", "report_obstacle", "obstacle.finding-buyers"),
    ("what is the diffrence between FOB and CIF", "compare", "comparison.fob-cif"),
    ("which papers do I need to ship to China", "ask_howto", "faq.which-documents"),
]
"""What was said, what it means, and the record that answers it."""

DONE = [
    ("베트남에 라면 수출하는데 FTA 혜택 받을 수 있나요?", "ask_origin", "origin", {"country": "VN", "product": "라면"}),
    ("미국에 양말 수출하면 관세 얼마예요", "ask_duty", "duty", {"country": "US", "product": "양말"}),
    ("마스크팩 HS코드 알려주세요", "find_hs", "hs", {"words": "마스크팩"}),
    ("라면hs코드", "find_hs", "hs", {"words": "라면"}),
    ("우리 회사에 맞는 지원사업 찾아줘", "match_programmes", "programmes", {}),
    (
        "신용장 유효기일이 2026년 12월 20일이에요 언제까지 서류 내야 하나요",
        "count_deadlines",
        "deadlines",
        {"lc_expiry": "2026-12-20"},
    ),
    (
        "비행기로 보내는 FCA 거래인데 필요한 문서를 목록으로 주세요",
        "make_checklist",
        "checklist",
        {"incoterm": "FCA", "transport": "air"},
    ),
    ("vietnam tariff for socks", "ask_duty", "duty", {"country": "VN", "product": "socks"}),
    ("hs code for instant noodles", "find_hs", "hs", {"words": "instant noodles"}),
    ("수출바우처 신청하고 싶어요", "apply_programme", "application", {}),
]
"""What was said, what it means, the tool that does it, and what its form holds by then."""

GUESSES = ["오늘 날씨 어때요", "ㅁㄴㅇㄹ", "음 그 저기 그거요", "asdf qwer"]


async def suggested(naru: Assistant, words: str, conversation: str | None = None) -> Suggestion:
    return await suggest(naru, words, conversation, "ko")


@pytest.mark.parametrize(("words", "intent", "record"), ANSWERED, ids=[each[0] for each in ANSWERED])
async def test_a_question_gets_the_answer_with_its_source(
    naru: Assistant, words: str, intent: str, record: str
) -> None:
    told = await suggested(naru, words)
    assert told.need.name == intent
    assert told.records[0].record == record
    assert told.replies and told.replies[0].sources
    assert told.language == ("en" if words.isascii() else "ko")
    assert not any(reply.choices for reply in told.replies)


@pytest.mark.parametrize(("words", "intent", "tool", "filled"), DONE, ids=[each[0] for each in DONE])
async def test_what_wants_doing_gets_its_tool_filled_in(
    naru: Assistant, words: str, intent: str, tool: str, filled: dict[str, Any]
) -> None:
    told = await suggested(naru, words)
    found = {each.name: each.filled for each in told.tools}
    assert told.need.name == intent
    assert not told.weak
    assert filled.items() <= found[tool].items()


@pytest.mark.parametrize("words", GUESSES)
async def test_a_guess_is_marked_as_weak(naru: Assistant, words: str) -> None:
    assert (await suggested(naru, words)).weak


async def test_a_sure_answer_is_not_marked(naru: Assistant) -> None:
    told = await suggested(naru, "what is a bill of lading?")
    assert not told.weak and told.need.confidence > 0.9


async def test_more_of_nothing_is_a_guess(naru: Assistant) -> None:
    assert (await suggested(naru, "더 쉽게 설명해줘")).weak


async def test_it_means_what_naru_spoke_of(naru: Assistant) -> None:
    customer = Customer(naru)
    await customer.say("신용장이 뭐예요?")
    told = await suggested(naru, "더 쉽게 설명해줘", customer.id)
    assert told.records[0].record == "term.lc"
    assert not told.weak


async def test_the_next_question_follows_from_what_was_told(naru: Assistant, staff: None) -> None:
    customer = Customer(naru)
    await customer.handed()
    first = await suggested(naru, "FTA 혜택 받을 수 있는지 알고 싶어요", customer.id)
    assert first.question and "나라" in first.question.text
    await customer.say("FTA 혜택 받을 수 있는지 알고 싶어요")
    await customer.say("미국이요")
    told = await suggested(naru, "양말", customer.id)
    origin = next(tool for tool in told.tools if tool.name == "origin").filled
    assert (origin["country"], origin["agreement"], origin["product"]) == ("US", "KR-US", "양말")
    assert told.question and any("6115" in option for option in told.question.options)


async def test_an_interview_left_for_a_person_goes_on(naru: Assistant, staff: None) -> None:
    customer = Customer(naru)
    await customer.press('/ask_origin{"country": "US", "hs_code": "611595"}')
    await customer.handed()
    told = await suggested(naru, "한 켤레에 2달러에 팔아요", customer.id)
    filled = told.tools[0].filled
    assert (filled["amount"], filled["currency"], filled["hs"]) == ("2", "USD", "611595")
    assert told.question and "배에 실을 때까지" in told.question.options
    assert told.need.name == "answer"


async def test_a_personal_number_is_masked_before_it_is_read(naru: Assistant) -> None:
    told = await suggested(naru, "제 주민번호는 900101-1234567 이에요 신용장이 뭐예요?")
    assert "1234567" not in repr(told)


async def test_nothing_is_changed_by_suggesting(naru: Assistant, desk: Settings, staff: None) -> None:
    customer = Customer(naru)
    await customer.say("신용장이 뭐예요?")
    await customer.press('/ask_duty{"country": "US"}')
    await customer.handed()
    await customer.say("양말이요")
    before = everything(desk)
    said = [*(each[0] for each in ANSWERED), *(each[0] for each in DONE)]
    asked_for = ["담당자 바꿔주세요", "처음부터 다시", "소식 그만 보내주세요", "홍콩 거쳐서 가면요?", "PDF로 주세요"]
    for words in [*said, *GUESSES, *asked_for]:
        await suggested(naru, words, customer.id)
    assert everything(desk) == before


def everything(desk: Settings) -> dict[str, Any]:
    """Every row of every table, and every file of the data folder's files."""
    with sessions(desk.database)() as session:
        names = inspect(session.get_bind()).get_table_names()
        kept = {name: [tuple(row) for row in session.execute(text(f'SELECT * FROM "{name}"'))] for name in names}
    return kept | {"files": sorted(path.name for path in Path(desk.data_dir).rglob("*") if "log" not in path.suffix)}
