"""Takes into an application what a firm told elsewhere in the conversation (slot ``firm``): nothing is asked twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from babel import Locale

from actions.cases import Cases, Mistake
from knowledge.record import Language

_REGIONS = {
    "KR-11": "seoul", "KR-26": "busan", "KR-27": "daegu", "KR-28": "incheon", "KR-29": "gwangju", "KR-30": "daejeon",
    "KR-31": "ulsan", "KR-50": "sejong", "KR-41": "gyeonggi", "KR-42": "gangwon", "KR-43": "chungbuk",
    "KR-44": "chungnam", "KR-45": "jeonbuk", "KR-46": "jeonnam", "KR-47": "gyeongbuk", "KR-48": "gyeongnam",
    "KR-49": "jeju",
}  # fmt: skip
"""ISO 3166-2 codes of Korea's cities and provinces."""

_SIZES = {"micro": "micro", "small": "small", "medium": "medium", "mid_market": "mid_sized", "large": "large"}
_GROUPS = {
    "no_record": "no_record", "potential": "potential", "first_export": "first_experience",
    "innovation": "innovation_potential", "success": "international_success",
}  # fmt: skip


def _listed(value: Any, language: Language) -> str:
    return ", ".join(map(str, value if isinstance(value, (list, tuple)) else [value]))


def _countries(value: Any, language: Language) -> str:
    names = Locale(language).territories
    return ", ".join(str(names.get(code, code)) for code in (value if isinstance(value, (list, tuple)) else [value]))


_TOLD: dict[str, tuple[str, Callable[[Any, Language], str]]] = {
    "region": ("region", lambda value, _: _REGIONS.get(str(value), str(value))),
    "employees": ("employees", lambda value, _: f"{int(value)}"),
    "size": ("size", lambda value, _: _SIZES.get(str(value), "")),
    "founded_on": ("founded_on", lambda value, _: str(value)),
    "sales_krw": ("annual_sales", lambda value, _: f"{int(value)} KRW"),
    "exports_usd_last_year": ("exports_usd", lambda value, _: f"{int(value)} USD"),
    "export_group": ("export_group", lambda value, _: _GROUPS.get(str(value), "")),
    "women_owned": ("women_owned", lambda value, _: "yes" if value else "no"),
    "products": ("main_product", _listed),
    "target_countries": ("target_countries", _countries),
}
"""Parts of knowledge.programmes.profile.FirmProfile and the field each of them answers."""


def take_over(store: Cases, application_id: str, firm: Mapping[str, Any], language: Language) -> None:
    """Answers open fields of an application from what was told before; what does not fit is left to be asked."""
    open_keys = {each.key for each in store.missing(application_id)}
    for part, (key, wording) in _TOLD.items():
        value = firm.get(part)
        if value is None or key not in open_keys:
            continue
        with suppress(Mistake, ValueError, TypeError):
            if words := wording(value, language):
                store.answer(application_id, key, words)
