"""What is wrong with an answer, to be told in the person's language."""

from __future__ import annotations

from actions.cases.fields import Field
from actions.texts import text
from knowledge.record import Language


class Mistake(ValueError):
    """An answer that can't be taken.

    Attributes:
        field: What was asked.
        problem: What is wrong; the sentence is ``case_error_PROBLEM``.
    """

    def __init__(self, field: Field, problem: str, **values: object) -> None:
        super().__init__(f"{field.key}: {problem}")
        self.field, self.problem, self._values = field, problem, values

    def message(self, language: Language) -> str:
        """Returns the sentence that says what is wrong and what is expected; it names the field."""
        values = {"choices": ", ".join(option.name(language) for option in self.field.choices), **self._values}
        return text(f"case_error_{self.problem}", language, label=self.field.label(language), **values)
