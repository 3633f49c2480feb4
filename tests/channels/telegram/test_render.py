"""Every answer Naru can give is shown on Telegram whole, within the limits, and as Telegram reads it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from actions import explaining, lookup, small_talk, texts
from actions.reply import Card, Choice, File, Image, IntentNote, Outcome, Reply, SourceNote, TermNote, Turn
from actions.talk import Talk
from actions.trade import comparing
from channels.limits import TELEGRAM
from channels.telegram.keyboard import _rows
from channels.telegram.layout import Block, Look, Span, laid_out, line
from channels.telegram.render import WIDEST_TABLE, bubbles, said
from tests.actions.talking import talking
from tests.channels.telegram.limits_check import Refused, Shown, bare, check_message, check_turn, shown, units

LANGUAGES = ("ko", "en")


def turn_of(*replies: Reply, language: str = "ko") -> Turn:
    intent = IntentNote(name="none", confidence=1.0)
    return Turn(
        conversation_id="c", turn_id=1, language=language, outcome=Outcome.ANSWERED, intent=intent, replies=replies
    )  # type: ignore[arg-type]


def talk_in(language: str, words: str = "/x", **entities: str) -> Talk:
    return talking(words, "define", entities, {"language_chosen": language})


def turn_made(talk: Talk) -> Turn:
    """Returns the turn of what an action said, as the assistant composes it."""
    parts = [message["custom"]["naru"] for message in talk._dispatcher.messages]
    assert parts
    return turn_of(*(Reply(**part["reply"]) for part in parts), language=talk.language)


def source(number: int = 1, **changed: Any) -> SourceNote:
    wanted = {
        "record": "law.x", "title": f"관세법 <시행령> & 규칙 {number}", "locator": "제38조", "as_of": "2026-01-01",
        "url": f"https://law.example.org/?a={number}&b=\"2\"", "basis": "official",
    }  # fmt: skip
    return SourceNote(**(wanted | changed))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fixed_sentence(language: Any) -> None:
    keys = texts.keys(language)
    assert len(keys) > 500
    for key in keys:
        if texts.text(key, language).strip():
            for bubble in said(texts.text(key, language)):
                assert check_message("sendMessage", {"text": bubble.html, "parse_mode": "HTML"}).text, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_record(language: str, shelf: Any) -> None:
    for record in shelf.library.records.values():
        talk = talk_in(language)
        lookup.give(talk, record)
        pages = check_turn(turn_made(talk))
        assert pages[0].parts[0][:2] == ("b", record.text(language).name), record.id
        assert any(tag == "blockquote" for page in pages for tag, _, _ in page.parts), f"{record.id}: no sources"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["simplify", "example", "more"])
def test_every_further_part_of_a_record(language: str, key: str, shelf: Any) -> None:
    for record in shelf.library.records.values():
        talk = talk_in(language, record=record.id)
        explaining.further(talk, key)
        check_turn(turn_made(talk))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_comparison(language: str, shelf: Any) -> None:
    records = shelf.library.records
    pairs = [record.pair for record in records.values() if record.pair]
    assert len(pairs) > 20
    for one, other in pairs:
        talk = talk_in(language)
        explaining.compare(talk, records[one], records[other])
        check_turn(turn_made(talk))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", ["VN", "CN", "US", "AU", "TH", "DE"])
def test_agreements_side_by_side(language: str, country: str) -> None:
    talk = talk_in(language, country=country, hs_code="190230")
    comparing.CompareAgreements().respond(talk)
    check_turn(turn_made(talk))


def test_the_menu_and_what_is_not_known() -> None:
    for language in LANGUAGES:
        talk = talk_in(language)
        small_talk.Greet().respond(talk)
        small_talk.Menu().respond(talk)
        lookup.not_known(talk)
        pages = check_turn(turn_made(talk))
        assert len(pages) == 3


def one(reply: Reply) -> Shown:
    (seen,) = check_turn(turn_of(reply))
    return seen


def test_what_looks_like_markup_is_shown_as_it_is() -> None:
    text = '1 < 2 & 3 > 2, <b>kein</b> &amp; <script>alert(1)</script> &nbsp; "‘'
    assert one(Reply(text=text)).text == text


def test_a_source_is_linked_by_its_title() -> None:
    seen = one(Reply(text="제목\n내용", sources=(source(),)))
    assert ("a", "관세법 <시행령> & 규칙 1", 'https://law.example.org/?a=1&b="2"') in seen.parts
    assert "제38조" in seen.text and "2026-01-01" in seen.text and "법령·정부 자료" in seen.text
    assert ("b", "제목", None) in seen.parts
    unlinked = one(Reply(text="가", sources=(source(url="ftp://x.example/y"),)))
    assert "ftp://x.example/y" in unlinked.text


def test_a_source_shown_once_is_not_shown_again() -> None:
    seen = check_turn(
        turn_of(Reply(text="a", sources=(source(), source())), Reply(text="b", sources=(source(), source(2))))
    )
    assert [page.text.count("규칙 1") for page in seen] == [1, 0] and "규칙 2" in seen[1].text


def test_terms_keep_their_meaning() -> None:
    seen = one(Reply(text="FOB로 팔아요.", terms=(TermNote(term="FOB", plain="배에 실을 때까지 <파는 쪽> 책임"),)))
    assert ("b", "FOB", None) in seen.parts and "배에 실을 때까지 <파는 쪽> 책임" in seen.text


def test_steps_are_numbered() -> None:
    seen = one(
        Reply(text="순서", card=Card(kind="steps", title="할 일", rows=(("준비", "서류를 모아요"), ("신청", "보내요"))))
    )
    assert seen.text.endswith("할 일\n1. 준비\n서류를 모아요\n2. 신청\n보내요")
    assert ("b", "할 일", None) in seen.parts and ("b", "1. 준비", None) in seen.parts


def table(*rows: tuple[str, ...], columns: tuple[str, ...] = ("나라", "세율")) -> Card:
    return Card(kind="table", title="비교", columns=columns, rows=rows)


def test_a_narrow_table_is_aligned() -> None:
    seen = one(Reply(text="표", card=table(("중국", "5.2%"), ("인도네시아", "0%"), ("EU", "3%"))))
    (pre,) = [text for tag, text, _ in seen.parts if tag == "pre"]
    rows = pre.split("\n")
    assert set(rows[1]) == {"-"}
    starts = {wcswidth(row[: re.search(r"[\s\u3000]+(\S+)$", row).start(1)]) for row in (rows[0], *rows[2:])}  # type: ignore[union-attr]
    assert starts == {11}, "인도네시아 is ten columns wide, and one is left between"
    assert "\u3000" in rows[2], "gaps beside Korean letters are as wide as those"
    assert max(wcswidth(row) for row in rows) <= WIDEST_TABLE


def test_a_wide_table_is_told_row_by_row() -> None:
    card = table(
        ("한·아세안 FTA", "기관에서 발급해요", "부가가치 40% 이상이거나 세번이 바뀌어야 해요"),
        columns=("협정", "증명", "기준"),
    )
    seen = one(Reply(text="표", card=card))
    assert not [tag for tag, _, _ in seen.parts if tag == "pre"]
    assert ("b", "한·아세안 FTA", None) in seen.parts
    assert "한·아세안 FTA · 기관에서 발급해요\n부가가치 40%" in seen.text
    long = table(
        ("RCEP", "기관에서 발급하거나 수출자가 스스로 써요", "부가가치 40%", "양허표"),
        columns=("협정", "증명", "기준", "세율"),
    )
    assert "증명: 기관에서 발급하거나" in one(Reply(text="표", card=long)).text


def test_a_long_table_goes_on_under_its_header() -> None:
    rows = tuple((f"{number:03}", "x" * 20) for number in range(300))
    pages = check_turn(turn_of(Reply(text="표", card=table(*rows))))
    assert len(pages) > 1
    for page in pages:
        pre = next(text for tag, text, _ in page.parts if tag == "pre")
        assert pre.startswith("나라") and pre.split("\n")[1].startswith("---")


def test_long_answers_end_at_sentences() -> None:
    sentence = "수출신고는 물건을 배에 싣기 전에 세관에 알리는 일이에요. "
    pages = check_turn(turn_of(Reply(text=sentence * 400, choices=(Choice(title="더", payload="/more"),))))
    assert len(pages) > 2 and all(page.text.endswith("일이에요.") for page in pages)
    assert all(units(page.text) > TELEGRAM.text * 0.9 for page in pages[:-1])
    made = bubbles(turn_of(Reply(text=sentence * 400, choices=(Choice(title="더", payload="/more"),))))
    assert [len(bubble.choices) for bubble in made] == [0] * (len(made) - 1) + [1], "buttons under the last one"


def test_a_bold_line_that_is_too_long_stays_bold() -> None:
    pages = [shown(page) for page in laid_out([Block(((Span("가나다. " * 2000, bold=True), Span("끝")),))])]
    assert len(pages) > 1 and all(page.parts[0][0] == "b" for page in pages)
    assert bare("".join(page.text for page in pages)) == "가나다." * 2000 + "끝"


def test_emoji_count_twice() -> None:
    for page in laid_out([Block((line("😀 " * 3000),))]):
        assert units(shown(page).text) <= TELEGRAM.text


PICTURE, PAPER = (
    Image(url="/files/a", alt="점수 그림"),
    File(url="/files/b", name="초안.pdf", media_type="application/pdf"),
)


def test_a_short_text_is_the_caption() -> None:
    (bubble,) = bubbles(turn_of(Reply(text="여기요", file=PAPER, choices=(Choice(title="더", payload="/more"),))))
    assert bubble.attachment and not bubble.attachment.picture and "여기요" in bubble.html and bubble.choices
    check_turn(turn_of(Reply(image=PICTURE)))


@pytest.mark.parametrize("attached", [{"image": PICTURE}, {"file": PAPER}, {"image": PICTURE, "file": PAPER}])
@pytest.mark.parametrize("length", [0, 10, 1024, 1500, 9000])
def test_captions_keep_their_limit(attached: dict[str, Any], length: int) -> None:
    reply = Reply(text=("가나다라. " * length)[:length], choices=(Choice(title="더", payload="/more"),), **attached)
    check_turn(turn_of(reply))
    made = bubbles(turn_of(reply))
    assert len([bubble for bubble in made if bubble.attachment]) == len(attached)
    assert made[-1].choices


def test_the_only_buttons_of_a_turn_stand_under_its_last_message() -> None:
    more, other = Choice(title="더", payload="/more"), Choice(title="다른 것", payload="/menu")
    only = turn_of(Reply(text="판정", choices=(more,)), Reply(text="서류"))
    assert [bubble.choices for bubble in bubbles(only)] == [(), (more,)]
    each = turn_of(Reply(text="가", choices=(more,)), Reply(text="나", choices=(other,)), Reply(text="다"))
    assert [bubble.choices for bubble in bubbles(each)] == [(more,), (other,), ()]


def test_a_table_of_short_values_is_one_line_a_row() -> None:
    seen = one(Reply(text="표", card=table(("현지 법, 규정, 상관습에 관한 정보가 많이 부족해요", "10.1%"))))
    assert (
        "· 현지 법, 규정, 상관습에 관한 정보가 많이 부족해요: 10.1%" in seen.text and ("b", "10.1%", None) in seen.parts
    )


def test_a_verdict_stands_beside_what_it_is_about() -> None:
    card = table(
        ("직접운송", "충족", "한국에서 바로 보내고 다른 나라를 거치지 않아요"), columns=("단계", "결과", "이유")
    )
    seen = one(Reply(text="표", card=card))
    assert seen.text.endswith("직접운송 · 충족\n한국에서 바로 보내고 다른 나라를 거치지 않아요")


def test_long_meanings_are_folded_under_a_heading() -> None:
    terms = tuple(TermNote(term=f"말{number}", plain="뜻이 조금 긴 설명이에요. " * 6) for number in range(3))
    (bubble,) = bubbles(turn_of(Reply(text="x", terms=terms)))
    assert "<blockquote expandable><b>어려운 말 풀이</b>" in bubble.html
    check_turn(turn_of(Reply(text="x", terms=terms)))


def test_files_elsewhere_are_linked() -> None:
    seen = one(
        Reply(text="서식", file=File(url="https://customs.example.org/form.hwp", name="form.hwp", media_type="x"))
    )
    assert ("a", "form.hwp", "https://customs.example.org/form.hwp") in seen.parts


def test_buttons_without_words_get_some() -> None:
    assert one(Reply(choices=(Choice(title="네", payload="/affirm"),))).text == "아래에서 골라 주세요."


def test_more_than_a_hundred_buttons_go_under_several_messages() -> None:
    choices = tuple(Choice(title=str(number), payload=f"/answer{number}") for number in range(250))
    made = bubbles(turn_of(Reply(text="나라", choices=choices)))
    assert [len(bubble.choices) for bubble in made] == [100, 100, 50]
    check_turn(turn_of(Reply(text="나라", choices=choices)))


def test_a_title_a_phone_cuts_off_is_written_out() -> None:
    long = "과학기술분야 정부출연연구기관 등의 설립·운영 및 육성에 관한 법률"
    assert (
        f"▸ {long}"
        in one(Reply(text="x", choices=(Choice(title=long, payload="/a"), Choice(title="짧은", payload="/b")))).text
    )


def test_short_buttons_share_a_row() -> None:
    from telegram import InlineKeyboardButton as Button

    titles = ["더 쉽게", "예를 들면", "더 알려줘", "기한부 신용장 (Usance L/C)", "FOB", "CIF", "EXW"]
    rows = _rows([Button(title, callback_data="x") for title in titles])
    assert [[button.text for button in row] for row in rows] == [
        ["더 쉽게", "예를 들면"], ["더 알려줘"], ["기한부 신용장 (Usance L/C)"], ["FOB", "CIF"], ["EXW"],
    ]  # fmt: skip


LETTERS = st.text(st.sampled_from("가나다 <>&\"'*_`[]()😀.\n-1aB/"), max_size=700)
CELLS = st.lists(st.tuples(LETTERS, LETTERS), max_size=4)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    LETTERS,
    CELLS,
    st.sampled_from(["steps", "list", "table"]),
    st.lists(st.tuples(LETTERS, LETTERS), max_size=3),
    st.booleans(),
    st.integers(1, 8),
)
def test_whatever_is_said_is_shown_whole(
    text: str, rows: Any, kind: Any, terms: Any, sourced: bool, times: int
) -> None:
    reply = Reply(
        text=f"시작 {text * times}", card=Card(kind=kind, title=f"제목{text[:40]}", columns=("가", "나"), rows=tuple(rows)),
        terms=tuple(TermNote(term=f"t{term[:50]}", plain=plain) for term, plain in terms), sources=(source(),) if sourced else (),
    )  # fmt: skip
    try:
        check_turn(turn_of(reply))
    except Refused as refused:
        assert "markdown is left over" in str(refused), "what a person typed like markdown is shown as typed"


def test_quotes_are_never_nested() -> None:
    html = laid_out([Block((line("a"),), Look.QUOTE), Block((line("b"),), Look.FOLDED)])
    assert html == ["<blockquote>a</blockquote>\n<blockquote expandable>b</blockquote>"]
    shown(html[0])
