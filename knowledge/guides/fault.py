"""Something told that can't be worked with, named so that it can be corrected."""

from __future__ import annotations

from knowledge.guides.place import Words
from knowledge.record import LANGUAGES, Language


class BadInput(ValueError):
    """What was told has the wrong form or is not known.

    Attributes:
        field: Which part.
        given: What was told, shortened.
    """

    def __init__(self, field: str, given: object, said: Words) -> None:
        self.field, self.given = field, str(given)[:60]
        self._said = said
        super().__init__(said["en"])

    def message(self, language: Language) -> str:
        """Returns what is wrong, for the person who told it."""
        return self._said[language]


def bad(field: str, given: object, template: Words, **values: Words | str) -> BadInput:
    """Returns the fault of ``field``, its sentence filled in for both languages.

    ``named`` among the values is what a person calls the field; its own name stands where it is not given.
    """
    values.setdefault("named", field)
    said: Words = {}
    for language in LANGUAGES:
        filled = {name: value if isinstance(value, str) else value[language] for name, value in values.items()}
        shown = filled.pop("named")
        said[language] = template[language].format(field=shown, value=str(given)[:60], **filled)
    return BadInput(field, given, said)
