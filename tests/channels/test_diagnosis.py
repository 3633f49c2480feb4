"""`naru diagnose`: a file in, the diagnosis out, and clear refusals."""

import json

import pytest
from typer.testing import CliRunner

from channels.command_line import app

run = CliRunner()


def told(tmp_path, content, *options):
    file = tmp_path / "firm.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return run.invoke(app, ["diagnose", str(file), *options])


def test_a_diagnosis_as_json(tmp_path):
    asked = {"words": "바이어도 없고 영어도 안 되고 돈도 없어요", "facts": {"buyer": "none"}, "language": "ko"}
    result = told(tmp_path, asked, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert [one["id"] for one in found["obstacles"]][0] == "obstacle.finding-buyers"
    assert len(found["steps"]) == 3


def test_a_diagnosis_in_words(tmp_path):
    result = told(tmp_path, {"words": "we have no buyers", "language": "en"})
    assert result.exit_code == 0
    assert "I can't find buyers" in result.stdout
    assert "36.6%" in result.stdout


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("{", "file"),
        ("[]", "file"),
        ({"worda": "x"}, "worda"),
        ({"words": 1}, "words"),
        ({"words": "x", "facts": {"buyer": "maybe"}}, "facts.buyer"),
        ({"words": "x", "language": "fr"}, "language"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, content, field):
    result = told(tmp_path, content, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["field"] == field
