"""The forms of programmes: what is asked beyond the profile, which documents go along, and who receives them.

They are data of the pack (``applications/*.yaml``), editorial: the offices' own forms are not known here. What is
sent is a request package (신청 의뢰서) to whoever runs this Naru service's receiving desk, unless the operator has
set where an organisation's applications go.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field as Part

from actions.cases.fields import Field, profile_fields
from knowledge.pack import read_yaml
from knowledge.record import Basis, Language, Source, Strict
from knowledge.settings import settings

COMMON = "_common.yaml"
FOLDER = "applications"

ConnectorName = Literal["webhook", "email", "print"]


class NoForm(LookupError):
    """Naru has no form for this programme."""


class FormError(ValueError):
    """A form of the pack is wrong; the message names it."""


class DocumentWords(Strict):
    """What a document is called and what it is for, in one language."""

    label: str
    help: str | None = None


class DocumentKind(Strict):
    """A document that goes with an application; ``accepts`` are media types, ``most_bytes`` its largest size."""

    kind: Annotated[str, Part(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    accepts: tuple[str, ...]
    most_bytes: Annotated[int, Part(gt=0)]
    required: bool = False
    ko: DocumentWords
    en: DocumentWords

    def label(self, language: Language) -> str:
        """Returns what it is called."""
        return (self.ko if language == "ko" else self.en).label


class Recipient(Strict):
    """The organisation that runs the programme, and how it is reached where the operator has set nothing."""

    organisation: str
    connector: ConnectorName = "print"


class Form(Strict):
    """The form of one programme: fields of the profile first, then its own, then documents.

    Attributes:
        programme: Id of the programme's record.
        names: What the programme is called, by language.
        organisations: What the organisations named here are called, by id and language.
        recipient: Who runs it.
        fields: Everything asked, in order; ``required`` says what an application can't go without.
        own: Keys of the fields that are not the profile's.
        documents: What may go along.
        source: Where the form comes from.
        confirm_with: The organisation to ask whether the office wants something else.
    """

    programme: str
    names: dict[Language, str]
    organisations: dict[str, dict[Language, str]]
    recipient: Recipient
    fields: tuple[Field, ...]
    own: frozenset[str]
    documents: tuple[DocumentKind, ...]
    source: Source
    confirm_with: str

    def field(self, key: str) -> Field:
        """Returns the field of that key.

        Raises:
            KeyError: The form does not ask for it.
        """
        return {field.key: field for field in self.fields}[key]

    def document(self, kind: str) -> DocumentKind:
        """Returns the kind of document of that name.

        Raises:
            KeyError: The form does not ask for it.
        """
        return {document.kind: document for document in self.documents}[kind]


def form_of(programme_id: str) -> Form:
    """Returns the form of a programme.

    Raises:
        NoForm: There is none.
        FormError: The pack's forms are wrong.
    """
    try:
        return _forms(settings().packs_dir / settings().pack)[programme_id]
    except KeyError as error:
        raise NoForm(programme_id) from error


def programmes_with_form() -> tuple[str, ...]:
    """Returns the ids of the programmes one can apply to here."""
    return tuple(_forms(settings().packs_dir / settings().pack))


@lru_cache(maxsize=2)
def _forms(pack: Path) -> dict[str, Form]:
    common = read_yaml(pack / FOLDER / COMMON)
    sources = read_yaml(pack / "sources.yaml")
    records = {
        item["id"]: item
        for folder in ("programmes", "organisations")
        for path in sorted((pack / folder).glob("*.yaml"))
        for item in read_yaml(path)
    }
    forms: dict[str, Form] = {}
    for path in sorted((pack / FOLDER).glob("*.yaml")):
        if path.name == COMMON:
            continue
        try:
            form = _form(read_yaml(path), common, sources, records)
        except (KeyError, TypeError, ValueError) as error:
            raise FormError(f"{path.name}: {error}") from error
        forms[form.programme] = form
    return forms


def _form(item: dict[str, Any], common: dict[str, Any], sources: Any, records: dict[str, Any]) -> Form:
    programme = records[item["id"]]
    required = [*common["required"], *item.get("required", [])]
    optional = [*item.get("optional", []), *common["optional"]]
    asked = [profile_fields()[key].model_copy(update={"required": True}) for key in dict.fromkeys(required)]
    asked += [profile_fields()[key] for key in dict.fromkeys(optional) if key not in required]
    own = [Field.model_validate(field) for field in item.get("fields", [])]
    twice = {field.key for field in own} & set(profile_fields())
    if twice or item["recipient"]["organisation"] not in programme["run_by"]:
        raise FormError(f"{item['id']}: a profile key is used again, or the recipient does not run it")
    source = Source.model_validate({**sources[item["source"]["of"]], "as_of": str(item["source"]["as_of"])})
    if source.basis is Basis.EDITORIAL and not item.get("confirm_with"):
        raise FormError(f"{item['id']}: an editorial form names in confirm_with whom to ask")
    return Form(
        programme=item["id"],
        names={"ko": programme["ko"]["name"], "en": programme["en"]["name"]},
        organisations={
            organisation: {"ko": records[organisation]["ko"]["name"], "en": records[organisation]["en"]["name"]}
            for organisation in (item["recipient"]["organisation"], item["confirm_with"])
        },
        recipient=item["recipient"],
        fields=(*asked, *own),
        own=frozenset(field.key for field in own),
        documents=[*common["documents"], *item.get("documents", [])],
        source=source,
        confirm_with=item["confirm_with"],
    )
