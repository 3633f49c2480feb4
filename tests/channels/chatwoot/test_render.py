"""Replies as Chatwoot's messages: shown exactly as said, nothing lost, inside the limits, for everything Naru can say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.files import folder
from actions.lookup import give
from actions.present import more
from actions.reply import Card, Choice, File, Image, IntentNote, Outcome, Reply, SourceNote, TermNote, Turn
from actions.texts import keys, text
from bot.check import checked
from channels.chatwoot.render import bold, escape, posts
from channels.limits import CHATWOOT
from knowledge.record import Language
from tests.actions.talking import talking
from tests.channels.chatwoot.shown import TYPESET, Misread, links, shown

LANGUAGES: tuple[Language, ...] = ("ko", "en")


def turn(*replies: Reply, language: Language = "ko") -> Turn:
    return Turn(
        conversation_id="c",
        turn_id=1,
        language=language,
        outcome=Outcome.ANSWERED,
        intent=IntentNote(name="none", confidence=0),
        replies=replies,
    )


def plainly(words: str) -> str:
    """Words as a browser shows them: white space inside a line counts once, empty lines part paragraphs."""
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in words.splitlines()]
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip()


@pytest.mark.parametrize(
    "words",
    [
        "2024. 5. 1. 기준이에요",
        "1) 서류\n2) 신청",
        "관세율 8% * 0.5 = 4%\n*중요*한 말",
        "# 제목 아님",
        "#수출 해시",
        "> 인용 아님",
        "- 목록 아님\n+ 목록 아님",
        "값\n---\n값",
        "값\n===",
        "3~5일, 7~9일, ~~지움~~",
        "snake_case_name 그리고 _강조_",
        "<script>alert(1)</script> <b>굵게</b>",
        "[링크](javascript:alert(1)) ![그림](http://x.kr/a.png)",
        "`코드` ``` 코드",
        "A & B &amp; C &lt;",
        "역슬래시 \\ 와 \\* ",
        "{{ contact.email }} 그리고 {% if a %}",
        "| 표 | 아님 |\n|---|---|\n| 1 | 2 |",
        "    네 칸 들여쓰기\n\n    둘째 문단도",
        "· 머리\n   들여 쓴 줄",
        "RVC(build-down) >= 40%",
        "제3조(c)와 (R), (tm)",
    ],
)
def test_words_are_shown_as_they_are(words: str) -> None:
    assert plainly(shown(escape(words))) == plainly(words)


def test_liquid_never_reaches_chatwoot() -> None:
    assert not re.search(r"\{\{|\{%", escape("{{ contact.email }} {% raw %} {{{"))


def test_typographic_replacements_change_no_meaning() -> None:
    assert shown(escape("제3조(c), 5 +- 1, a -- b --- c"), TYPESET) == "제3조(c), 5 +- 1, a -- b --- c"


def test_addresses_can_be_pressed_and_nothing_else_of_the_sentence_is_part_of_them() -> None:
    words = "보세요: https://www.kita.net/a_b_c?x=1&y=[2]. (https://ko.wikipedia.org/wiki/FTA_(a)) https://x.kr로"
    assert links(escape(words)) == [
        "https://www.kita.net/a_b_c?x=1&y=%5B2%5D",
        "https://ko.wikipedia.org/wiki/FTA_(a)",
        "https://x.kr",
    ]
    assert shown(escape(words)) == words


@given(st.text(alphabet="가나 ab1.)(#>*_-+=|~`[]<>&;{}%:\\!\n\t\"'/h", max_size=60))
def test_no_text_is_misread(words: str) -> None:
    assert plainly(shown(escape(words))) == plainly(words)


def test_the_judge_of_these_tests_sees_what_is_misread() -> None:
    with pytest.raises(Misread):
        shown("1. 목록")
    assert shown("**굵게**") == "굵게"


def test_a_heading_is_bold_whatever_is_in_it() -> None:
    assert bold("*별* (1)") == "**\\*별\\* (1)**"
    assert shown(bold('"따옴표"로 시작하는 제목!')) == '"따옴표"로 시작하는 제목!'
    assert bold("  ") == ""


SOURCE = SourceNote(
    record="term.x", title="관세법", locator="제3조", url="https://law.go.kr/a_b", as_of="2024-01-02", basis="official"
)


def test_everything_of_a_reply_is_there(tmp_path: Path, settings: Any) -> None:
    path = folder(settings) / "file-of-the-render-test"
    path.write_bytes(b"%PDF-1.7")
    picture = folder(settings) / "picture-of-the-render-test"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 300)
    reply = Reply(
        text="답이에요.",
        terms=(TermNote(term="관세", plain="수입할 때 내는 세금"),),
        choices=(Choice(title="더 보기", payload="/more"),),
        card=Card(kind="table", title="표", columns=("나라", "세율"), rows=(("중국", "8%"), ("미국", "0%"))),
        image=Image(url="/files/picture-of-the-render-test", alt="그림 설명"),
        file=File(url="/files/file-of-the-render-test", name="결과.pdf", media_type="application/pdf"),
        sources=(SOURCE,),
    )
    words, image, file, buttons = posts(turn(reply), settings)
    seen = shown(words.content)
    for part in (
        "답이에요.",
        "표",
        "중국",
        "세율: 8%",
        "미국",
        "관세",
        "수입할 때 내는 세금",
        "관세법",
        "제3조",
        "2024-01-02",
    ):
        assert part in seen
    assert links(words.content) == ["https://law.go.kr/a_b"]
    assert (image.content, image.path, image.name, image.media_type) == ("그림 설명", picture, "naru.png", "image/png")
    assert (file.path, file.name, file.media_type) == (path, "결과.pdf", "application/pdf")
    assert buttons.choices == reply.choices
    assert buttons.content == text("chatwoot_choose", "ko")


def test_a_file_that_is_gone_or_elsewhere_becomes_its_name_and_address(settings: Any) -> None:
    chosen = settings.model_copy(update={"public_url": "https://naru.example"})
    gone = Reply(file=File(url="/files/never-there", name="a_b.pdf", media_type="application/pdf"))
    out = Reply(file=File(url="/files/../../etc/passwd", name="x.pdf", media_type="application/pdf"))
    (post,) = posts(turn(gone), chosen)
    assert post.path is None and shown(post.content) == "a_b.pdf\nhttps://naru.example/files/never-there"
    assert posts(turn(out), chosen)[0].path is None


def test_a_very_long_answer_is_split_and_loses_nothing(settings: Any) -> None:
    words = " ".join(f"문장 {number}번이에요." for number in range(30_000))
    shown_posts = posts(turn(Reply(text=words)), settings)
    assert len(shown_posts) > 1 and all(len(post.content) <= CHATWOOT.content for post in shown_posts)
    assert " ".join(shown(post.content) for post in shown_posts).split() == words.split()


def judged(made: Turn, settings: Any) -> None:
    """Looks whether a turn is whole and inside the limits."""
    got = posts(made, settings)
    seen = plainly("\n".join(shown(post.content) for post in got))
    pressed = {unquote(link) for post in got for link in links(post.content)}
    titles = [choice for post in got for choice in post.choices]
    assert all(len(post.content) <= CHATWOOT.content for post in got)
    for reply in made.replies:
        assert plainly(reply.text or "") in seen
        for part in _parts(reply):
            assert plainly(part) in seen, part
        assert {unquote(note.url) for note in reply.sources if note.url} <= pressed
        assert set(reply.choices) <= set(titles)


def _parts(reply: Reply) -> Iterator[str]:
    for term in reply.terms:
        yield from (term.term, term.plain)
    if reply.card:
        yield reply.card.title
        yield from (cell for row in reply.card.rows for cell in row)
    for note in reply.sources:
        yield from filter(None, (note.title, note.locator, note.as_of, note.url))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fixed_sentence(language: Language, settings: Any) -> None:
    for key in sorted(keys(language)):
        judged(turn(Reply(text=text(key, language)), language=language), settings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_record(language: Language, shelf: Any, settings: Any) -> None:
    told = 0
    for record in shelf.library.records.values():
        talk = talking("/define", slots={"language_chosen": language})
        give(talk, record)
        replies = [Reply.model_validate(each["custom"]["naru"]["reply"]) for each in talk._dispatcher.messages]
        further = more(talk, record)
        judged(checked(turn(*replies, *([further] if further else []), language=language)), settings)
        told += 1
    assert told > 300
