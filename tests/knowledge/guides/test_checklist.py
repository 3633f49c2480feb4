"""The documents of a shipment: what follows from the Incoterms rule, payment, transport, goods and destination."""

import json

import pytest

from knowledge.guides.checklist import checklist
from knowledge.guides.fault import BadInput


def made(incoterm=None, payment=None, transport=None, product=None, destination=None, language="en"):
    return checklist(incoterm, payment, transport, product, destination, language)


def needs(found):
    return {row["id"]: row["need"] for row in found["rows"]}


WHOLE = {"payment": "tt_advance", "transport": "sea_fcl", "product": "general", "destination": "US"}


@pytest.mark.parametrize("incoterm", "EXW FCA FAS FOB CFR CIF CPT CIP DAP DPU DDP".split())
def test_invoice_packing_list_and_contract_go_with_every_incoterm(incoterm):
    rows = needs(made(incoterm, **WHOLE))
    assert {rows[name] for name in ("commercial-invoice", "packing-list", "sales-contract")} == {"required"}
    assert "open" not in rows.values()


@pytest.mark.parametrize(
    ("incoterm", "need"),
    # Incoterms 2020: the seller must insure under CIF and CIP only (A5); under D rules the risk is the seller's to the end.
    [("CIF", "required"), ("CIP", "required"), ("DAP", "usual"), ("DPU", "usual"), ("DDP", "usual"),
     ("FOB", "if_asked"), ("EXW", "if_asked"), ("CFR", "if_asked"), ("CPT", "if_asked")],
)  # fmt: skip
def test_who_insures_follows_the_incoterm(incoterm, need):
    assert needs(made(incoterm, **WHOLE))["cargo-insurance"] == need


def test_the_cover_is_clauses_c_under_cif_and_a_under_cip():
    def said(incoterm):
        return next(row["condition"] for row in made(incoterm, **WHOLE)["rows"] if row["id"] == "cargo-insurance")

    assert "Clauses C" in said("CIF") and "Clauses A" in said("CIP")


def test_only_under_exw_is_export_clearance_not_the_sellers():
    assert needs(made("EXW", **WHOLE))["export-declaration"] == "usual"
    assert needs(made("FCA", **WHOLE))["export-declaration"] == "required"


def test_only_ddp_asks_for_import_papers():
    assert "import-papers" in needs(made("DDP", **WHOLE))
    assert "import-papers" not in needs(made("DAP", **WHOLE))


@pytest.mark.parametrize(
    ("payment", "there", "absent"),
    [
        (
            "lc_sight",
            {"letter-of-credit", "credit-certificates", "bill-of-exchange"},
            {"export-insurance", "collection-order"},
        ),
        ("lc_usance", {"letter-of-credit", "export-insurance"}, {"collection-order", "remittance-record"}),
        ("dp", {"collection-order", "bill-of-exchange"}, {"letter-of-credit", "remittance-record"}),
        ("da", {"collection-order", "bill-of-exchange", "export-insurance"}, {"letter-of-credit"}),
        ("tt_advance", {"remittance-record", "proforma-invoice"}, {"export-insurance", "bill-of-exchange"}),
        ("tt_after", {"remittance-record", "export-insurance"}, {"bill-of-exchange", "letter-of-credit"}),
        ("oa", {"remittance-record", "export-insurance"}, {"bill-of-exchange", "collection-order"}),
    ],
)
def test_payment_brings_its_own_documents(payment, there, absent):
    rows = needs(made("FOB", **WHOLE | {"payment": payment})).keys()
    assert there <= rows and not absent & rows


@pytest.mark.parametrize(
    ("transport", "there", "absent"),
    [
        ("sea_fcl", {"bill-of-lading", "verified-weight"}, {"air-waybill", "parcel-waybill"}),
        ("sea_lcl", {"bill-of-lading"}, {"verified-weight", "air-waybill"}),
        ("air", {"air-waybill"}, {"bill-of-lading", "verified-weight"}),
        ("express", {"parcel-waybill"}, {"bill-of-lading", "air-waybill", "shipping-request"}),
        ("post", {"parcel-waybill"}, {"bill-of-lading", "air-waybill"}),
    ],
)
def test_transport_brings_its_own_document(transport, there, absent):
    rows = needs(made("FCA", **WHOLE | {"transport": transport})).keys()
    assert there <= rows and not absent & rows


@pytest.mark.parametrize(
    ("product", "there"),
    [
        ("food", {"food-health", "ingredients", "label"}),
        ("cosmetics", {"ingredients", "free-sale", "safety-data-sheet"}),
        ("textile", {"composition", "label"}),
        ("machinery", {"strategic-ruling", "manual"}),
        ("dangerous", {"safety-data-sheet", "dangerous-goods-declaration", "battery-test"}),
        ("medical", {"overseas-registration", "free-sale"}),
    ],
)
def test_goods_bring_their_own_documents(product, there):
    assert there <= needs(made("FOB", **WHOLE | {"product": product})).keys()
    assert not there & needs(made("FOB", **WHOLE)).keys()


def test_every_agreement_with_the_country_has_a_row_with_its_own_article():
    rows = {row["id"]: row for row in made("FOB", **WHOLE | {"destination": "베트남"})["rows"]}
    assert {name for name in rows if name.startswith("origin")} == {"origin-KR-VN", "origin-KR-ASEAN", "origin-RCEP"}
    vietnam = rows["origin-KR-VN"]
    assert vietnam["makers"] == ["Korea Customs", "The chamber of commerce"]
    assert vietnam["sources"][0]["basis"] == "official"
    assert vietnam["need"] == "if_asked", "whether the goods qualify is not known here"


def test_a_country_without_an_agreement_gets_the_ordinary_certificate():
    row = made("FOB", **WHOLE | {"destination": "BR"})["rows"][-1]
    assert (row["id"], row["need"]) == ("origin-ordinary", "if_asked")
    assert "ordinary certificate" in row["condition"]


def test_an_agreement_of_unknown_force_says_so():
    row = next(r for r in made("FOB", **WHOLE | {"destination": "AE"})["rows"] if r["id"] == "origin-KR-AE")
    assert "do not say whether this agreement applies yet" in row["condition"]


def test_import_requirements_are_never_claimed_to_be_known():
    known, unknown = made("FOB", destination="JP"), made("FOB")
    assert known["not_known"][0]["text"].startswith("Naru has no data on the import requirements of Japan")
    assert "organisation.kotra" in unknown["not_known"][0]["ask"]


def test_what_is_not_told_is_asked_and_leaves_rows_open():
    found = made("FOB")
    assert [question["field"] for question in found["questions"]] == [
        "payment", "transport", "product_kind", "destination",
    ]  # fmt: skip
    rows = needs(found)
    assert rows["commercial-invoice"] == "required"
    assert rows["letter-of-credit"] == rows["bill-of-lading"] == rows["origin"] == "open"
    assert "import-papers" not in rows, "FOB settles it"


@pytest.mark.parametrize(
    ("told", "warnings"),
    [
        ({"incoterm": "FOB", "transport": "air"}, {"sea_rule"}),
        ({"incoterm": "CIF", "transport": "sea_fcl", "payment": "l/c"}, {"container", "credit_first"}),
        ({"incoterm": "FCA", "transport": "air", "payment": "d/p"}, {"air_collection"}),
        ({"incoterm": "DDP", "transport": "sea_lcl"}, {"ddp"}),
        ({"incoterm": "FCA", "transport": "sea_fcl"}, set()),
    ],
)
def test_answers_that_go_badly_together_are_warned_of(told, warnings):
    assert {warning["id"] for warning in made(**told)["warnings"]} == warnings


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        ({"incoterm": " fob "}, {"incoterm": "FOB"}),
        ({"payment": "외상"}, {"payment": "oa"}),
        ({"payment": "L/C"}, {"payment": "lc_sight"}),
        ({"transport": "sea fcl"}, {"transport": "sea_fcl"}),
        ({"product": "김치"}, {"product_kind": "food"}),
        ({"destination": "미국"}, {"destination": "US"}),
        ({"destination": "Viet Nam"}, {"destination": "VN"}),
        ({"destination": "vn"}, {"destination": "VN"}),
    ],
)
def test_answers_are_recognised_in_other_words(told, keys):
    facts = made(**told)["facts"]
    assert {name: facts[name]["key"] for name in keys} == keys


@pytest.mark.parametrize(
    ("told", "field", "said"),
    [
        ({"incoterm": "FOX"}, "incoterm", "FOX"),
        ({"payment": "gold"}, "payment", "Open account"),
        ({"destination": "Atlantis"}, "destination", "two-letter"),
        ({"transport": 3}, "transport", "must be text"),
    ],
)
def test_unknown_answers_are_refused_by_name(told, field, said):
    with pytest.raises(BadInput) as caught:
        made(**told)
    assert caught.value.field == field
    assert said in caught.value.message("en")
    assert caught.value.message("ko") != caught.value.message("en")


def test_braces_in_an_answer_do_no_harm():
    with pytest.raises(BadInput) as caught:
        made(incoterm="{field}{x}")
    assert "{field}{x}" in caught.value.message("ko")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_row_has_its_parts_and_a_source(language):
    found = made("DDP", "da", "sea_lcl", "medical", "RO", language)
    json.dumps(found)
    for row in found["rows"]:
        assert row["document"] and row["makers"] and row["why"] and row["when"] and row["need_text"], row["id"]
        assert row["sources"] and all(source["as_of"] and source["title"] for source in row["sources"]), row["id"]
