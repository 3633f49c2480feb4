"""Deadlines, counted by hand from the texts of the articles."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.guides.dates import after_months
from knowledge.guides.deadline_calendar import calendar
from knowledge.guides.deadlines import deadlines, doubts, tell_deadlines
from knowledge.guides.fault import BadInput

TODAY = date(2026, 11, 2)


def found(today=TODAY, **told):
    return {deadline.id: deadline for deadline in deadlines(told, today)}


def on(today=TODAY, **told):
    return {name: deadline.date for name, deadline in found(today, **told).items()}


def test_loading_is_due_thirty_days_after_acceptance():
    # 관세법 제251조제1항: 수리된 날부터 30일 이내; the first day is not counted: 2 November + 30 = 2 December.
    load = found(declaration_accepted="2026-11-02")["load"]
    assert load.date == date(2026, 12, 2)
    assert [(s.title["ko"], s.locator) for s in load.sources][0] == ("관세법", "제251조제1항")
    assert load.reminders == (date(2026, 11, 18), date(2026, 11, 25), date(2026, 11, 29), date(2026, 12, 1))


@pytest.mark.parametrize(("accepted", "last"), [("2026-02-01", "2026-03-03"), ("2028-02-01", "2028-03-02")])
def test_thirty_days_over_the_end_of_february(accepted, last):
    assert on(declaration_accepted=accepted)["load"] == date.fromisoformat(last)


def test_once_shipped_there_is_nothing_left_to_load():
    assert "load" not in on(declaration_accepted="2026-11-02", shipment="2026-11-10")


def test_what_runs_from_acceptance():
    # 시행령 제3조: 수출신고필증 3년; 환급특례법 시행령 제18조제5항: 수출신고수리일부터 5년.
    days = on(declaration_accepted="2026-11-02")
    assert days["keep-export-papers"] == date(2029, 11, 2)
    assert days["claim-drawback"] == date(2031, 11, 2)


def test_papers_of_a_drawback_claim():
    # 환급특례법 시행령 제28조: 소요량 5년, 수출 사실 3년, from the claim.
    days = on(drawback_claimed="2026-03-10", declaration_accepted="2026-01-05")
    assert days["drawback-consumption-papers"] == date(2031, 3, 10)
    assert days["drawback-export-papers"] == date(2029, 3, 10)
    assert "claim-drawback" not in days, "it is claimed already"


def test_a_wrong_origin_is_reported_within_thirty_days():
    # 자유무역협정 특례법 시행규칙 제19조제1항.
    assert on(origin_error_found="2026-11-02")["origin-error"] == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("told", "last"),
    [
        # UCP 600 article 14c: 21 days after shipment where the credit is silent, but not after expiry.
        ({"shipment": "2026-11-10", "lc_expiry": "2026-12-31"}, "2026-12-01"),
        ({"shipment": "2026-11-10", "lc_expiry": "2026-11-25"}, "2026-11-25"),
        ({"shipment": "2026-11-10", "lc_expiry": "2026-12-31", "presentation_days": 10}, "2026-11-20"),
        ({"shipment": "2026-11-10", "presentation_days": "15"}, "2026-11-25"),
        ({"latest_shipment": "2026-11-30", "lc_expiry": "2026-12-15"}, "2026-12-15"),
        ({"latest_shipment": "2026-11-30", "lc_expiry": "2027-01-15"}, "2026-12-21"),
    ],
)
def test_papers_are_presented_in_time_and_before_expiry(told, last):
    assert on(**told)["presentation"] == date.fromisoformat(last)


def test_a_shipment_without_a_credit_has_no_presentation():
    assert "presentation" not in on(shipment="2026-11-10")


def test_the_silent_credit_is_told_and_so_is_a_day_that_is_only_expected():
    silent = tell_deadlines(deadlines({"latest_shipment": "2026-11-30", "lc_expiry": "2027-01-15"}, TODAY), "en")
    notes = " ".join(next(d for d in silent if d["id"] == "presentation")["notes"])
    assert "UCP 600" in notes and "earlier if you ship earlier" in notes
    spoken = found(shipment="2026-11-10", presentation_days=10, lc_expiry="2026-12-31")["presentation"]
    assert not any("UCP 600" in note["en"] for note in spoken.notes)


@pytest.mark.parametrize(
    ("agreement", "issued", "ends"),
    [
        # 시행령 제6조제2항제9호: 베트남은 발급일 다음 날부터 1년: 11 March 2026 to 10 March 2027.
        ("KR-VN", "2026-03-10", "2027-03-10"),
        # 발급일부터 1년 does not say whether the day counts; the earlier day is taken.
        ("KR-CN", "2026-03-10", "2027-03-09"),
        ("KR-AU", "2026-03-10", "2028-03-09"),  # 2년
        ("KR-US", "2026-03-10", "2030-03-09"),  # 4년
    ],
)
def test_how_long_a_proof_of_origin_serves(agreement, issued, ends):
    proof = found(agreement=agreement, proof_issued=issued)["proof-validity"]
    assert proof.date == date.fromisoformat(ends)
    assert proof.sources[0].basis == "official"
    cautious = any("one day early" in note["en"] for note in proof.notes)
    assert cautious == (agreement != "KR-VN")


@pytest.mark.parametrize(("agreement", "until"), [("KR-VN", "2031-03-10"), ("KR-CN", "2029-03-10")])
def test_evidence_of_origin_is_kept_five_years_and_three_for_china(agreement, until):
    # 시행령 제10조제2항제2호.
    assert on(agreement=agreement, proof_issued="2026-03-10")["proof-retention"] == date.fromisoformat(until)


def test_late_application_only_where_an_authority_issues_and_nothing_is_issued_yet():
    # 시행규칙 제10조제3항: 선적일부터 1년.
    assert on(agreement="KR-CN", shipment="2026-11-10")["late-certificate"] == date(2027, 11, 10)
    assert "late-certificate" not in on(agreement="KR-US", shipment="2026-11-10"), "the exporter writes it itself"
    assert "late-certificate" not in on(agreement="KR-CN", shipment="2026-11-10", proof_issued="2026-11-09")
    assert "late-certificate" not in on(shipment="2026-11-10")


def test_approval_is_renewed_thirty_days_before_its_five_years_end():
    # 시행규칙 제17조: 20 March 2026 + 5 years = 20 March 2031; 30 days before it is 18 February 2031.
    renewal = found(approved_exporter_since="2026-03-20")["approval-renewal"]
    assert renewal.date == date(2031, 2, 18)
    assert "March 20, 2031" in renewal.why["en"] and "2031년 3월 20일" in renewal.why["ko"]


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        # 민법 제157조·제160조: the first day is not counted; no such day in the last month: its end.
        ("2026-11-02", 12, "2027-11-02"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-28", 12, "2025-02-28"),
        ("2023-02-28", 12, "2024-02-29"),
        ("2026-01-30", 1, "2026-02-28"),
        ("2026-12-31", 36, "2029-12-31"),
    ],
)
def test_months_are_counted_as_the_civil_act_does(day, months, last):
    assert after_months(date.fromisoformat(day), months) == date.fromisoformat(last)


def test_a_weekend_is_told_and_holidays_are_never_claimed_to_be_known():
    # 5 December 2026 is a Saturday, 2 December a Wednesday.
    weekend = found(lc_expiry="2026-12-05")["lc-expiry"]
    assert any("Saturday" in note["en"] for note in weekend.notes)
    weekday = found(declaration_accepted="2026-11-02")["load"]
    assert not any("Wednesday" in note["en"] for note in weekday.notes)
    assert all(any("holidays" in note["en"] for note in deadline.notes) for deadline in (weekend, weekday))


def test_a_day_that_has_passed_says_so_and_reminds_of_nothing():
    late = found(today=date(2027, 1, 10), declaration_accepted="2026-11-02")["load"]
    assert late.passed and late.reminders == ()
    assert "passed" in late.notes[0]["en"]


DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(accepted=DAYS, expiry=DAYS, issued=DAYS, today=DAYS)
def test_no_reminder_ever_lies_in_the_past_or_after_its_deadline(accepted, expiry, issued, today):
    told = {"declaration_accepted": accepted, "lc_expiry": expiry, "proof_issued": issued, "agreement": "KR-CN"}
    for deadline in deadlines(told, today):
        assert all(today < reminder <= deadline.date for reminder in deadline.reminders)
        assert list(deadline.reminders) == sorted(set(deadline.reminders))


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"shipment": "2026-13-01"}, "shipment"),
        ({"shipment": "soon"}, "shipment"),
        ({"shipment": 20261101}, "shipment"),
        ({"lc_expiry": "1926-01-01"}, "lc_expiry"),
        ({"presentation_days": 0}, "presentation_days"),
        ({"presentation_days": "21 days"}, "presentation_days"),
        ({"presentation_days": True}, "presentation_days"),
        ({"agreement": "KR-MOON"}, "agreement"),
        ({"proof_issued": "2026-01-01"}, "agreement"),
        ({"birthday": "2026-01-01"}, "birthday"),
    ],
)
def test_bad_days_are_refused_by_name(told, field):
    with pytest.raises(BadInput) as caught:
        deadlines(told, TODAY)
    assert caught.value.field == field
    assert caught.value.message("ko") and caught.value.message("en")


def test_nothing_told_is_no_deadline():
    assert deadlines({"shipment": None, "lc_expiry": "  "}, TODAY) == ()


@pytest.mark.parametrize(
    ("told", "doubt"),
    [
        ({"shipment": "2026-12-01", "latest_shipment": "2026-11-30"}, "late_shipment"),
        ({"latest_shipment": "2026-12-20", "lc_expiry": "2026-12-15"}, "shipment_after_expiry"),
        ({"shipment": "2026-11-01", "declaration_accepted": "2026-11-02"}, "loaded_before_acceptance"),
        ({"shipment": "2026-12-03", "declaration_accepted": "2026-11-02"}, "loaded_late"),
        ({"shipment": "2026-12-02", "declaration_accepted": "2026-11-02", "latest_shipment": "2026-12-02"}, None),
    ],
)
def test_days_that_do_not_fit_together_are_doubted(told, doubt):
    assert [each["id"] for each in doubts(told, "ko")] == ([doubt] if doubt else [])


TOLD = {"declaration_accepted": "2026-11-02", "lc_expiry": "2026-12-15", "latest_shipment": "2026-11-30"}


def read_back(today=TODAY, reference="LC-1", language="ko", **told):
    raw = calendar(deadlines(told or TOLD, today), language, today, reference)
    return icalendar.Calendar.from_ical(raw)


def test_the_calendar_reads_back_with_all_day_events():
    events = {str(event["summary"]): event for event in read_back().walk("VEVENT")}
    load = events["물건을 배나 비행기에 싣는 마지막 날 · LC-1"]
    assert load.decoded("dtstart") == date(2026, 12, 2)
    assert load.decoded("dtend") == date(2026, 12, 3)
    assert "제251조제1항" in str(load["description"])
    assert len(events) == len(deadlines(TOLD, TODAY))


def test_alarms_ring_at_nine_in_seoul_and_only_in_the_future():
    load = next(event for event in read_back().walk("VEVENT") if "싣는" in str(event["summary"]))
    rings = [alarm.decoded("trigger") for alarm in load.walk("VALARM")]
    assert rings[0] == datetime(2026, 11, 18, 0, 0, tzinfo=UTC)  # 09:00 in Seoul
    late = read_back(today=date(2026, 11, 29))
    assert all(alarm.decoded("trigger").date() > date(2026, 11, 29) for alarm in late.walk("VALARM"))


def test_a_calendar_made_later_rings_no_alarm_of_before():
    old = deadlines(TOLD, TODAY)
    book = icalendar.Calendar.from_ical(calendar(old, "en", TODAY + timedelta(days=27), "LC-1"))
    assert all(alarm.decoded("trigger").date() > TODAY + timedelta(days=27) for alarm in book.walk("VALARM"))


def test_uids_are_stable_and_told_apart():
    def uids(**more):
        return [str(event["uid"]) for event in read_back(**more).walk("VEVENT")]

    assert uids() == uids(language="en") == uids(today=date(2026, 11, 20))
    assert len(set(uids())) == len(uids())
    assert not set(uids()) & set(uids(reference="LC-2"))


def test_an_event_moves_when_its_day_moves():
    def uid(expiry):
        return str(next(iter(read_back(lc_expiry=expiry).walk("VEVENT")))["uid"])

    assert uid("2026-12-15") == uid("2026-12-22")


def test_passed_days_are_not_in_the_calendar():
    assert all(e.decoded("dtstart") >= date(2026, 12, 10) for e in read_back(today=date(2026, 12, 10)).walk("VEVENT"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_everything_is_told_in_both_languages(language):
    everything = TOLD | {
        "shipment": None, "agreement": "KR-VN", "proof_issued": "2026-11-01", "drawback_claimed": "2026-11-01",
        "origin_error_found": "2026-11-01", "approved_exporter_since": "2026-01-01",
    }  # fmt: skip
    for deadline in tell_deadlines(deadlines(everything, TODAY), language):
        assert deadline["what"] and deadline["why"] and deadline["sources"]
        assert "{" not in deadline["what"] + deadline["why"] + "".join(deadline["notes"])
