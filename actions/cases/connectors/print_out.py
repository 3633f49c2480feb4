"""Writes a package into the data folder, for a desk that prints it or fetches it from there."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from actions.cases.connectors.parcel import Parcel
from actions.cases.routes import Route
from knowledge.settings import Settings

FOLDER = "outbox"


def folder_of(chosen: Settings, number: str) -> Path:
    """Returns the folder of a receipt number."""
    return chosen.data_dir / FOLDER / number


def send(parcel: Parcel, _route: Route, chosen: Settings) -> None:
    """Writes PDF, JSON and documents, readable by the service's user alone; writing twice changes nothing."""
    write_files(parcel, folder_of(chosen, parcel.number))


def write_files(parcel: Parcel, folder: Path) -> tuple[Path, ...]:
    """Writes a parcel's files into a folder and returns their paths, the PDF first."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kind = str(parcel.package["schema"]).split(".")[1].split("/")[0]
    stem = f"{kind}-{parcel.package['submission']}"
    files = {f"{stem}.pdf": parcel.pdf, f"{stem}.json": parcel.json}
    files |= {f"{stem}-{each.kind}{_ending(each.name)}": each.content for each in parcel.enclosures}
    for name, content in files.items():
        _write(folder / name, content)
    return tuple(folder / name for name in files)


def _ending(name: str) -> str:
    ending = Path(name).suffix.lower()
    return ending if ending[1:].isalnum() and len(ending) <= 6 else ""


def _write(path: Path, content: bytes) -> None:
    """Writes a file whole: nobody sees half of it, and nobody else reads it."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
