"""Products whose papers the tests read; the figures are checked by hand beside the tests."""

from datetime import date
from pathlib import Path

from knowledge.origin.simulate import simulate

PACK = Path("knowledge/packs/korea")
DAY = date(2026, 7, 1)


def material(name, hs, originating, origin, value):
    return {"name": name, "hs": hs, "originating": originating, "origin": origin, "value": value}


def price(amount, basis="FOB", currency="USD"):
    return {"amount": amount, "basis": basis, "currency": currency}


DIRECT = {"transport": {"direct": True}}
COSMETICS_CN = {
    "agreement": "KR-CN",
    "hs": "330499",
    "price": price("12.50"),
    "materials": [
        material("글리세롤", "290545", False, "MY", "2.1"),
        material("정제수", "220190", True, "KR", "0.05"),
        material("용기", "392330", None, "KR", None),
    ],
    "processes": ["mixing", "filling"],
    **DIRECT,
}
RAMEN_VN = {
    "agreement": "KR-VN",
    "hs": "190230",
    "price": price(100),
    "materials": [
        material("밀가루", "110100", False, "US", 20),
        material("팜유", "151190", False, "MY", 15),
        material("스프", "210390", False, "CN", 10),
    ],
    "processes": ["manufacturing"],
    **DIRECT,
}
BASE_VN = {
    "agreement": "KR-VN",
    "hs": "330499",
    "price": price(100),
    "materials": [material("base", "330499", False, "CN", "60")],
    "processes": ["manufacturing"],
    **DIRECT,
}
TOO_MUCH_VN = BASE_VN | {"materials": [material("base", "330499", False, "CN", "60.01")]}
COFFEE_US = {
    "agreement": "KR-US",
    "hs": "090121",
    "price": price(100),
    "materials": [material("생두", "090111", False, "BR", 30)],
    "processes": ["roasting"],
    **DIRECT,
}
RAMEN_UK = {
    "agreement": "KR-UK",
    "hs": "190230",
    "price": price(100, "EXW", "EUR"),
    "goods_condition": 1,
    "materials": [material("flour", "110100", False, "US", 20)],
    "processes": ["manufacturing"],
    **DIRECT,
}
MACHINE_EU = {
    "agreement": "KR-EU",
    "hs": "847989",
    "price": price(5000, "EXW", "EUR"),
    "materials": [material("모터", "850152", False, "JP", 1200), material("제어기", "853710", False, "DE", 900)],
    "processes": ["assembling"],
    **DIRECT,
}
UNKNOWN_CN = {
    "agreement": "KR-CN",
    "hs": "190230",
    "materials": [material("밀가루", None, False, "AU", 3)],
}
MANY_CN = COSMETICS_CN | {
    "price": price(10000),
    "materials": [
        material(f"원료 {i} " + "이름이 아주 긴 재료 " * (i % 8) + f"끝{i}", "290545", False, "JP", i)
        for i in range(60)
    ],
}

EVERY = {
    "cosmetics to China": COSMETICS_CN,
    "ramen to Viet Nam": RAMEN_VN,
    "too much foreign base to Viet Nam": TOO_MUCH_VN,
    "coffee to the US": COFFEE_US,
    "ramen to the UK": RAMEN_UK,
    "a machine to the EU": MACHINE_EU,
    "almost nothing known": UNKNOWN_CN,
    "sixty materials": MANY_CN,
}


def simulated(data, language="ko"):
    return simulate(data, PACK, language, DAY)
