"""`naru guides`, `checklist`, `deadlines` and `payment`: what they print, write and refuse."""

import json

import icalendar
import openpyxl
import pytest
from typer.testing import CliRunner

from channels.command_line import app


def naru(*arguments):
    return CliRunner().invoke(app, list(arguments))


def told(*arguments):
    done = naru(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_guides_are_listed_and_shown_by_id_or_words():
    assert {"guide.samples", "guide.letter-of-credit"} <= {row["id"] for row in told("guides", "list")}
    assert told("guides", "show", "samples", "--language", "en")["name"] == "Sending samples"
    shown = naru("guides", "show", "수출신고")
    assert "30일" in shown.stdout and "제251조" in shown.stdout


def test_an_unclear_guide_is_refused_with_what_fits():
    done = naru("guides", "show", "관세환급")
    assert done.exit_code == 2
    assert "guide.drawback-individual, guide.drawback-simplified" in done.output


def test_the_checklist_is_printed_and_written(tmp_path):
    files = ("--xlsx", str(tmp_path / "list.xlsx"), "--pdf", str(tmp_path / "list.pdf"))
    done = naru("checklist", "--incoterm", "cif", "--transport", "sea_fcl", "--language", "en", *files)
    assert done.exit_code == 0
    assert "[ ] Bill of lading (B/L) (Needed)" in done.stdout
    assert openpyxl.load_workbook(tmp_path / "list.xlsx").active.max_row > 20
    assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")


def test_deadlines_are_printed_and_written(tmp_path):
    written = tmp_path / "days.ics"
    found = told("deadlines", "--declaration-accepted", "2090-11-02", "--ics", str(written))
    assert ("load", "2090-12-02") in [(each["id"], each["date"]) for each in found["deadlines"]]
    events = icalendar.Calendar.from_ical(written.read_bytes()).walk("VEVENT")
    assert len(events) == len(found["deadlines"])


def test_payment_is_compared():
    found = told("payment", "--buyer", "new", "--share", "large", "--country", "VN", "--language", "en")
    assert found["ranking"][0]["way"] == "tt_advance"
    assert "K-SURE" in naru("payment", "--language", "en").stdout


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("checklist", "--incoterm", "FOX"), "incoterm"),
        (("deadlines", "--shipment", "soon"), "shipment"),
        (("payment", "--buyer", "martian"), "buyer"),
    ],
)
def test_bad_input_ends_with_2_and_names_the_field(arguments, field):
    done = naru(*arguments, "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["field"] == field
    assert naru(*arguments).exit_code == 2
