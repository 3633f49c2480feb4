"""Words about the people at the desk: asking for hours, asking when somebody comes, and wanting one now."""

from __future__ import annotations

import pytest

from actions.desk.asked_when import asks_hours, asks_when

HOURS = """상담 언제 열어요|상담 시간이 어떻게 되나요|상담사분들 몇시까지 하세요|토욜에도 담당자 있어요?|공휴일에도 상담하시는지
점심시간에도 상담 돼여?|거기 직원분 퇴근하셨나요|주말에 사람 상담 하나요|내일 몇 시부터 상담원 연결 되나요
when are you open|what are your advisers' hours|until when can i talk to someone today|are your people there on saturday
what time does the help desk open|do you have staff on public holidays"""
COMING = """담당자 언제 와요?|사람 아직이에요?|앞에 몇 명 기다리나요|얼마나 더 기다려야 상담원이 받나요|아무도 안 와요 저기요
전화 준다더니 언제 주시는 거예요|제 차례 언제 와요|is anybody coming|how many people are ahead of me in the queue
how long till somebody picks up|when will you call me back"""
NOW = """상담원 연결해 주세요|담당자 바꿔줘|사람이랑 얘기하고 싶어요|급해요 상담사님 연결점ㅠㅠㅠ|퇴근 전에 담당자 좀 불러 주세요
I want to talk to a human|please connect me to an agent before you close"""


def each(words: str) -> list[str]:
    return [one for line in words.splitlines() for one in line.split("|")]


@pytest.mark.parametrize("words", each(HOURS))
def test_hours_are_asked_for(words: str) -> None:
    assert asks_hours(words)


@pytest.mark.parametrize("words", each(COMING))
def test_it_is_asked_when_somebody_comes(words: str) -> None:
    assert asks_when(words) and not asks_hours(words)


@pytest.mark.parametrize("words", each(NOW))
def test_somebody_is_wanted_now(words: str) -> None:
    assert not asks_hours(words) and not asks_when(words)
