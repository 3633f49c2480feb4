"""Trains the Rasa model when its inputs have changed, and finds the newest one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from rasa.model_training import train as rasa_train

from actions.desk.examples import Example
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
    path = _trained(DATA, settings.models_dir, name)
    for old in settings.models_dir.glob("naru-*.tar.gz"):
        if old != path:
            old.unlink()
    return path


def train_candidate(settings: Settings, name: str, examples: Iterable[Example], data: Sequence[Path] = DATA) -> Path:
    """Trains a model from the files and the editors' examples, and puts it beside the others once it is whole.

    Args:
        settings: Where models lie.
        name: File name of the model, ending in ``.tar.gz``.
        examples: What is learnt besides the files.
        data: The files.

    Raises:
        TrainingFailed: Rasa gave no model.
    """
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.models_dir, prefix="training-") as folder:
        (Path(folder) / "examples.yml").write_text(_as_nlu(examples), encoding="utf-8")
        made = _trained((*data, Path(folder) / "examples.yml"), Path(folder), name.removesuffix(".tar.gz"))
        return made.replace(settings.models_dir / name)


def _trained(data: Sequence[Path], output: Path, name: str) -> Path:
    result = rasa_train(
        domain=str(DOMAIN),
        config=str(CONFIG),
        training_files=[str(folder) for folder in data],
        output=str(output),
        fixed_model_name=name,
        force_training=True,
    )
    path = output / f"{name}.tar.gz"
    if result.code != 0 or not path.exists():
        raise TrainingFailed(f"rasa train ended with code {result.code}")
    return path


def _as_nlu(examples: Iterable[Example]) -> str:
    """Returns examples in Rasa's form, an intent a block; they are of one line each (``bot/teaching.py``)."""
    lines: dict[str, list[str]] = {}
    for each in examples:
        lines.setdefault(each.intent, []).append(f"- {each.text}")
    blocks = [{"intent": intent, "examples": "\n".join(said) + "\n"} for intent, said in sorted(lines.items())]
    return yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, sort_keys=False)
