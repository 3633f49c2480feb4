"""First step of understanding: wrong keyboard layout and missing spaces are put right."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.language.keyboard import mend_keyboard
from knowledge.language.korean import spaced
from knowledge.shelf import shelf

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_SPACE = re.compile(r"\s+")


def repair(text: str) -> str:
    """Returns ``text`` as it was meant: composed letters, no control characters, right keyboard, spaces."""
    text = _CONTROL.sub(" ", unicodedata.normalize("NFC", text))
    text = mend_keyboard(_SPACE.sub(" ", text).strip(), shelf().gazetteer.known)
    return spaced(text)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class TextRepair(GraphComponent):
    """Replaces the text of a message by its repaired form and keeps what was typed as ``typed``."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextRepair:
        """Makes the component (Rasa's contract)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Repairs messages in place; payloads (``/intent{…}``) stay as they are."""
        for message in messages:
            typed = message.get(TEXT)
            if typed and not typed.startswith("/"):
                message.set("typed", typed, add_to_output=True)
                message.set(TEXT, repair(typed) or typed)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Gives training examples the spaces that messages will get, so that both look alike."""
        self.process([example for example in training_data.training_examples if example.get(TEXT)])
        return training_data
