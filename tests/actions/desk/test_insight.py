"""Figures counted by hand beforehand: a small week in both databases, with people on two channels and at midnight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, event
from sqlalchemy.orm import Session

from actions.cases.tables import ApplicationRow, FirmRow
from actions.desk import insight_desk, insight_outcomes, insight_turns
from actions.desk.insight import Asked, Figures, Insight, Table
from actions.desk.insight_asked import gathered, spoken_in
from actions.desk.insight_desk import Waits
from actions.desk.tables import HandoverEventRow, HandoverRow
from knowledge.database.engine import engine, sessions
from knowledge.database.tables import ConversationRow, FeedbackRow, SimulationRow, TrackerStateRow, TurnRow
from knowledge.settings import Settings

WEEK = Asked(date(2026, 3, 2), date(2026, 3, 8))
KOREA = ZoneInfo("Asia/Seoul")

WEB = [f"w{number}" for number in range(1, 9)]
KAKAO = [f"k{number}" for number in range(1, 7)]
TELEGRAM = ["t1", "t2"]


def at(day: int, clock: str = "12:00:00") -> datetime:
    return datetime.fromisoformat(f"2026-03-{day:02} {clock}").replace(tzinfo=KOREA)


def turn(who: str, number: int, moment: datetime, intent: str, outcome: str = "answered", **more: Any) -> TurnRow:
    records = more.pop("records", [])
    answer = {"conversation_id": who, "records": records, "replies": [{"text": "obstacle.no-money"}]}
    return TurnRow(
        conversation_id=who,
        turn_id=number,
        at=moment,
        message={"text": "비밀 이야기"},
        outcome=outcome,
        intent=intent,
        confidence=1.0,
        answer=answer,
        **more,
    )


@pytest.fixture
def session(chosen: Settings) -> Any:
    """The week: 16 people; w1 is also w1b on KakaoTalk."""
    with sessions(chosen.database)() as opened:
        for table in (TrackerStateRow, ApplicationRow, FirmRow, SimulationRow, FeedbackRow, TurnRow, ConversationRow):
            opened.execute(delete(table))
        _talks(opened)
        opened.commit()
        yield opened


def _talks(session: Session) -> None:
    for channel, language, people in (("web", "ko", WEB), ("kakao", "ko", KAKAO), ("telegram", "en", TELEGRAM)):
        for who in people:
            session.add(ConversationRow(id=who, token_digest="", language=language, channel=channel))
    session.add(ConversationRow(id="w1b", token_digest="", language="ko", channel="kakao", joined_to="w1"))
    session.flush()
    for who in (*WEB, *KAKAO, *TELEGRAM):
        session.add(turn(who, 0, at(2, "09:00:00"), "greet", channel=None))
    session.add_all(turn(who, 1, at(2, "00:00:00"), "define", channel="web") for who in WEB)
    session.add_all(turn(who, 2, at(3, "00:30:00"), "ask_origin", "needs_input") for who in WEB[:6])
    session.add_all(turn(who, 1, at(3), "report_obstacle", records=["obstacle.language", "x"]) for who in KAKAO)
    session.add_all(turn(who, 2, at(3), "find_place", "not_in_knowledge") for who in KAKAO[1:])
    session.add_all(turn(who, 1, at(4), "define") for who in TELEGRAM)
    session.add(turn("w1b", 1, at(3), "define", records=["obstacle.language", "obstacle.no-money"]))
    # neither the days before and after count, nor what Naru said of its own accord
    session.add(turn("w8", 2, at(1, "23:59:59"), "define"))
    session.add(turn("w8", 3, at(9, "00:00:00"), "define"))
    session.add(turn("w8", 4, at(3), "none", channel="naru"))


@pytest.fixture
def turns(session: Session) -> Iterator[Any]:
    with gathered(session, WEEK) as found:
        yield found


def rows(table: Table) -> dict[str, tuple[int, ...]]:
    return {row.key: row.counts for row in table.rows}


def shown(figures: Figures, name: str) -> dict[str, tuple[int, ...] | None]:
    return {row.key: None if row.hidden else row.counts for row in figures.tables[name].rows}


def test_volumes(session: Session, turns: Any) -> None:
    found = insight_turns.volumes(session, turns)
    assert found["days"].total is not None and found["days"].total.counts == (28, 17, 16)
    assert rows(found["days"]) == {"2026-03-02": (8, 8, 8), "2026-03-03": (18, 13, 12), "2026-03-04": (2, 2, 2)}
    assert rows(found["channels"]) == {"web": (14, 8, 8), "kakao": (12, 7, 7), "telegram": (2, 2, 2)}
    assert rows(found["languages"]) == {"ko": (26, 15, 14), "en": (2, 2, 2)}
    assert rows(found["intents"]) == {
        "define": (11, 11, 10),
        "ask_origin": (6, 6, 6),
        "report_obstacle": (6, 6, 6),
        "find_place": (5, 5, 5),
    }
    assert rows(found["outcomes"]) == {
        "answered": (17, 17, 16),
        "needs_input": (6, 6, 6),
        "not_in_knowledge": (5, 5, 5),
    }


def test_one_channel_and_language(session: Session, turns: Any) -> None:
    of_kakao = insight_turns.volumes(session, spoken_in(turns, Asked(WEEK.since, WEEK.until, "kakao", "ko")))
    assert rows(of_kakao["intents"]) == {"define": (1, 1, 1), "report_obstacle": (6, 6, 6), "find_place": (5, 5, 5)}
    assert (
        rows(insight_turns.volumes(session, spoken_in(turns, Asked(WEEK.since, WEEK.until, "kakao", "en")))["intents"])
        == {}
    )


def test_obstacles_are_those_an_answer_rests_on(session: Session, turns: Any) -> None:
    assert rows(insight_turns.obstacles(session, turns)) == {"obstacle.language": (7, 7), "obstacle.no-money": (1, 1)}


def test_what_firms_told(session: Session, turns: Any) -> None:
    for who in WEB[:6]:
        region = "서울" if who == "w6" else "KR-11"
        firm = {"sector": "food", "region": region, "size": "small", "facts": {"sector": "service"}}
        session.add(
            TrackerStateRow(conversation_id=who, slots={"firm": firm, "country": "VN"}, active_loop={}, events=1)
        )
    for who in KAKAO:
        slots = {"firm": {"facts": {"sector": "beauty"}}, "country": None}
        session.add(TrackerStateRow(conversation_id=who, slots=slots, active_loop={}, events=1))
    session.add(TrackerStateRow(conversation_id="w7", slots={"firm": None}, active_loop={}, events=1))
    session.flush()
    found = {table.name: rows(table) for table in insight_outcomes.firms(session, turns)}
    assert found == {
        "sectors": {"food": (6,), "consumer_goods": (6,), "unknown": (4,)},
        "regions": {"KR-11": (6,), "unknown": (10,)},
        "sizes": {"small": (6,), "unknown": (10,)},
        "markets": {"VN": (6,), "unknown": (10,)},
    }


def thumb(who: str, number: int, verdict: str) -> FeedbackRow:
    return FeedbackRow(conversation_id=who, turn_id=number, verdict=verdict, comment="비밀")


def handover(session: Session, who: str, moment: datetime, reason: str = "asked", **more: Any) -> str:
    name = f"h-{who}"
    told = {"state": "closed", "language": "ko", "channel": "web", "waiting_since": moment} | more
    session.add(HandoverRow(id=name, conversation_id=who, reason=reason, asked_at=moment, **told))
    session.flush()
    return name


def test_resolved_without_a_person(session: Session) -> None:
    handover(session, "w7", at(4))
    handover(session, "w1b", at(4))  # w1 on another channel
    handover(session, "k6", at(9))  # another week
    session.add_all([thumb("w2", 1, "down"), thumb("k1", 1, "down"), thumb("k2", 1, "up")])
    session.add(thumb("w3", 2, "down"))  # on a question of Naru's, not on the last answer
    session.add(turn("w4", 3, at(5), "define"))
    session.add(thumb("w4", 1, "down"))  # another answer followed
    session.flush()
    with gathered(session, WEEK) as turns:
        table = insight_outcomes.endings(session, turns, WEEK)
    assert rows(table) == {"handed_over": (2,), "rest": (2,), "resolved": (12,)}
    assert table.total is not None and table.total.counts == (16,)


def test_thumbs(session: Session, turns: Any) -> None:
    session.add_all([thumb(who, 1, "up") for who in KAKAO] + [thumb("w1b", 1, "down"), thumb("w1", 1, "down")])
    session.add(thumb("w8", 2, "down"))  # a turn of another week
    session.flush()
    found = {table.name: rows(table) for table in insight_turns.thumbs(session, turns)}
    assert found == {
        "up_intents": {"report_obstacle": (6, 6)},
        "down_intents": {"define": (2, 1)},  # both are one person's
        "up_records": {"obstacle.language": (6, 6), "x": (6, 6)},
        "down_records": {"obstacle.language": (1, 1), "obstacle.no-money": (1, 1)},
    }


def happened(session: Session, name: str, what: str, moment: datetime) -> None:
    session.add(HandoverEventRow(handover_id=name, at=moment, what=what))
    session.flush()


def test_the_desk(session: Session) -> None:
    for who, seconds in zip(WEB, (50, 10, 600, 30, 20, 40), strict=False):
        name = handover(session, who, at(4), "not_known" if who == "w6" else "asked")
        happened(session, name, "accepted", at(4) + timedelta(seconds=seconds))
        happened(session, name, "accepted", at(4) + timedelta(hours=3))  # taken again later
    handover(session, "k1", at(4))  # nobody came
    called = handover(session, "k2", at(5), closed_as="solved")
    happened(session, called, "callback", at(5))
    happened(session, called, "accepted", at(6))
    for who, staff in (("k3", None), ("k4", "mina")):
        happened(session, handover(session, who, at(5), state="callback", staff_id=staff), "callback", at(5))
    handover(session, "w7", at(1))
    assert rows(insight_desk.reasons(session, WEEK)) == {"asked": (9, 9), "not_known": (1, 1)}
    waits = insight_desk.waits(session, WEEK)
    # ranks 3 and 6 of 10, 20, 30, 40, 50, 600
    assert waits.taken == 6
    assert waits.median == pytest.approx(30, abs=0.01) and waits.p90 == pytest.approx(600, abs=0.01)
    assert rows(insight_desk.callbacks(session, WEEK)) == {"solved": (1, 1), "callback": (1, 1), "claimed": (1, 1)}
    assert insight_desk.waits(session, Asked(WEEK.since, WEEK.until, "kakao")) == Waits(0, None, None)


def test_the_waits_of_few_are_hidden(session: Session) -> None:
    for who in WEB[:4]:
        happened(session, handover(session, who, at(4)), "accepted", at(4, "12:00:09"))
    assert insight_desk.waits(session, WEEK) == Waits(0, None, None)


def simulation(number: str, who: str, verdict: str, moment: datetime) -> SimulationRow:
    return SimulationRow(number=number, conversation_id=who, case={}, data={}, result={"verdict": verdict}, at=moment)


def test_funnel_of_simulations(session: Session, turns: Any) -> None:
    session.add_all(simulation(f"q-{who}", who, "qualifies", at(4)) for who in WEB[:5])
    session.add(simulation("d-1", "w1b", "does_not_qualify", at(4)))
    session.add(simulation("d-2", "k1", "does_not_qualify", at(4)))  # opened without asking for one
    session.add(simulation("late", "k2", "qualifies", at(9)))
    session.flush()
    funnel, verdicts = insight_outcomes.simulations(session, turns, WEEK)
    assert [(row.key, row.counts) for row in funnel.rows] == [
        ("simulation_started", (7,)),
        ("simulation_verdict", (6,)),
    ]
    assert rows(verdicts) == {"qualifies": (5, 5), "does_not_qualify": (2, 2)}


def apply(session: Session, who: str, number: int, state: str, submissions: int, day: int = 4) -> None:
    if session.get(FirmRow, f"f-{who}") is None:
        session.add(FirmRow(id=f"f-{who}", conversation_id=who))
        session.flush()
    row = ApplicationRow(id=f"{who}-{number}", conversation_id=who, firm_id=f"f-{who}", programme_id="p", language="ko")
    row.state, row.submissions, row.answers, row.started_at = state, submissions, b"sealed", at(day)
    session.add(row)
    session.flush()


def test_funnel_of_applications(session: Session) -> None:
    for who in WEB:
        apply(session, who, 1, "draft", 0)
    apply(session, "w1", 2, "accepted", 1)
    apply(session, "w2", 2, "accepted", 2)
    apply(session, "w3", 2, "returned", 1)
    apply(session, "k1", 1, "accepted", 1, day=9)
    assert [(row.key, row.counts) for row in insight_outcomes.applications(session, WEEK).rows] == [
        ("application_draft", (8,)),
        ("application_submitted", (3,)),
        ("application_accepted", (2,)),
    ]


def test_small_groups_are_hidden(session: Session, chosen: Settings) -> None:
    session.commit()
    figures = Insight(chosen).figures(WEEK)
    assert figures.total is not None and figures.total.counts == (28, 17, 16)
    assert shown(figures, "days") == {"2026-03-02": None, "2026-03-03": (18, 13, 12), "2026-03-04": None}
    assert shown(figures, "channels") == {"web": (14, 8, 8), "kakao": None, "telegram": None}
    assert shown(figures, "languages") == {"en": None, "ko": None}
    assert list(shown(figures, "intents")) == ["define", "ask_origin", "report_obstacle", "find_place"]
    assert shown(figures, "obstacles") == {"obstacle.language": None, "obstacle.no-money": None}
    assert shown(figures, "endings") == {"resolved": (16,)}
    assert (figures.channels, figures.languages) == (("web",), ())


def test_what_is_hidden_cannot_be_asked_for_alone(session: Session, chosen: Settings) -> None:
    session.commit()
    for channel, language in (("telegram", None), ("kakao", None), (None, "ko"), ("web", "en"), ("nowhere", None)):
        assert Insight(chosen).figures(Asked(WEEK.since, WEEK.until, channel, language)).tables == {}
    alone = Insight(chosen).figures(Asked(WEEK.since, WEEK.until, "web"))
    assert shown(alone, "intents") == {"define": (8, 8, 8), "ask_origin": (6, 6, 6)}


def test_too_few_people_altogether(session: Session, chosen: Settings) -> None:
    session.commit()
    assert Insight(chosen).figures(Asked(date(2026, 3, 4), date(2026, 3, 4))).tables == {}
    assert Insight(chosen).figures(Asked(date(2020, 1, 1), date(2020, 1, 1))).tables == {}


def test_no_words_are_read(session: Session, chosen: Settings) -> None:
    """Neither messages, answers, summaries, notes nor comments leave the database."""
    session.commit()
    asked: list[str] = []
    listening = engine(chosen.database)

    def heard(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(listening, "before_cursor_execute", heard)
    try:
        Insight(chosen).figures(WEEK)
    finally:
        event.remove(listening, "before_cursor_execute", heard)
    assert len(asked) > 10
    for statement in asked:
        assert not any(
            private in statement
            for private in ("message", "comment", "summary", "contact", "note", "phone", "answers,", "firm_fields")
        )
