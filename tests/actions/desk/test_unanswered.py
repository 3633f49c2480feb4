"""Which turns count as questions without a good answer, which fall together, and what brings a handled one back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import delete

from actions.desk.handled_questions import HandledQuestions, How, State, standing
from actions.desk.question_clusters import Cluster, Clustering, same_words
from actions.desk.question_desk import QuestionDesk
from actions.desk.tables import HandledQuestionRow
from actions.desk.unanswered import Question, Wordings, newest_turn, normal, record_of, unanswered
from actions.texts import text
from knowledge.database.engine import sessions
from knowledge.database.tables import ConversationRow, FeedbackRow, TurnRow
from knowledge.language.detect import detect_language
from knowledge.settings import Settings
from tests.conftest import ROOT

NOON = datetime(2026, 5, 20, 3, 0, tzinfo=UTC)
MONTH = NOON - timedelta(days=30)


def turn(who: str, number: int, words: str | None, outcome: str = "answered", **more: Any) -> TurnRow:
    """A turn as it is recorded; ``message``, ``replies``, ``at``, ``channel`` and ``intent`` where they matter."""
    message = more.pop("message", {"text": words} if words is not None else {})
    replies = more.pop("replies", [{"text": "제가 아는 것 가운데는 없어요.", "choices": []}])
    fixed = {"at": NOON + timedelta(minutes=number), "channel": "web", "intent": "ask_howto"} | more
    answer = {"language": "ko", "records": [], "replies": replies}
    return TurnRow(
        conversation_id=who, turn_id=number, message=message, outcome=outcome, confidence=1.0, answer=answer, **fixed
    )


@pytest.fixture
def session(chosen: Settings) -> Iterator[Any]:
    """An empty database with three conversations; ``joined`` goes on with ``one``."""
    with sessions(chosen.database)() as opened:
        for table in (HandledQuestionRow, FeedbackRow, TurnRow, ConversationRow):
            opened.execute(delete(table))
        for who, joined_to in (("one", None), ("two", None), ("joined", "one")):
            row = ConversationRow(id=who, token_digest="", language="ko", channel="web", joined_to=joined_to)
            opened.add(row)
        opened.flush()
        yield opened


def asked(chosen: Settings, session: Any, *turns: Any) -> dict[str, Question]:
    session.add_all(turns)
    session.commit()
    return {question.words: question for question in unanswered(chosen, MONTH)}


def test_ends_that_leave_a_question_open(chosen: Settings, session: Any) -> None:
    ends = "not_in_knowledge clarify failed answered needs_input out_of_scope refused handed_over".split()
    turns = [turn("one", number, f"질문 {end}", end) for number, end in enumerate(ends)]
    assert list(asked(chosen, session, *turns)) == ["질문 failed", "질문 clarify", "질문 not_in_knowledge"]


def test_thumbs_down_count_and_thumbs_up_do_not(chosen: Settings, session: Any) -> None:
    session.add(FeedbackRow(conversation_id="one", turn_id=1, verdict="down", comment="틀렸어요"))
    session.add(FeedbackRow(conversation_id="one", turn_id=2, verdict="up", comment=None))
    session.add(FeedbackRow(conversation_id="two", turn_id=2, verdict="down", comment=None))
    session.add(FeedbackRow(conversation_id="one", turn_id=3, verdict="down", comment=None))
    session.add(FeedbackRow(conversation_id="one", turn_id=4, verdict="down", comment=None))
    found = asked(
        chosen,
        session,
        turn("one", 1, "싫은 답"),
        turn("one", 2, "좋은 답"),
        turn("one", 3, "안녕하세요 중국에 김 팔고 싶어요", intent="greet"),
        turn("one", 4, "담당자에게 한 말", "handed_over", intent="none"),
    )
    assert set(found) == {"싫은 답", "안녕하세요 중국에 김 팔고 싶어요"}
    assert all(question.thumb_down for question in found.values())


def test_what_was_said_to_be_wrong_counts(chosen: Settings, session: Any) -> None:
    found = asked(
        chosen,
        session,
        turn("one", 1, "FOB가 뭐예요"),
        turn("one", 2, "도착 소식", channel="naru", intent="news", message={}),
        turn("one", 3, "그거 아니에요", "clarify", intent="dissatisfied"),
        turn("two", 1, "CIF가 뭐예요"),
        turn("two", 2, "고마워요", intent="thanks"),
        turn("two", 3, "아니 틀렸다니까요", "clarify", intent="dissatisfied"),
    )
    # what Naru says by itself is not in between; "thank you" is no question, nor is the objection itself
    assert set(found) == {"FOB가 뭐예요"} and found["FOB가 뭐예요"].disputed


def test_what_is_no_question(chosen: Settings, session: Any) -> None:
    sealed = {language: text("application_sealed", language) for language in ("ko", "en")}
    turns = [
        turn("one", 1, None, "clarify", message={"payload": '/define{"record": "term.fob"}'}),
        turn("one", 2, None, "clarify", message={"file_id": "x"}),
        turn("one", 3, None, "failed", message={}),
        turn("one", 4, sealed["ko"], "clarify"),
        turn("one", 5, sealed["en"], "not_in_knowledge"),
        turn("one", 6, "사업자번호가 이거 맞나요", "clarify", replies=[{"text": sealed["ko"]}]),
        turn("one", 7, "ㅋㅋㅋ", "clarify"),
        turn("one", 8, "???", "clarify"),
        turn("one", 9, "아니요", "clarify", intent="deny"),
        turn("one", 10, "더 쉽게", "clarify", intent="simplify"),
        turn("one", 11, "직원이 쓴 글", "clarify", channel="naru"),
        turn("one", 12, "너무 오래된 질문", "clarify", at=MONTH - timedelta(seconds=1)),
        turn("one", 13, "물어본 것", "clarify", at=MONTH),
    ]
    assert list(asked(chosen, session, *turns)) == ["물어본 것"]


def test_what_was_offered_and_what_was_pressed(chosen: Settings, session: Any) -> None:
    buttons = [{"title": "x", "payload": f'/define{{"record": "term.{name}"}}'} for name in ("fob", "cif")]
    buttons.append({"title": "처음으로", "payload": "/menu"})
    found = asked(
        chosen,
        session,
        turn("one", 1, "배에 싣는 거", "clarify", replies=[{"text": "이 중에 있나요?", "choices": buttons}]),
        turn("one", 2, None, message={"payload": '/define{"record": "term.cif"}'}),
        turn("two", 1, "다른 거", "clarify", replies=[{"text": "이 중에 있나요?", "choices": buttons}]),
        turn("two", 2, None, message={"payload": '/define{"record": "term.dap"}'}),
    )
    assert found["배에 싣는 거"].offered == ("term.fob", "term.cif")
    assert found["배에 싣는 거"].taken == "term.cif"
    assert found["다른 거"].taken is None


def test_who_asked_where_and_in_which_language(chosen: Settings, session: Any) -> None:
    found = asked(
        chosen,
        session,
        turn("one", 1, "물어볼게요", "clarify", channel=None),
        turn("joined", 1, "is that so for me too", "clarify", channel="kakao"),
        turn("two", 1, "FOB", "clarify"),
    )
    told = {words: (each.person, each.channel, each.language) for words, each in found.items()}
    assert told == {
        "물어볼게요": ("one", "web", "ko"),
        "is that so for me too": ("one", "kakao", "en"),
        "FOB": ("two", "web", "ko"),
    }


def test_the_newest_are_taken_and_erasing_is_noticed(chosen: Settings, session: Any) -> None:
    asked(chosen, session, *(turn("one", number, f"질문 {number}번", "clarify") for number in range(6)))
    assert [question.turn for question in unanswered(chosen, MONTH, 2)] == [5, 4]
    before = newest_turn(session)
    session.execute(delete(TurnRow).where(TurnRow.turn_id == 2))
    session.commit()
    assert newest_turn(session) != before


@pytest.mark.parametrize("payload", ["", "/menu", "/define{", '/define{"record": 7}', "/define[1]", '/x{"term": "a"}'])
def test_buttons_that_open_no_record(payload: str) -> None:
    assert record_of(payload) is None


def test_same_words_have_the_same_key(chosen: Settings) -> None:
    key = Wordings(chosen).key
    assert key("FOB 가 뭐예요?") == key("fob가  뭐예요") == key("ＦＯＢ가 뭐예요!!")
    assert key("FOB가 뭐예요") != key("CIF가 뭐예요")
    assert len(key("x")) == 64 and normal("A-1 나") == "a1나"


def question(words: str, number: int = 0, person: str | None = None, at: datetime = NOON) -> Question:
    return Question(
        conversation=f"c{number}",
        turn=1,
        person=person or f"p{number}",
        at=at,
        channel="web",
        language=detect_language(words) or "ko",
        key=normal(words),
        words=words,
        intent="ask_howto",
        outcome="clarify",
        thumb_down=False,
        disputed=False,
        offered=(),
        taken=None,
    )


NEEDS = {
    "sausages to Europe": [
        "유럽에 소시지 수출할 수 있나요",
        "EU로 소시지 보내도 되나요?",
        "can we export sausages to the EU",
    ],
    "used cars": [
        "중고차 수출 말소등록 어떻게 해요",
        "중고차 수출하려면 말소 등록 먼저 해야하나요",
        "how do I deregister a used car before exporting it",
    ],
    "dog food to Japan": [
        "강아지 사료 일본에 팔고 싶어요 뭐가 필요하죠",
        "일본에 애견 사료 수출할 때 필요한 것",
        "what do I need to sell dog food in Japan",
    ],
    "PayPal": [
        "페이팔로 돈 받아도 되나요",
        "수출대금을 페이팔로 받을 수 있나요",
        "can I receive export payment through PayPal",
    ],
    "interns": [
        "해외 인턴 채용 지원금 있나요",
        "외국인 인턴 뽑으면 지원해 주나요",
        "subsidy for hiring foreign interns",
    ],
    "strike at the port": [
        "부산항 파업하면 우리 물건 어떻게 되나요",
        "항만 파업 때문에 선적이 늦어지면 어떡해요",
        "what happens to my shipment if Busan port goes on strike",
    ],
    "US patent": [
        "미국 특허 내는 비용 지원되나요",
        "미국 특허 출원 비용 도와주는 사업",
        "is there support for US patent filing costs",
    ],
    "paid twice": [
        "바이어가 돈을 두 번 보냈어요",
        "대금이 두번 들어왔는데 돌려줘야 하나요",
        "the buyer paid twice, must I return it",
    ],
    "broken glass": [
        "유리병이 운송 중에 깨졌어요 누구 책임이에요",
        "배송중 깨진 유리병 보상",
        "glass bottles broke in transit, who is liable",
    ],
    "interest": [
        "수출 대출 금리 얼마예요",
        "수출자금 대출 이자가 몇 프로인가요",
        "what is the interest rate on an export loan",
    ],
    "TikTok": ["틱톡샵에서 팔려면 어떻게 해요", "틱톡샵 입점 방법", "how can I sell on TikTok Shop"],
    "car parts to India": [
        "인도에 자동차 부품 관세 몇 프로예요",
        "인도 자동차부품 관세율 알려주세요",
        "what is the duty on car parts in India",
    ],
    "car parts to Brazil": ["브라질에 자동차 부품 관세 몇 프로예요", "브라질 자동차부품 관세율"],
    "a song": ["노래 불러줘", "노래 한 곡 해줘"],
}
"""What people want, as they may ask for it; none of it was used to choose the distance."""


@pytest.fixture(scope="module")
def clustering(shelf: Any) -> Clustering:
    return Clustering(shelf.library, ROOT / "knowledge/packs/korea")


@pytest.fixture(scope="module")
def clusters(clustering: Clustering) -> list[Cluster]:
    every = [words for wordings in NEEDS.values() for words in wordings]
    return clustering.clusters(question(words, number) for number, words in enumerate(every))


def place(clusters: list[Cluster], words: str) -> int:
    return next(n for n, cluster in enumerate(clusters) if any(each.words == words for each in cluster.wordings))


@pytest.mark.parametrize("need", NEEDS)
def test_the_same_need_falls_together(clusters: list[Cluster], need: str) -> None:
    """Of three wordings, Korean and English among them, two at least are in one cluster."""
    found = [place(clusters, words) for words in NEEDS[need]]
    assert len(set(found)) < len(found)


def test_most_pairs_fall_together(clusters: list[Cluster]) -> None:
    pairs = [pair for wordings in NEEDS.values() for pair in combinations(wordings, 2)]
    together = sum(place(clusters, one) == place(clusters, other) for one, other in pairs)
    assert together >= 0.8 * len(pairs), f"{together} of {len(pairs)}"


def test_different_needs_stay_apart(clusters: list[Cluster]) -> None:
    need_of = {words: need for need, wordings in NEEDS.items() for words in wordings}
    mixed = [{need_of[each.words] for each in cluster.wordings} for cluster in clusters]
    assert [needs for needs in mixed if len(needs) > 1] == []


def test_both_languages_fall_together(clusters: list[Cluster]) -> None:
    assert sum(len(cluster.languages) == 2 for cluster in clusters) >= 6


def test_countries_are_not_endings_of_words(clustering: Clustering) -> None:
    """Ghana is 가나, Iran 이란: neither is named by "where do I go" or "what is meant by"."""
    asked = [
        "인도네시아 할랄 인증은 어디로 가나요",
        "인도네시아 할랄 인증은 어디로 가면 되나요",
        "태국 할랄 인증은 어디로 가나요",
    ]
    found = clustering.clusters(question(words, number) for number, words in enumerate(asked))
    assert [{each.words for each in cluster.wordings} for cluster in found] == [set(asked[:2]), set(asked[2:])]


def test_nothing_and_a_single_question(clustering: Clustering) -> None:
    assert clustering.clusters([]) == []
    (alone,) = clustering.clusters([question("1")])
    assert (alone.size, alone.people, alone.last) == (1, 1, NOON)


def test_a_cluster_counts_people_once_and_the_most_asked_stands_first(clustering: Clustering) -> None:
    asked = [
        question("틱톡샵 입점 방법", 1, "a", NOON),
        question("틱톡샵  입점 방법?", 2, "a", NOON + timedelta(hours=2)),
        question("틱톡샵 입점 방법", 3, "b", NOON + timedelta(hours=1)),
        question("노래 불러줘", 4, "c"),
    ]
    first, second = clustering.clusters(asked)
    assert (first.size, first.people, first.last) == (3, 2, NOON + timedelta(hours=2))
    assert [each.words for each in first.wordings] == ["틱톡샵  입점 방법?"]
    assert second.size == 1
    assert [len(wording.questions) for wording in same_words(asked)] == [3, 1]


def test_handled_and_coming_back(chosen: Settings, session: Any, clustering: Clustering) -> None:
    session.commit()
    handled = HandledQuestions(chosen)
    words = ["틱톡샵에서 팔려면 어떻게 해요", "틱톡샵 입점 방법"]
    long_ago = [question(each, n, at=NOON) for n, each in enumerate(words)]
    (cluster,) = clustering.clusters(long_ago)
    assert standing(cluster, handled.all()).state is State.OPEN

    handled.mark(cluster.keys, How.RECORD, "mina", "faq.tiktok", "썼어요")
    stands = standing(cluster, handled.all())
    assert stands.state is State.HANDLED and stands.handled is not None
    assert (stands.handled.record_id, stands.handled.note, stands.handled.staff_id) == ("faq.tiktok", "썼어요", "mina")

    # the wording that stood for it has left the period: the other one still knows
    other = next(each for each in long_ago if each.key != cluster.key)
    (rest,) = clustering.clusters([other])
    assert standing(rest, handled.all()).state is State.HANDLED

    later = stands.handled.at + timedelta(minutes=1)
    (more,) = clustering.clusters([*long_ago, question("틱톡샵에 입점하는 방법", 7, at=later)])
    assert more.size == 3
    assert (standing(more, handled.all()).state, standing(more, handled.all()).since) == (State.BACK, 1)

    handled.mark(more.keys, How.IGNORED, "mina")
    much_later = later + timedelta(days=400)
    (ignored,) = clustering.clusters([*long_ago, question("틱톡샵 입점 방법", 8, at=much_later)])
    assert (standing(ignored, handled.all()).state, standing(ignored, handled.all()).since) == (State.HANDLED, 1)

    handled.forget(more.keys)
    assert standing(more, handled.all()).state is State.OPEN


def test_an_empty_database(chosen: Settings, session: Any) -> None:
    session.commit()
    found = QuestionDesk(chosen).clusters(30)
    assert (found.clusters, found.cut, found.of("0" * 64)) == ((), False, None)


@pytest.mark.xfail(
    reason="asked in the same way about other goods: the encoder hears the way, not the goods", strict=True
)
def test_different_goods_stay_apart(clustering: Clustering) -> None:
    asked = ["드론 수출하려면 허가 받아야 하나요", "꿀 수출할 때 검사 받아야 하나요"]
    assert len(clustering.clusters(question(words, number) for number, words in enumerate(asked))) == 2
