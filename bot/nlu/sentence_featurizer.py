"""Gives the intent classifier the meaning of a message: E5 and USE vectors, centred and scaled.

Raw sentence vectors all point nearly the same way; a classifier that regularises its weights then
never grows confident. Subtracting the mean of the training data and dividing by the spread cures it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.language.vectors import Vectors, embed, embed_many

_ONE = np.float32(1e-6)

_learnt: dict[str, Vectors] = {}
"""Vectors of the training sentences: Rasa makes one component to learn from them and another to featurize the same."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Dense sentence features of size 896 (384 from E5, 512 from USE)."""

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(name, config)
        self._storage = model_storage
        self._resource = resource
        self._mean: NDArray[np.float32] = np.zeros(1, dtype=np.float32)
        self._spread: NDArray[np.float32] = np.ones(1, dtype=np.float32)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the default settings; ``scale`` is the length features have on average."""
        return {**DenseFeaturizer.get_default_config(), "scale": 1.0}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accepts every configuration (Rasa's contract)."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Makes an untrained component."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> SentenceFeaturizer:
        """Makes the component with the mean and spread learnt in training."""
        made = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            stored = np.load(folder / "scaling.npz")
            made._mean, made._spread = stored["mean"], stored["spread"]
        return made

    def train(self, training_data: TrainingData) -> Resource:
        """Learns mean and spread of the training sentences and keeps them with the model."""
        texts = [example.get(TEXT) for example in training_data.intent_examples if example.get(TEXT)]
        vectors = embed_many(texts)
        _learnt.update(zip(texts, vectors, strict=True))
        self._mean = vectors.mean(axis=0)
        self._spread = vectors.std(axis=0) + _ONE
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / "scaling.npz", mean=self._mean, spread=self._spread)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the sentence vector to every message that has a text."""
        chosen = [message for message in messages if message.get(TEXT)]
        if chosen:
            vectors = (_vectors([message.get(TEXT) for message in chosen]) - self._mean) / self._spread
            vectors *= self._config["scale"] / np.sqrt(vectors.shape[1])
            for message, vector in zip(chosen, vectors, strict=True):
                tokens = np.zeros((1, vector.shape[0]), dtype=np.float32)
                self.add_features_to_message(tokens, vector[np.newaxis, :], TEXT, message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the vectors to the training examples."""
        self.process(training_data.training_examples)
        _learnt.clear()
        return training_data


def _vectors(texts: list[str]) -> Vectors:
    """Returns the vectors of texts; those just learnt from are not computed a second time."""
    if len(texts) == 1:
        return embed(texts)
    missing = [text for text in dict.fromkeys(texts) if text not in _learnt]
    known = _learnt | dict(zip(missing, embed_many(missing), strict=True))
    return np.vstack([known[text] for text in texts])
