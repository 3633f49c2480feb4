"""New announcements that fit: after the consent, of the firm's region and need, three at most, once a day."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from actions.news.consent import allow
from actions.news.programmes import note_new_programmes
from actions.news.queue import take_due
from actions.news.telling import NothingToTell, tell
from actions.news.words import PROGRAMMES
from tests.actions.news.conftest import conversation, news_of, seoul
from tests.knowledge.announcements.server import row

Refresh = Callable[..., None]


def call(number: int, entered: str, **changes: Any) -> dict[str, Any]:
    """An announcement open from March to December 2026, entered by its office at a moment of Korean time."""
    return row(number, creatPnttm=entered, reqstBeginEndDe="20260301 ~ 20261231", **changes)


def told(conversation_id: str) -> list[list[str]]:
    """The numbers of the announcements in each message noted."""
    return [[name[-2:] for name in each.data["announcements"]] for each in news_of(conversation_id)]


def test_only_what_came_after_the_consent_is_news(refresh: Refresh) -> None:
    wants = conversation()
    old = call(1, "2026-03-01 09:00:00")
    refresh(seoul(2, 4), old)
    allow(wants, PROGRAMMES, seoul(2, 10))
    assert note_new_programmes(seoul(2, 11)) == 0
    refresh(seoul(3, 4), old, call(2, "2026-03-02 15:00:00"))
    assert note_new_programmes(seoul(3, 9)) == 1
    assert told(wants) == [["02"]]


def test_nobody_is_told_who_did_not_ask(refresh: Refresh) -> None:
    silent = conversation()
    refresh(seoul(3, 4), call(2, "2026-03-02 15:00:00"))
    assert note_new_programmes(seoul(3, 9)) == 0 and news_of(silent) == []


def test_nothing_is_told_twice_and_what_reaches_the_list_late_is_not_lost(refresh: Refresh) -> None:
    wants = conversation()
    allow(wants, PROGRAMMES, seoul(1))
    first = call(1, "2026-03-02 09:00:00")
    refresh(seoul(3, 4), first)
    assert note_new_programmes(seoul(3, 9)) == 1
    assert note_new_programmes(seoul(3, 10)) == 0 and note_new_programmes(seoul(4, 9)) == 0, "no refresh, no news"
    late = call(2, "2026-03-02 18:00:00")  # entered before the last refresh, but only now in the list
    refresh(seoul(4, 4), first, late)
    assert note_new_programmes(seoul(4, 9)) == 1
    changed = call(1, "2026-03-04 12:00:00")  # the office changed it: not new
    refresh(seoul(5, 4), changed, late)
    assert note_new_programmes(seoul(5, 9)) == 0
    assert told(wants) == [["01"], ["02"]]


def test_one_message_a_day_the_rest_tomorrow(refresh: Refresh) -> None:
    wants = conversation()
    allow(wants, PROGRAMMES, seoul(1))
    first, second = call(1, "2026-03-02 09:00:00"), call(2, "2026-03-03 10:00:00")
    refresh(seoul(3, 4), first)
    assert note_new_programmes(seoul(3, 9)) == 1
    refresh(seoul(3, 14), first, second)
    assert note_new_programmes(seoul(3, 15)) == 0
    assert note_new_programmes(seoul(4, 0)) == 1, "after midnight it is another day"
    assert [each.due_at for each in news_of(wants)] == [seoul(3, 9), seoul(4, 8)]


def test_what_is_found_in_the_evening_counts_as_the_next_day_s(refresh: Refresh) -> None:
    wants = conversation()
    allow(wants, PROGRAMMES, seoul(1))
    first, second = call(1, "2026-03-02 09:00:00"), call(2, "2026-03-03 22:00:00")
    refresh(seoul(3, 21), first)
    assert note_new_programmes(seoul(3, 21)) == 1
    refresh(seoul(4, 4), first, second)
    assert note_new_programmes(seoul(4, 9)) == 0, "the message of the fourth is made already"
    assert [each.due_at for each in news_of(wants)] == [seoul(4, 8)]
    assert note_new_programmes(seoul(5, 9)) == 1


def test_three_at_most_and_how_many_more(refresh: Refresh) -> None:
    wants = conversation()
    allow(wants, PROGRAMMES, seoul(1))
    refresh(seoul(3, 4), *(call(number, "2026-03-02 09:00:00") for number in range(1, 6)))
    assert note_new_programmes(seoul(3, 9)) == 1
    (taken,) = take_due(seoul(3, 9))
    reply = tell(taken, "ko", seoul(3, 9))
    assert reply.card is not None and len(reply.card.rows) == 3 and "2개가 더" in (reply.text or "")
    assert len(reply.sources) == 3 and {source.basis for source in reply.sources} == {"official"}
    english = tell(taken, "en", seoul(3, 9))
    assert "2 more" in (english.text or "")


def test_it_says_why_and_how_to_end_it(refresh: Refresh) -> None:
    wants = conversation()
    allow(wants, PROGRAMMES, seoul(1))
    refresh(seoul(3, 4), call(1, "2026-03-02 09:00:00", pblancNm="해외전시회 참가기업 모집"))
    note_new_programmes(seoul(3, 9))
    (taken,) = take_due(seoul(3, 9))
    reply = tell(taken, "ko", seoul(3, 9))
    assert reply.card is not None and reply.card.rows[0][0] == "해외전시회 참가기업 모집"
    assert "알려 달라고 하셔서" in (reply.text or "") and "수신거부" in (reply.text or "")
    assert '/stop_news{"value": "programmes"}' in {choice.payload for choice in reply.choices}
    assert "unsubscribe" in (tell(taken, "en", seoul(3, 9)).text or "")


def test_the_firm_s_region_and_trouble_choose(refresh: Refresh) -> None:
    busan = conversation(firm={"region": "KR-26"})
    seoul_firm = conversation(firm={"region": "KR-11"})
    buyers = conversation(diagnosis={"heard": {"obstacle.standards-certificates": 0.9}})
    for each in (busan, seoul_firm, buyers):
        allow(each, PROGRAMMES, seoul(1))
    refresh(
        seoul(3, 4),
        call(1, "2026-03-02 09:00:00", pblancNm="[부산] 해외전시회 참가기업 모집", hashtags="수출,부산"),
        call(2, "2026-03-02 09:00:00", pblancNm="[서울] 무역보험료 지원", hashtags="수출,서울"),
        call(3, "2026-03-02 09:00:00", pblancNm="해외 규격 인증 취득 비용 지원"),
    )
    note_new_programmes(seoul(3, 9))
    assert told(busan) == [["01", "03"]]
    assert told(seoul_firm) == [["02", "03"]]
    assert told(buyers) == [["03"]]


def test_what_closed_before_it_could_be_told_is_left_out(refresh: Refresh) -> None:
    wants = conversation()
    allow(wants, PROGRAMMES, seoul(1))
    closing = row(1, creatPnttm="2026-03-02 09:00:00", reqstBeginEndDe="20260301 ~ 20260303")
    refresh(seoul(3, 4), closing)
    note_new_programmes(seoul(3, 9))
    (taken,) = take_due(seoul(3, 9))
    assert tell(taken, "ko", seoul(3, 20)).card is not None, "on its last day it is open"
    with pytest.raises(NothingToTell):
        tell(taken, "ko", seoul(4, 8))


def test_of_several_processes_one_notes_it(refresh: Refresh) -> None:
    wants = [conversation() for _ in range(4)]
    for each in wants:
        allow(each, PROGRAMMES, seoul(1))
    refresh(seoul(3, 4), call(1, "2026-03-02 09:00:00"))
    together = Barrier(4)

    def process(_: int) -> int:
        together.wait()
        return note_new_programmes(seoul(3, 9))

    with ThreadPoolExecutor(4) as pool:
        noted = list(pool.map(process, range(4)))
    assert sum(noted) == len(wants)
    assert [told(each) for each in wants] == [[["01"]]] * 4
