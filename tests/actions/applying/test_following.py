"""Following, correcting, withdrawing and erasing; another's number tells its state and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from actions.applying.firm import Firm
from actions.applying.paper import print_application
from actions.applying.withdrawing import ApplicationWithdraw
from actions.cases import Application, Cases, State
from tests.actions.applying.conftest import Owner
from tests.actions.talking import talking

Ready = Callable[[], Owner]


def sent(owner: Owner) -> Application:
    """Sends what is shown."""
    owner.say("보내 주세요")
    (application,) = Cases().of(owner.id)
    assert application.state is State.SUBMITTED
    return application


def test_own_application_by_number_and_without(ready: Ready) -> None:
    owner = ready()
    number = sent(owner).number or ""
    for asked in ("내 신청 어떻게 됐어요?", f"{number} 어떻게 됐어요", number.lower().replace("-", " - ")):
        assert number in owner.status(asked).words, asked
    assert "거둘 수 있어요" in owner.words


def test_nothing_to_follow(owner: Callable[..., Owner]) -> None:
    assert "아직 없어요" in owner().status("내 신청 어떻게 됐어요?").words


def test_a_wrong_and_an_unknown_number(owner: Callable[..., Owner]) -> None:
    assert "글자를 다시 확인" in owner().status("N-7F3K-2QXX 어떻게 됐어요").words


def test_anothers_number_shows_state_and_programme_only(ready: Ready, owner: Callable[..., Owner]) -> None:
    first = ready()
    number = sent(first).number
    Cases().move(Cases().of(first.id)[0].id, State.IN_REVIEW, "desk", "나루식품에 전화함")
    seen = owner().status(f"{number} 어떻게 됐어요?").words
    assert "수출바우처" in seen and "검토 중" in seen
    for secret in ("나루식품", "전화함", "010", "경기"):
        assert secret not in seen


def test_returned_is_corrected_and_sent_again_under_the_same_number(ready: Ready) -> None:
    owner = ready()
    application = sent(owner)
    Cases().move(application.id, State.IN_REVIEW, "desk")
    Cases().move(application.id, State.RETURNED, "desk", "전화번호가 달라요")
    assert "전화번호가 달라요" in owner.status("내 신청 어떻게 됐어요?").words
    owner.begin(value=application.id)
    assert owner.step == "correct" and "전화번호가 달라요" in owner.words
    owner.say("전화번호").say("02-555-6666").say("보내 주세요")
    again = Cases().get(application.id)
    assert (again.state, again.number, again.submissions) == (State.SUBMITTED, application.number, 2)


def test_applying_twice_is_asked_first(ready: Ready) -> None:
    owner = ready()
    sent(owner)
    owner.begin(value="programme.export-voucher")
    assert owner.step == "again"
    assert owner.press("no").step is None and len(Cases().of(owner.id)) == 1
    owner.begin(value="programme.export-voucher").press("yes")
    assert len(Cases().of(owner.id)) == 2


def test_withdrawing_names_the_application_and_wants_a_yes(ready: Ready) -> None:
    owner = ready()
    application = sent(owner)
    owner.ask(ApplicationWithdraw(), "신청 취소할래요")
    assert owner.step == "withdraw" and application.number and application.number in owner.words
    owner.say("음 글쎄요")
    assert Cases().get(application.id).state is State.SUBMITTED
    owner.say("아니요")
    assert Cases().get(application.id).state is State.SUBMITTED
    owner.ask(ApplicationWithdraw(), "신청 취소할래요").say("네, 거둘게요")
    assert Cases().get(application.id).state is State.WITHDRAWN and "거두어들였어요" in owner.words
    owner.ask(ApplicationWithdraw(), "신청 취소할래요")
    assert "거두어들일 신청이 없어요" in owner.words


def test_another_persons_application_can_not_be_withdrawn(ready: Ready, owner: Callable[..., Owner]) -> None:
    first = ready()
    application = sent(first)
    other = owner()
    other.ask(ApplicationWithdraw(), f"{application.number} 취소해 주세요")
    other.ask(ApplicationWithdraw(), "/withdraw_application", value=application.id)
    assert Cases().get(application.id).state is State.SUBMITTED


def test_another_persons_application_can_not_be_gone_on_with(ready: Ready, owner: Callable[..., Owner]) -> None:
    first = ready()
    draft = Cases().of(first.id)[0]
    other = owner().begin(value=draft.id)
    assert other.slots["application"].get("id") != draft.id and "나루식품" not in other.words


def test_the_firm_is_shown_corrected_and_erased(ready: Ready) -> None:
    owner = ready()
    application = sent(owner)
    assert "010-1234-5678" in owner.ask(Firm(), "내 정보 보여줘").words and all(owner.sealed)
    owner.ask(Firm(), "전화번호 바꾸고 싶어요").say("02-555-6666").say("다 됐어요")
    assert Cases().profile(owner.id)["phone"] == "+8225556666"
    owner.ask(Firm(), "내 정보 지워줘")
    assert owner.step == "erase" and Cases().profile(owner.id)
    owner.say("네")
    assert Cases().profile(owner.id) == {} and not Cases().agrees(owner.id)
    assert Cases().get(application.id).state is State.SUBMITTED and "그대로 남아" in owner.words


def test_correcting_the_profile_asks_for_consent_first(owner: Callable[..., Owner]) -> None:
    one = owner().ask(Firm(), "내 정보 고칠래요")
    assert one.step == "consent"
    one.say("아니요")
    assert Cases().profile(one.id) == {} and one.step is None


def test_the_paper_is_what_was_sent_and_its_owners_alone(ready: Ready, owner: Callable[..., Owner]) -> None:
    one = ready()
    draft = Cases().of(one.id)[0]
    talk = talking("/get_paper", slots={"language": "ko"}, conversation=one.id)
    assert print_application(talk, {"id": draft.id})
    assert talk._dispatcher.messages[0]["custom"]["naru"]["reply"]["file"] is None
    sent(one)
    talk = talking("/get_paper", slots={"language": "ko"}, conversation=one.id)
    assert print_application(talk, {"id": draft.id})
    assert talk._dispatcher.messages[0]["custom"]["naru"]["reply"]["file"]["media_type"] == "application/pdf"
    assert not print_application(talking("/get_paper", conversation=owner().id), {"id": draft.id})


def test_an_erased_application_is_told_to_be_gone(ready: Ready) -> None:
    from actions.cases.forgetting import erase

    owner = ready()
    erase(owner.id)
    assert owner.step is None
