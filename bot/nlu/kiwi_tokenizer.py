"""Cuts messages into Kiwi's morphemes, so that a name and its particle are two tokens."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from knowledge.gazetteer import token_spans


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class KiwiTokenizer(Tokenizer):
    """Rasa tokenizer on Kiwi; morphemes that share letters (해요 = 하 + 어요) make one token."""

    @staticmethod
    def supported_languages() -> list[str] | None:
        """Returns the languages it was made for."""
        return ["ko", "en"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the settings every Rasa tokenizer reads."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any) -> KiwiTokenizer:
        """Makes the component (Rasa's contract)."""
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Returns the tokens of one attribute of a message."""
        text = message.get(attribute)
        return [Token(text[start:end], start, end) for start, end in token_spans(text)] or [Token(text, 0)]
