"""Writing an application: consent first, every field once, nothing sent without an explicit yes to what was shown."""

from __future__ import annotations

import json
from collections.abc import Callable

from actions.applying.interview import SEND
from actions.cases import Cases, State
from tests.actions.applying.conftest import FIRM, PDF, VOUCHER, Owner

Owners = Callable[..., Owner]


def send_button(owner: Owner) -> str:
    """Returns the value of the button 보내기."""
    return str(json.loads(owner.buttons()["보내기"].removeprefix("/answer"))["value"])


def test_the_whole_way_to_a_receipt(ready: Callable[[], Owner]) -> None:
    owner = ready()
    assert owner.step == "review"
    for told in ("나루식품", "220-81-62517", "010-1234-5678", "bada@narufood.co.kr", "접수처"):
        assert told in owner.words
    assert [each.state for each in Cases().of(owner.id)] == [State.DRAFT]
    owner.press(send_button(owner))
    (sent,) = Cases().of(owner.id)
    assert sent.state is State.SUBMITTED and sent.number is not None
    assert sent.number in owner.words
    assert owner.slots["paper"] == {"kind": "application", "id": sent.id}


def test_nothing_is_kept_before_consent_and_all_of_it_is_told(owner: Owners) -> None:
    asked = owner().begin(value="programme.export-voucher")
    assert asked.step == "consent"
    for told in ("365일", "사업자등록번호", "지워", "다음 신청 때 다시 묻지 않"):
        assert told in asked.words
    assert not Cases().of(asked.id) and not Cases().agrees(asked.id)


def test_a_question_is_no_consent(owner: Owners) -> None:
    asked = owner().begin(value="programme.export-voucher").say("왜 동의해야 돼요?")
    assert asked.step == "consent" and not Cases().agrees(asked.id)


def test_a_no_shows_what_is_needed_and_one_may_apply_without_being_kept(owner: Owners) -> None:
    refused = owner().begin(value="programme.export-voucher").say("아니요")
    assert refused.step == "alone" and "사업자등록증 사본" in refused.words
    assert not Cases().of(refused.id)
    refused.press("alone").say("나루식품")
    assert Cases().profile(refused.id) == {}
    assert Cases().values(Cases().of(refused.id)[0].id) == {"firm_name": "나루식품"}


def test_bad_input_at_every_field_is_told_and_asked_again(owner: Owners) -> None:
    one = owner().begin(value="programme.export-voucher").say("동의해요")
    wrong = {
        "firm_name": "나" * 81,
        "business_number": "220-81-62518",
        "representative": "900101-*******",
        "contact_name": "이" * 61,
        "phone": "12345",
        "email": "bada@",
        "region": "평양",
        "main_product": "김" * 121,
        "exports_usd": "5만 유로",
        "employees": "많아요",
        "services_wanted": "번역",
        "voucher_before": "글쎄 모르겠는데",
    }
    labels = []
    for (key, bad), good in zip(wrong.items(), (*FIRM, *VOUCHER), strict=True):
        assert one.step == f"field:{key}"
        one.say(bad)
        assert one.step == f"field:{key}", f"{bad} was taken"
        first = one.replies[-1]["text"].splitlines()[0]
        labels.append(first)
        one.say(good)
    assert len(set(labels)) == len(wrong)  # each mistake has a sentence of its own
    assert "사업자등록번호" in labels[1] and "주민등록번호" in labels[2] and "EUR" in labels[8]


def test_back_goes_to_the_field_before_and_forward_again(owner: Owners) -> None:
    one = owner().begin(value="programme.export-voucher").say("동의해요").say("나루식품").say("220-81-62517")
    assert one.step == "field:representative"
    assert one.say("뒤로").step == "field:business_number"
    assert one.say("뒤로").step == "field:firm_name"
    assert one.say("뒤로").step == "field:firm_name"
    assert one.say("나루푸드").step == "field:representative"
    assert Cases().profile(one.id)["firm_name"] == "나루푸드"


def test_one_field_is_corrected_before_sending_and_the_old_button_sends_nothing(ready: Callable[[], Owner]) -> None:
    owner = ready()
    old = send_button(owner)
    assert owner.say("고칠래요 전화번호").step == "field:phone"
    owner.say("02-555-6666")
    assert owner.step == "review" and "02-555-6666" in owner.words
    owner.press(old)
    assert owner.step == "review" and "바뀌었어요" in owner.words
    assert Cases().of(owner.id)[0].state is State.DRAFT
    owner.say("네, 보내 주세요")
    assert Cases().of(owner.id)[0].state is State.SUBMITTED


def test_a_correction_may_bring_the_number_along(ready: Callable[[], Owner]) -> None:
    owner = ready().say("전화번호를 02-555-6666으로 고쳐 주세요")
    assert owner.step == "review" and "02-555-6666" in owner.words


def test_a_made_up_confirmation_sends_nothing(ready: Callable[[], Owner]) -> None:
    owner = ready().press(SEND + "0" * 64)
    assert Cases().of(owner.id)[0].state is State.DRAFT


def test_only_a_clear_yes_sends(ready: Callable[[], Owner]) -> None:
    owner = ready()
    for said in ("음...", "이게 어디로 가요?", "보내도 되나요?"):
        owner.say(said)
        assert owner.step == "review" and Cases().of(owner.id)[0].state is State.DRAFT, said
    owner.say("취소")
    assert owner.step is None and "보내지 않았어요" in owner.words
    assert Cases().of(owner.id)[0].state is State.DRAFT


def test_a_field_of_the_optional_ones_may_be_skipped(owner: Owners) -> None:
    one = owner().begin(value="programme.export-voucher").say("동의해요")
    for answer in (*FIRM, *VOUCHER):
        one.say(answer)
    assert one.step == "more"
    one.say("네")
    assert one.step == "field:size"
    assert one.say("건너뛸게요").step == "field:export_group"
    assert one.say("모르겠어요").step == "field:annual_sales"


def test_documents_wrong_kind_words_instead_and_skipping(owner: Owners) -> None:
    one = owner().begin(value="programme.export-voucher").say("동의해요")
    for answer in (*FIRM, *VOUCHER):
        one.say(answer)
    one.press("no")
    assert one.step == "document:business_registration"
    assert one.send("표.csv", "text/csv", b"a,b\n")
    assert "PDF" in one.words and one.step == "document:business_registration"
    assert "파일이 필요해요" in one.say("나중에 드릴 수 있나요").words
    assert "꼭 필요" in one.say("건너뛰기").words
    assert one.send("증.pdf", "application/pdf", PDF)
    assert one.step == "document:product_leaflet"
    assert one.say("없어요").step == "review"


def test_a_file_that_comes_early_is_put_where_it_fits_and_a_table_is_left_to_others(owner: Owners) -> None:
    one = owner().begin(value="programme.export-voucher").say("동의해요")
    assert one.send("증.pdf", "application/pdf", PDF) and "사업자등록증" in one.words
    assert one.step == "field:firm_name"
    assert not one.send("자재.csv", "text/csv", b"a,b\n")
    assert not owner().send("증.pdf", "application/pdf", PDF)  # nobody is applying


def test_what_was_told_is_used_again_after_it_was_read_over(ready: Callable[[], Owner]) -> None:
    owner = ready().press("cancel").begin(value="programme.export-incubator")
    assert owner.step == "known" and "bada@narufood.co.kr" in owner.words
    assert owner.press("correct").step == "correct"
    assert owner.press("phone").step == "field:phone"
    assert owner.say("02-555-6666").step == "known"
    owner.press("use")
    assert owner.step == "field:target_countries"  # the first thing the incubator needs that the voucher did not


def test_what_was_told_elsewhere_in_the_conversation_is_not_asked_again(owner: Owners) -> None:
    one = owner()
    one.slots["firm"] = {"region": "KR-41", "employees": 12, "exports_usd_last_year": 50000, "size": "sme"}
    one.begin(value="programme.export-voucher").say("동의해요")
    assert one.step == "known" and "경기도" in one.words and "12" in one.words
    values = Cases().values(Cases().of(one.id)[0].id)
    assert values == {"region": "gyeonggi", "exports_usd": 50000, "employees": 12}  # sme says no size class


def test_two_applications_at_once_keep_apart(owner: Owners) -> None:
    one = owner().begin(value="programme.export-voucher").say("동의해요").say("나루식품")
    one.begin(value="programme.export-incubator").press("use").say("220-81-62517")
    voucher, incubator = sorted(Cases().of(one.id), key=lambda each: each.started_at)
    assert (voucher.programme, incubator.programme) == ("programme.export-voucher", "programme.export-incubator")
    one.begin(value=voucher.id)
    assert one.slots["application"]["id"] == voucher.id
    assert one.step == "field:representative"  # the number told for the other one counts here too


def test_stopping_and_coming_back_loses_nothing(owner: Owners) -> None:
    one = owner().begin(value="programme.export-voucher").say("동의해요").say("나루식품").say("그만할게요")
    assert one.step is None and "저장" in one.words
    one.slots = {"language": "ko"}  # even where the dialogue is forgotten, the application is there
    one.begin("신청 이어서 할래요")
    assert one.step == "field:business_number" and "이어서" in one.words


def test_starting_afresh(owner: Owners) -> None:
    one = owner().begin(value="programme.export-voucher").press("no").press("alone").say("나루식품").say("그만할게요")
    one.begin("신청할래요").say("처음부터 쓰기")
    states = sorted(each.state for each in Cases().of(one.id))
    assert State.WITHDRAWN in states


def test_a_programme_without_a_form_is_told_honestly(owner: Owners) -> None:
    one = owner().begin(value="programme.gmd")
    assert one.step is None and "바로 신청할 수 없어요" in one.words and "KOSME" in one.words
    assert one.replies[0]["sources"] and not Cases().of(one.id)


def test_no_programme_named_asks_which(owner: Owners) -> None:
    one = owner().begin("지원사업 신청할래요")
    assert one.step == "programme" and len(one.buttons()) == 10


def test_the_slot_holds_nothing_that_was_told(ready: Callable[[], Owner]) -> None:
    owner = ready()
    kept = json.dumps(owner.slots, ensure_ascii=False)
    for told in ("나루식품", "220-81", "김나루", "이바다", "1234-5678", "narufood"):
        assert told not in kept


def test_bubbles_that_show_what_was_told_are_sealed(ready: Callable[[], Owner]) -> None:
    owner = ready()
    for reply, sealed in zip(owner.replies, owner.sealed, strict=True):
        shown = json.dumps(reply, ensure_ascii=False)
        assert sealed or "010-1234-5678" not in shown
    assert any(owner.sealed)


def test_the_language_stays_while_names_and_addresses_are_told(owner: Owners) -> None:
    one = owner().begin(value="programme.export-voucher").say("동의해요").say("We are the Naru Food Company")
    assert "사업자등록번호" in one.words
