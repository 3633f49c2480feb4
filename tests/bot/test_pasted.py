"""Which messages are texts to be explained, and what is answered to them and to the buttons under them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.files import keep_file
from actions.reply import Outcome, Turn
from bot.conversations import Conversations
from bot.guard import Message
from bot.passage import Passage
from bot.pasted import PastedTexts, pasted
from knowledge.database.engine import sessions
from knowledge.database.tables import TrackerStateRow
from knowledge.record import Language
from tests.knowledge.explaining.test_letters import BY_NAME

ROOT = Path(__file__).resolve().parents[2]
NOTICE = """[대한상공회의소] 원산지증명서 발급 신청 보정 요구
귀사가 2026년 11월 20일 신청한 원산지증명서에 다음과 같은 미비점이 있어 보정을 요구합니다.
상업송장의 금액과 포장명세서의 수량, B/L 번호, HS코드, CBM, ETD가 신청서와 다릅니다.
2026년 11월 27일까지 위 서류를 보완하여 무역인증서비스센터로 제출하시기 바랍니다."""
OWN_STORY = (
    "저희는 직원 다섯 명인 화장품 회사인데 작년에 베트남 바이어한테 샘플을 보냈습니다. 그런데 통관에서 걸렸고 "
    "서류도 뭐가 필요한지 모르겠고 관세사는 비싸다고 해서 고민이에요. 이번에는 정식으로 수출하고 싶은데 어디서부터 "
    "시작해야 할까요? 지원사업 같은 것도 있으면 같이 알려주세요. 신용장이 안전하다고 하는데 맞는지도 궁금해요."
)


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (NOTICE, NOTICE),
        (f"이 공문 무슨 뜻이에요: {NOTICE}", NOTICE),
        (f"{NOTICE}\n\n이거 무슨 말이에요?", NOTICE),
        ("explain this letter: Please surrender the B/L by 5 May", "Please surrender the B/L by 5 May"),
        ("받은 메일 쉽게 풀어줘\nDear Mr Kim, please send the P/I", "Dear Mr Kim, please send the P/I"),
        ("이 메일 무슨 뜻이에요?\n선적 서류를 내일까지 보내 주세요", "선적 서류를 내일까지 보내 주세요"),
        ("신용장 해석해줘", ""),
        ("what does this notice mean?", ""),
        (":20: A1\n:31D: 270101 KOREA\n:32B: USD5,", ":20: A1\n:31D: 270101 KOREA\n:32B: USD5,"),
    ],
)
def test_texts_to_be_explained(words: str, body: str) -> None:
    found = pasted(words)
    assert found is not None
    assert found.body == body


@pytest.mark.parametrize(
    "words",
    [OWN_STORY, "신용장 설명해줘", "신용장이 뭐예요", "what is a letter of credit", "explain letter of credit", "하자 통지 받았는데 어떻게 해요",
     "이번 달 공고 뭐 떴어", "B/L 무슨 뜻이에요", "translate this love letter", "가" * 300, ""],
)  # fmt: skip
def test_own_words(words: str) -> None:
    assert pasted(words) is None


def test_no_question_of_the_test_sets_is_taken_for_a_text() -> None:
    asked = [
        step["user"]
        for path in (ROOT / "tests" / "conversations").glob("*.yaml")
        if not path.stem.startswith("explaining")
        for conversation in yaml.safe_load(path.read_text(encoding="utf-8"))
        for step in conversation["turns"]
        if "user" in step
    ]
    assert len(asked) > 200
    assert [words for words in asked if pasted(words)] == []


class Person:
    """Somebody whose messages reach only the step that explains."""

    def __init__(self, settings: Any, language: Language = "ko") -> None:
        self.conversations = Conversations(settings.database)
        self.texts = PastedTexts(self.conversations)
        self.id = self.conversations.open(language, "web").id

    def send(self, **message: str) -> Turn | None:
        passage = Passage(
            self.id,
            Message(**message),
            "ko",
            self.conversations.visit(self.id),
            self.conversations.next_turn_id(self.id),
            text=message.get("text", ""),
        )
        asyncio.run(self.texts.answer(passage))
        if passage.turn:
            self.conversations.record(passage.turn, passage.message.kept(99_999 if passage.whole else 5000), "web")
        return passage.turn

    def press(self, title: str) -> Turn:
        last = self.conversations.history(self.id)[-1]
        payload = next(c["payload"] for r in last["replies"] for c in r["choices"] if c["title"] == title)
        turn = self.send(payload=payload)
        assert turn is not None
        return turn


def everything(turn: Turn | None) -> str:
    assert turn is not None
    parts = []
    for reply in turn.replies:
        parts.append(reply.text or "")
        parts += [cell for row in (reply.card.rows if reply.card else ()) for cell in row]
    return "\n".join(parts)


def test_a_notice_its_words_and_the_whole(settings: Any, shelf: Any) -> None:
    person = Person(settings)
    turn = person.send(text=NOTICE)
    said = everything(turn)
    assert turn and turn.outcome is Outcome.ANSWERED and turn.language == "ko"
    assert "보정 요구" in said and "언제까지: 2026년 11월 27일까지" in said and "어디에: 무역인증서비스센터" in said
    assert turn.replies[0].card and len(turn.replies[0].card.rows) == 6
    assert turn.replies[0].sources
    more = person.press("용어 더 보기")
    first = {row[0] for row in turn.replies[0].card.rows}
    second = {row[0] for row in more.replies[0].card.rows} if more.replies[0].card else set()
    assert second and not first & second
    payload = f'/explain_text{{"turn": "{turn.turn_id}", "part": "plain"}}'
    assert "제출해 주세요" in everything(person.send(payload=payload))


def test_a_letter_of_credit_and_its_dangers(settings: Any, shelf: Any) -> None:
    person = Person(settings)
    turn = person.send(text=BY_NAME["soft clauses everywhere"]["text"])
    said = everything(turn)
    for words in (
        "2027년 1월 31일",
        "2027년 2월 7일",
        "2027년 2월 15일",
        "선하증권",
        "바이어가 서명하는 서류",
        "USD 86,500",
    ):
        assert words in said
    told = everything(person.press("바이어가 서명하는 서류"))
    assert "ISSUED AND SIGNED BY APPLICANT" in told and "이렇게 하세요" in told
    assert "서류를 갖출 수 없어요" in everything(person.press("조심할 조건"))


def test_an_english_credit_is_explained_in_the_language_of_the_conversation(settings: Any, shelf: Any) -> None:
    text = BY_NAME["sight credit as a seller wants it"]["text"]
    korean, english = Person(settings, "ko").send(text=text), Person(settings, "en").send(text=text)
    assert korean and korean.language == "ko" and "신용장" in everything(korean)
    assert english and english.language == "en" and "January 30, 2027" in everything(english)


def test_asking_first_and_pasting_then(settings: Any, shelf: Any) -> None:
    person = Person(settings)
    asked = person.send(text="신용장 해석해줘")
    assert asked and asked.outcome is Outcome.NEEDS_INPUT and "붙여 넣어" in everything(asked)
    assert "신용장" in everything(person.send(text=BY_NAME["an amendment"]["text"]))


def test_a_text_file(settings: Any, shelf: Any) -> None:
    person = Person(settings)
    file = keep_file(person.id, "통지.txt", "text/plain", NOTICE.encode("cp949"))
    turn = person.send(file_id=file.url.rsplit("/", 1)[-1])
    assert "보정 요구" in everything(turn)
    assert "제출해 주세요" in everything(person.press("전체 풀어 보기"))


def test_files_and_buttons_that_are_not_its_own(settings: Any, shelf: Any) -> None:
    person, other = Person(settings), Person(settings)
    table = keep_file(person.id, "bill.csv", "text/csv", b"a,b")
    assert person.send(file_id=table.url.rsplit("/", 1)[-1]) is None
    theirs = keep_file(other.id, "x.txt", "text/plain", NOTICE.encode())
    assert person.send(file_id=theirs.url.rsplit("/", 1)[-1]) is None
    assert person.send(payload="/greet") is None
    other.send(text=NOTICE)
    for payload in (
        '/explain_text{"turn": "0", "part": "plain"}',
        '/explain_text{"turn": "-1"}',
        '/explain_text{"turn": "x"}',
        "/explain_text{broken}",
        "/explain_text",
        '/explain_text{"turn": "99999999999999999999"}',
    ):
        turn = person.send(payload=payload)
        assert turn and turn.outcome is Outcome.NEEDS_INPUT, payload
        assert "무역인증서비스센터" not in everything(turn)


def test_an_unknown_part_gives_the_first_answer(settings: Any, shelf: Any) -> None:
    person = Person(settings)
    first = person.send(text=NOTICE)
    assert first is not None
    again = person.send(payload=f'/explain_text{{"turn": "{first.turn_id}", "part": "nonsense", "begin": "-5"}}')
    assert everything(again) == everything(first)


def test_in_an_interview_only_what_is_asked_for_is_taken_out(settings: Any, shelf: Any) -> None:
    person = Person(settings)
    asked = person.send(text="신용장 해석해줘")  # stands for the interview's question
    assert asked is not None
    with sessions(settings.database).begin() as session:
        loop = {"name": "interview_form"}
        session.add(TrackerStateRow(conversation_id=person.id, slots={}, active_loop=loop, events=1))
    assert person.send(text=NOTICE) is None
    assert person.send(text="신용장 해석해줘") is None
    wished = person.send(text=f"이 공문 무슨 뜻이에요: {NOTICE}")
    assert wished and wished.outcome is Outcome.NEEDS_INPUT
    assert "무역인증서비스센터" in everything(wished)
    assert wished.replies[-1] == asked.replies[-1]
