"""Everything Naru can say, as KakaoTalk's bubbles: inside every limit, and nothing of it lost."""

from __future__ import annotations

import re
import string
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from actions.lookup import give
from actions.present import more, part
from actions.reply import Card, Choice, File, Image, IntentNote, Outcome, Reply, SourceNote, TermNote, Turn
from actions.texts import keys, text
from bot.check import checked
from knowledge.record import Language
from knowledge.settings import Settings
from tests.actions.talking import talking
from tests.channels.kakao.walking import Response, buttons_of, check_nothing_lost, squeezed, words_of


@pytest.fixture(scope="module")
def outside(settings: Settings) -> Settings:
    """The settings of a Naru that is reached from outside."""
    return settings.model_copy(update={"public_url": "https://naru.example"})


def turn(*replies: Reply, outcome: Outcome = Outcome.ANSWERED, language: Language = "ko") -> Turn:
    return Turn(
        conversation_id="c",
        turn_id=3,
        language=language,
        outcome=outcome,
        intent=IntentNote(name="define", confidence=1),
        replies=replies,
    )


def kinds(responses: list[Response]) -> list[str]:
    return [next(iter(output)) for response in responses for output in response["template"]["outputs"]]


def source(number: int = 1, url: str | None = None, title: str = "관세법 시행령") -> SourceNote:
    return SourceNote(record="r", title=title, locator=f"제{number}조", url=url, as_of="2026-05-08", basis="official")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_fixed_sentence(outside: Settings, language: Language) -> None:
    for key in sorted(keys(language)):
        words = re.sub(r"\{[^}]*\}", "신용장", text(key, language))
        check_nothing_lost(turn(Reply(text=words), language=language), outside)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_record(outside: Settings, shelf: Any, language: Language) -> None:
    for record in shelf.library.records.values():
        talk = talking("", slots={"language_chosen": language})
        give(talk, record)
        said = [Reply(**message["custom"]["naru"]["reply"]) for message in talk._dispatcher.messages]
        further = [more(talk, record), *(part(talk, record, *each) for each in parts_of(record, language))]
        for replies in (said, *([each] for each in further if each)):
            made = turn(*replies, language=language).model_copy(update={"records": (record.id,)})
            check_nothing_lost(checked(made), outside)


def parts_of(record: Any, language: Language) -> list[tuple[str, str]]:
    words = record.text(language)
    found = {"simplify": words.simple, "example": words.example}
    return [(key, body) for key, body in found.items() if body]


# The component that is natural.


def test_plain_talk_is_a_plain_bubble(outside: Settings) -> None:
    made = turn(Reply(text="안녕하세요.", choices=(Choice(title="수출 순서", payload="/ask_process"),)))
    (response,) = check_nothing_lost(made, outside)
    assert response["template"] == {
        "outputs": [{"simpleText": {"text": "안녕하세요."}}],
        "quickReplies": [
            {
                "label": "수출 순서",
                "action": "message",
                "messageText": "수출 순서",
                "extra": {"naru": "/ask_process"},
            }
        ],
    }


def test_an_answer_with_a_source_opens_it(outside: Settings) -> None:
    made = turn(Reply(text="관세는 세금이에요.", sources=(source(url="https://www.law.go.kr/법령/관세법"),)))
    (response,) = check_nothing_lost(made, outside)
    (button,) = response["template"]["outputs"][0]["textCard"]["buttons"]
    assert button == {
        "label": "출처 열기",
        "action": "webLink",
        "webLinkUrl": "https://www.law.go.kr/%EB%B2%95%EB%A0%B9/%EA%B4%80%EC%84%B8%EB%B2%95",
    }


def test_facts_stand_in_two_columns(outside: Settings) -> None:
    rows = (("회사 이름", "나루식품"), ("사업자등록번호", "220-81-62517"), ("대표자", "김나루"))
    made = turn(Reply(text="보관하는 것이에요.", card=Card(kind="list", title="회사 정보", rows=rows)))
    (response,) = check_nothing_lost(made, outside)
    card = response["template"]["outputs"][1]["itemCard"]
    assert card["head"] == {"title": "회사 정보"}
    assert [row["title"] for row in card["itemList"]] == ["회사 이름", "대표자"]
    assert card["description"] == "사업자등록번호: 220-81-62517", "a name of more than six letters stands below"


def test_things_to_pick_are_a_list(outside: Settings) -> None:
    rows = (("수출바우처", "쓰는 중"), ("온라인 수출", "보냄"))
    choices = tuple(Choice(title=name, payload=f'/application_status{{"value": "{name}"}}') for name, _ in rows)
    made = turn(Reply(text="골라 주세요.", card=Card(kind="list", title="내 신청", rows=rows), choices=choices))
    (response,) = check_nothing_lost(made, outside)
    items = response["template"]["outputs"][1]["listCard"]["items"]
    assert [item["messageText"] for item in items] == ["수출바우처", "온라인 수출"]
    assert "quickReplies" not in response["template"], "what the list offers is not offered twice"


def test_several_programmes_are_swiped(outside: Settings) -> None:
    rows = tuple((f"지원사업 {number}", "잘 맞아요. " * 12) for number in range(1, 8))
    choices = (Choice(title="지원사업 2", payload="/define"),)
    made = turn(Reply(text="맞는 사업이에요.", card=Card(kind="list", title="사업", rows=rows), choices=choices))
    (response,) = check_nothing_lost(made, outside)
    cards = response["template"]["outputs"][1]["carousel"]["items"]
    assert [card["title"] for card in cards] == [row[0] for row in rows]
    assert cards[1]["buttons"][0]["messageText"] == "지원사업 2"


def test_what_a_card_cuts_can_be_read_on_the_page(outside: Settings) -> None:
    rows = tuple((f"단계 {number}", "이유를 길게 적어요. " * 20) for number in range(8))
    (response,) = check_nothing_lost(turn(Reply(text="판정", card=Card(kind="list", title="표", rows=rows))), outside)
    for card in response["template"]["outputs"][1]["carousel"]["items"]:
        assert card["description"].endswith("…")
        assert card["buttons"][-1]["label"] == "전체 보기"
        assert card["buttons"][-1]["webLinkUrl"].startswith("https://naru.example/answers/dialogue/3?expires=")


def test_personal_details_are_never_cut_nor_linked(outside: Settings) -> None:
    rows = tuple((f"항목 {number}", "개인정보를 길게 적어요. " * 20) for number in range(8))
    made = turn(Reply(text="확인해 주세요.", card=Card(kind="list", title="표", rows=rows), sealed=True))
    responses = check_nothing_lost(made, outside)
    assert not [button for response in responses for button in buttons_of(response, "webLink")]


def test_files_and_pictures_open_for_a_week(outside: Settings) -> None:
    pdf = File(url="/files/abc", name="원산지_계산서.pdf", media_type="application/pdf")
    chart = Image(url="/files/def", alt="준비 점수 18.5점")
    first, second = check_nothing_lost(turn(Reply(text="다 됐어요.", image=chart), Reply(file=pdf)), outside)[0][
        "template"
    ]["outputs"][1:]
    assert first["basicCard"]["thumbnail"]["imageUrl"].startswith("https://naru.example/files/def?expires=")
    assert second["textCard"]["title"] == "원산지_계산서.pdf"
    assert second["textCard"]["buttons"][0]["label"] == "PDF 열기"


def test_many_terms_and_sources_are_swiped(outside: Settings) -> None:
    terms = tuple(TermNote(term=f"낱말{n}", plain=f"{n}번째 뜻이에요.") for n in range(8))
    sources = tuple(source(n, f"https://law.example/{n}") for n in range(1, 6))
    responses = check_nothing_lost(turn(Reply(text="답이에요.", terms=terms, sources=sources)), outside)
    assert kinds(responses) == ["simpleText", "carousel", "carousel"]
    cards = [card for output in responses[0]["template"]["outputs"][1:] for card in output["carousel"]["items"]]
    assert cards[0] == {"title": "낱말0", "description": "0번째 뜻이에요."}
    assert cards[-1]["title"] == "출처 5. 관세법 시행령"
    assert cards[-1]["buttons"][0]["webLinkUrl"] == "https://law.example/5"


# What does not fit.


def test_thirty_choices(outside: Settings) -> None:
    choices = tuple(Choice(title=f"{number}번", payload=f"/pick_{number}") for number in range(30))
    responses = check_nothing_lost(turn(Reply(text="고르세요.", choices=choices)), outside)
    first = responses[0]["template"]["quickReplies"]
    assert first[0]["label"] == "더 보기" and len(first) == 10
    assert all(words.strip() for response in responses for words in words_of(response))


def test_choices_with_one_title_can_be_told_apart(outside: Settings) -> None:
    choices = tuple(Choice(title="보기", payload=f"/see_{number}") for number in range(3))
    (response,) = check_nothing_lost(turn(Reply(text="고르세요.", choices=choices)), outside)
    assert [reply["messageText"] for reply in response["template"]["quickReplies"]] == ["보기", "보기 (2)", "보기 (3)"]


def test_long_titles_are_shown_whole(outside: Settings) -> None:
    names = ["수출초보기업 사업화 지원 프로그램", "수출초보기업 사업화 지원 안내"]
    choices = tuple(Choice(title=name, payload=f"/see_{n}") for n, name in enumerate([*names, "메뉴"]))
    (response,) = check_nothing_lost(turn(Reply(text="무엇이요?", choices=choices)), outside)
    assert [item["title"] for item in response["template"]["outputs"][1]["listCard"]["items"]] == names
    assert [reply["label"] for reply in response["template"]["quickReplies"]] == ["메뉴"]


def test_long_titles_do_not_hide_behind_the_rest(outside: Settings) -> None:
    choices = tuple(Choice(title=f"수출초보기업 사업화 지원 프로그램 {n}", payload=f"/see_{n}") for n in range(2))
    responses = check_nothing_lost(turn(Reply(text="설명이에요. " * 800, choices=choices)), outside)
    assert [reply["messageText"] for reply in responses[0]["template"]["quickReplies"][1:]] == [
        choice.title for choice in choices
    ]


def test_a_long_title_alone_keeps_its_words_when_pressed(outside: Settings) -> None:
    choice = Choice(title="수출초보기업 사업화 지원 프로그램", payload="/see")
    (response,) = check_nothing_lost(turn(Reply(text="무엇이요?", choices=(choice,))), outside)
    (reply,) = response["template"]["quickReplies"]
    assert (reply["label"], reply["messageText"]) == ("수출초보기업 사업화 지원…", choice.title)


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("rows", [1, 11, 120])
def test_huge_tables(outside: Settings, rows: int, sealed: bool) -> None:
    cells = tuple((f"{number}", "긴 설명 " * 30, "더 긴 설명 " * 40) for number in range(rows))
    card = Card(kind="table", title="아주 큰 표", columns=("번호", "이름", "왜"), rows=cells)
    check_nothing_lost(turn(Reply(text="표예요.", card=card, sources=(source(),), sealed=sealed)), outside)


@pytest.mark.parametrize("words", ["가" * 10_000, "수출은 어렵지 않아요. " * 800, "😀" * 3000, "a\n" * 4000])
def test_long_texts(outside: Settings, words: str) -> None:
    responses = check_nothing_lost(turn(Reply(text=words)), outside)
    assert len(responses) > 1
    assert responses[0]["template"]["quickReplies"][0]["label"] == "더 보기"
    assert "quickReplies" not in responses[-1]["template"]


@pytest.mark.parametrize("replies", [(), (Reply(),), (Reply(text=" "),), (Reply(text="", choices=()),)])
def test_an_empty_turn_still_answers(outside: Settings, replies: tuple[Reply, ...]) -> None:
    (response,) = check_nothing_lost(turn(*replies), outside)
    assert kinds([response]) == ["simpleText"]


def test_a_question_is_asked_before_its_answers_are_offered(outside: Settings) -> None:
    long = Reply(text="설명이에요. " * 800)
    question = Reply(text="어디에 있어요?", choices=(Choice(title="서울", payload="/answer"),))
    responses = check_nothing_lost(turn(long, question, outcome=Outcome.NEEDS_INPUT), outside)
    offered = [[each["label"] for each in response["template"]["quickReplies"]] for response in responses]
    assert offered[0] == ["더 보기"] and offered[-1] == ["서울"]
    assert "어디에 있어요?" in list(words_of(responses[-1]))[-1]


def test_what_to_do_next_is_offered_at_once(outside: Settings) -> None:
    said = Reply(text="설명이에요. " * 800, choices=(Choice(title="PDF로 받기", payload="/get_paper"),))
    responses = check_nothing_lost(turn(said), outside)
    assert [each["label"] for each in responses[0]["template"]["quickReplies"]] == ["더 보기", "PDF로 받기"]
    assert [each["label"] for each in responses[-1]["template"]["quickReplies"]] == ["PDF로 받기"]


# Turns nobody thought of.

LETTERS = st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Zl", "Zp"), blacklist_characters="*_`#<>[]()|\u00a0")
WORDS = st.text(LETTERS, min_size=1, max_size=40).filter(lambda words: words.strip())
LONG = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)
PAYLOADS = st.text(string.ascii_lowercase, min_size=1, max_size=12).map(lambda name: f"/{name}")
CARDS = st.builds(
    Card,
    kind=st.sampled_from(["steps", "list", "table"]),
    title=WORDS,
    columns=st.lists(WORDS, max_size=4).map(tuple),
    rows=st.lists(st.lists(st.one_of(WORDS, LONG, st.just("")), max_size=4).map(tuple), max_size=14).map(tuple),
)
SOURCES = st.builds(
    SourceNote,
    record=WORDS,
    title=st.one_of(WORDS, LONG),
    locator=st.none() | WORDS,
    url=st.none() | st.integers(0, 5).map(lambda number: f"https://law.example/{number}/법"),
    as_of=st.just("2026-01-01"),
    basis=st.sampled_from(["official", "report", "editorial"]),
)
REPLIES = st.builds(
    Reply,
    text=st.none() | LONG,
    terms=st.lists(st.builds(TermNote, term=WORDS, plain=st.one_of(WORDS, LONG)), max_size=9).map(tuple),
    choices=st.lists(st.builds(Choice, title=WORDS, payload=PAYLOADS), max_size=14).map(tuple),
    card=st.none() | CARDS,
    image=st.none() | st.builds(Image, url=st.just("/files/a"), alt=st.one_of(WORDS, LONG)),
    file=st.none() | st.builds(File, url=st.just("/files/b"), name=WORDS, media_type=st.just("application/pdf")),
    sources=st.lists(SOURCES, max_size=7).map(tuple),
    sealed=st.booleans(),
)


@given(
    replies=st.lists(REPLIES, max_size=4),
    outcome=st.sampled_from(list(Outcome)),
    language=st.sampled_from(["ko", "en"]),
)
@trying(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_turn(outside: Settings, replies: list[Reply], outcome: Outcome, language: Language) -> None:
    responses = check_nothing_lost(turn(*replies, outcome=outcome, language=language), outside)
    for reply in replies:
        if reply.image:
            chat = squeezed(" ".join(words for response in responses for words in words_of(response)))
            assert squeezed(reply.image.alt) in chat
