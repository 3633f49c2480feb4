"""The checklist interview, against the pack's rules read by hand."""

from __future__ import annotations

from typing import Any

from actions.errands.checking_papers import PAPERS, PapersStart
from actions.errands.papers_told import print_papers
from actions.files import sent_file
from actions.talk import Talk
from tests.actions.errands.said import bubbles, buttons, words
from tests.actions.talking import talking

ALL = {"incoterm": "CIF", "payment": "lc_sight", "transport": "sea_fcl", "product_kind": "food", "destination": "VN"}


def start(said: str, slot: dict[str, Any] | None = None, **entities: str) -> Talk:
    talk = talking(said, "make_checklist", entities, {"checklist": slot} if slot else {})
    PapersStart().respond(talk)
    return talk


def test_the_message_tells_what_it_tells_and_the_rest_is_asked() -> None:
    talk = start("CIF로 베트남에 라면 보내는데 서류 뭐 필요해요? 신용장이에요", country="VN")
    state = talk.slot("checklist")
    assert state["told"] == {"incoterm": "CIF", "payment": "lc_sight", "product_kind": "food", "destination": "VN"}
    assert PAPERS.next_step(talk, state) == "transport"


def test_half_an_answer_asks_the_narrower_question() -> None:
    talk = start("서류 체크리스트 배로 보내요")
    reply = PAPERS.ask(talk, talk.slot("checklist"), "transport")
    assert "FCL" in (reply.text or "") and len(reply.choices) == 3
    told = PAPERS.read(talking("배로요"), {}, "transport", "배로요")
    assert told and told["half"] == {"transport": "sea"} and PAPERS.next_step(talk, told) == "incoterm"


def test_skipping_correcting_and_telling_more_than_was_asked() -> None:
    talk = talking("모르겠어요")
    told = PAPERS.read(talk, {"told": {"incoterm": "FOB"}}, "payment", "모르겠어요")
    assert told and told["skipped"] == ["payment"]
    told = PAPERS.read(talking("아니 FOB 말고 CIF예요"), told, "transport", "아니 FOB 말고 CIF예요")
    assert told and told["told"] == {"incoterm": "CIF"} and PAPERS.next_step(talk, told) == "transport"
    told = PAPERS.read(talking("비행기로 보내고 D/P예요"), told, "transport", "비행기로 보내고 D/P예요")
    assert told and told["told"] == {"incoterm": "CIF", "transport": "air", "payment": "dp"} and not told["skipped"]


def test_nonsense_is_no_answer() -> None:
    assert PAPERS.read(talking("ㅁㄴㅇㄹ"), {}, "payment", "ㅁㄴㅇㄹ") is None


def test_a_question_in_the_middle_is_no_answer() -> None:
    talk = talking("FOB가 뭐예요?")
    assert not PAPERS.surely(talk, {}, "incoterm", "FOB가 뭐예요?")
    assert PAPERS.surely(talk, {}, "incoterm", "FOB요")


def test_the_result_lists_papers_with_who_and_why_and_gives_files() -> None:
    talk = talking("", conversation="papers")
    PAPERS.tell(talk, {"told": ALL})
    said = words(talk)
    assert "적하보험" in said, "under CIF the seller insures"
    assert "꼭 필요한 서류" in said and "만드는 곳: " in said
    assert all(bubble["reply"]["sources"] for bubble in bubbles(talk) if bubble["reply"]["card"])
    assert "원본" in said or "조건" in said
    file = bubbles(talk)[-1]["reply"]["file"]
    row, content = sent_file("papers", file["url"].rsplit("/", 1)[-1]) or (None, b"")
    assert row and file["name"].endswith(".xlsx") and content[:2] == b"PK"
    assert print_papers(talk, talk.slot("paper"))
    assert bubbles(talk)[-1]["reply"]["file"]["name"].endswith(".pdf")
    assert not print_papers(talk, {"kind": "checklist"})


def test_what_is_not_told_stays_open_and_can_be_told_later() -> None:
    talk = talking("")
    PAPERS.tell(talk, {"told": {"incoterm": "FOB"}, "skipped": ["payment"]})
    assert "더 알아야 정해지는 서류" in words(talk) and "돈 받는 방법: 아직 몰라요" in words(talk)
    again = start("/make_checklist", {"told": {"incoterm": "FOB"}, "skipped": ["payment"]}, value="open")
    assert PAPERS.next_step(again, again.slot("checklist")) == "payment"


def test_an_unfinished_one_goes_on_and_can_start_afresh() -> None:
    talk = start("서류 체크리스트 만들어줘", {"told": {"incoterm": "FOB"}})
    assert "이어서" in words(talk) and talk.slot("checklist")["told"] == {"incoterm": "FOB"}
    fresh = start("/make_checklist", {"told": {"incoterm": "FOB"}}, value="new")
    assert not fresh.slot("checklist").get("told") and "이어서" not in words(fresh)


def test_a_finished_one_is_forgotten_unless_it_is_to_be_changed() -> None:
    assert not start("서류 체크리스트 만들어줘", {"told": ALL}).slot("checklist").get("told")
    changed = start("체크리스트 FOB로 바꿔서 다시", {"told": ALL}).slot("checklist")["told"]
    assert changed == {**ALL, "incoterm": "FOB"}


def test_sea_terms_by_air_are_warned_about() -> None:
    talk = talking("")
    PAPERS.tell(talk, {"told": {**ALL, "transport": "air"}})
    assert "먼저 볼 것" in words(talk) and bubbles(talk)[0]["reply"]["sources"]


def test_english() -> None:
    talk = start("make me a checklist of papers, CIF by air freight")
    assert talk.slot("checklist")["told"] == {"incoterm": "CIF", "transport": "air"}
    assert "Start afresh" not in buttons(talk)
