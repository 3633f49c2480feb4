"""What is handed over: a package and the bytes of its documents, checked against what was confirmed."""

from __future__ import annotations

import hashlib
from typing import Any

from actions.cases.connectors import Enclosure, Parcel, Refused
from actions.cases.documents import content_of
from knowledge.settings import Settings


def parcel_of(key: str, package: dict[str, Any], chosen: Settings) -> Parcel:
    """Returns the parcel of a package.

    Raises:
        Refused: A document is gone or is not what was confirmed; trying again would not help.
    """
    return Parcel(key, package, tuple(_enclosure(one, chosen) for one in package["documents"]))


def _enclosure(document: dict[str, Any], chosen: Settings) -> Enclosure:
    content = content_of(chosen, document["file_id"])
    if content is None:
        raise Refused(f"the file of {document['kind']} is gone")
    if hashlib.sha256(content).hexdigest() != document["sha256"]:
        raise Refused(f"the file of {document['kind']} is not the one that was confirmed")
    return Enclosure(document["kind"], document["name"], document["media_type"], content)
