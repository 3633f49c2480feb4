"""Trains the Rasa model when its inputs have changed, and finds the newest one."""

from __future__ import annotations

import hashlib
from pathlib import Path

from rasa.model_training import train as rasa_train

from knowledge.settings import ROOT, Settings

CONFIG = ROOT / "config.yml"
DOMAIN = ROOT / "bot" / "domain"
DATA = (ROOT / "nlu_data", ROOT / "bot" / "rules")
CODE = (ROOT / "bot" / "nlu", ROOT / "knowledge" / "language")


class TrainingFailed(RuntimeError):
    """Rasa could not train a model from the files; its log says why."""


def inputs_digest() -> str:
    """Returns a digest of everything a model is made from: configuration, domain, examples, rules, components."""
    digest = hashlib.sha256(CONFIG.read_bytes())
    files = [path for folder in (DOMAIN, *DATA) for path in folder.rglob("*.yml") if "responses" not in path.parts]
    files += [path for folder in CODE for path in folder.rglob("*.py")]
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def current_model(settings: Settings) -> Path | None:
    """Returns the model trained from the files as they are, or the one set, or None."""
    if settings.model_path:
        return settings.model_path
    path = settings.models_dir / f"naru-{inputs_digest()}.tar.gz"
    return path if path.exists() else None


def train(settings: Settings) -> Path:
    """Trains a model and returns where it lies; needs the knowledge to be built, for the names.

    Raises:
        TrainingFailed: Rasa gave no model.
    """
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    name = f"naru-{inputs_digest()}"
    result = rasa_train(
        domain=str(DOMAIN),
        config=str(CONFIG),
        training_files=[str(folder) for folder in DATA],
        output=str(settings.models_dir),
        fixed_model_name=name,
        force_training=True,
    )
    path = settings.models_dir / f"{name}.tar.gz"
    if result.code != 0 or not path.exists():
        raise TrainingFailed(f"rasa train ended with code {result.code}")
    for old in settings.models_dir.glob("naru-*.tar.gz"):
        if old != path:
            old.unlink()
    return path
