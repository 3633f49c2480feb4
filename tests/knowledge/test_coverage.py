"""What the pack covers of the product rules: counted by hand on a small pack, and checked on Korea's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from channels.command_line import app
from knowledge.coverage import rule_coverage
from knowledge.origin.rules import RuleFileError
from knowledge.settings import settings

KOREA = settings().packs_dir / settings().pack
LIST = """from,to,rule,condition_ko,condition_en,words,locator
01,01,WO,,,,p. 1
0201,0202,,,,from the meat of Korean cattle,p. 2
0201,0201,CTH,소,cattle,,p. 2
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Two agreements; one has three rules, of which one has words only."""
    for folder in ("agreements", "origin_rules"):
        (tmp_path / folder).mkdir()
    (tmp_path / "agreements" / "sources.yaml").write_text("{}", encoding="utf-8")
    for name, more in (("KR-AA", ""), ("KR-BB", "inferred_from: KR-AA\n")):
        text = f"id: {name}\nname: {{ko: 협정, en: Agreement}}\nparties: [US]\n{more}"
        (tmp_path / "agreements" / f"{name}.yaml").write_text(text, encoding="utf-8")
    document = "title: {ko: 협정, en: Agreement}, as_of: '2015', basis: official, hs_edition: 2012"
    gaps = "gaps: [{first: 50, last: 63, note: textiles_elsewhere}]"
    (tmp_path / "origin_rules" / "sources.yaml").write_text(f"KR-AA: {{{document}, {gaps}}}\n", encoding="utf-8")
    (tmp_path / "origin_rules" / "KR-AA.csv").write_text(LIST, encoding="utf-8")
    return tmp_path


def test_rules_are_counted(pack: Path) -> None:
    first, second = rule_coverage(pack)
    assert first == {
        "agreement": "KR-AA",
        "edition": 2012,
        "rows": 3,
        "parsed": 2,
        "share": 0.6667,
        "inferred_from": None,
        "gaps": ["50-63"],
        "unparsed": [{"codes": "0201-0202", "condition": None, "words": "from the meat of Korean cattle"}],
    }
    assert (second["rows"], second["share"], second["inferred_from"]) == (0, None, "KR-AA")


def test_a_malformed_list_is_named(pack: Path) -> None:
    (pack / "origin_rules" / "KR-AA.csv").write_text("from,to\n", encoding="utf-8")
    with pytest.raises(RuleFileError, match="KR-AA.csv"):
        rule_coverage(pack)


def test_every_rule_not_expressed_has_its_words() -> None:
    found = {str(rule["agreement"]): rule for rule in rule_coverage(KOREA)}
    assert found["KR-US"]["gaps"] == ["50-63"] and found["KR-EU"]["inferred_from"] == "KR-UK"
    assert found["RCEP"]["rows"] == 0
    rows: list[dict[str, Any]] = [row for rule in found.values() for row in rule["unparsed"]]  # type: ignore[attr-defined]
    assert rows and all(row["words"] and row["codes"] for row in rows)


def test_the_command_shows_both_and_json() -> None:
    printed = CliRunner().invoke(app, ["knowledge", "coverage"])
    assert printed.exit_code == 0 and "Product rules of origin" in printed.stdout
    assert "KR-UK 1902: " in printed.stdout  # cereals wholly obtained, except durum wheat: words only
    data = json.loads(CliRunner().invoke(app, ["knowledge", "coverage", "--json"]).stdout)
    assert {row["kind"] for row in data["records"]} >= {"all"}
    assert {rule["agreement"] for rule in data["rules"]} >= {"KR-CN", "RCEP"}
