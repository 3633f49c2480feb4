"""What a person has told about one product on its way to one country, kept in the conversation's memory."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Goal = Literal["origin", "duty"]

MATERIALS_AT_MOST = 30


class Piece(BaseModel):
    """A material as told. ``hs`` None is not known; ``originating`` None is bought at home without proof of origin.

    ``origin`` (ISO country) and ``weight`` only come with a bill of materials sent as a file.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    value: str | None = None
    hs: str | None = None
    originating: bool | None = False
    origin: str | None = None
    weight: str | None = None

    def material(self) -> dict[str, Any]:
        """Returns the material in the form of the simulation's input."""
        named = {"name": self.name, "hs": self.hs, "originating": self.originating, "value": self.value}
        more = {"origin": self.origin, "weight": self.weight}
        return named | {key: value for key, value in more.items() if value is not None}


class Case(BaseModel):
    """Everything told so far. A part that is None was not asked yet; ``skipped`` names parts the person does not know.

    Attributes:
        goal: What the person wants: whether it qualifies (``origin``), or the duty (``duty``).
        country: Where it goes, ISO code, or EU.
        agreement: The agreement to weigh.
        product: The product in the person's words.
        code_answers: Answers to what told its candidate codes apart, ``question:option``.
        hs: Its confirmed six-digit code.
        amount, currency, basis: The price of one piece or consignment, and the delivery term it is meant at.
        materials: Materials bought abroad, or at home without proof; ``materials_done`` once there are no more.
        pending: A material whose code is being asked.
        domestic: Whether every material bought in Korea has a proof of origin; ``listed`` where a bill names them all.
        work: What is done in Korea.
        processes: Answers to the questions a rule asks of workings.
        direct, control: Whether it travels straight, and else under customs control.
        skipped: Parts the person does not know.
        more: Further parts of a bill of materials sent as a file, in the form of the simulation's input.
        before: Number of the simulation this case was changed from.
        changed: What was changed since, in words.
    """

    model_config = ConfigDict(frozen=True)

    goal: Goal = "origin"
    country: str | None = None
    agreement: str | None = None
    product: str | None = None
    code_answers: tuple[str, ...] = ()
    hs: str | None = None
    amount: str | None = None
    currency: str | None = None
    basis: str | None = None
    materials: tuple[Piece, ...] = ()
    materials_done: bool = False
    pending: Piece | None = None
    domestic: Literal["yes", "no", "unknown", "listed"] | None = None
    work: tuple[str, ...] | None = None
    processes: dict[str, bool | None] = {}
    direct: Literal["yes", "no", "unknown"] | None = None
    control: Literal["yes", "no", "unknown"] | None = None
    skipped: tuple[str, ...] = ()
    more: dict[str, Any] = {}
    before: str | None = None
    changed: tuple[str, ...] = ()

    def told(self, **parts: Any) -> Case:
        """Returns the case with more told."""
        return self.model_copy(update=parts)

    def without(self, step: str) -> Case:
        """Returns the case with one part marked as not known."""
        return self.told(skipped=(*self.skipped, step))

    def simulation(self, domestic_name: str, unknown_name: str) -> dict[str, Any]:
        """Returns the input of the origin simulation; what is not known is absent or null.

        Args:
            domestic_name: What to call the materials bought in Korea: originating with proof, else of unknown origin.
            unknown_name: What to call the materials where the person does not know them.
        """
        materials = [piece.material() for piece in self.materials]
        if self.domestic not in (None, "listed"):
            proved = True if self.domestic == "yes" else None
            materials.append({"name": domestic_name, "hs": None, "originating": proved, "value": None})
        if "materials" in self.skipped:
            materials.append({"name": unknown_name, "hs": None, "originating": None, "value": None})
        done = [name for name, answer in self.processes.items() if answer]
        direct, control = _truth(self.direct), _truth(self.control)
        return {
            **{key: value for key, value in self.more.items() if key != "via"},
            "agreement": self.agreement,
            "hs": self.hs,
            "price": {"amount": self.amount, "basis": self.basis, "currency": self.currency},
            "materials": materials,
            "processes": [*(self.work or ()), *done],
            "transport": {"direct": direct, "via": self.more.get("via", []), "customs_control": control},
        }


def _truth(answer: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(answer or "")
