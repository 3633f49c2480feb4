"""What KakaoTalk sends to the skill: the parts Naru reads, tolerant of everything else."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from channels.limits import KAKAO
from channels.problems import Problem

EXTRA = "naru"
"""Name under which a button carries what it means; KakaoTalk hands it back in ``action.clientExtra``."""

TYPED = "TEXT_INPUT"
"""The trigger of words that were typed; others are presses of buttons."""


def _object(value: Any) -> Any:
    """Returns an object, and an empty one for anything else: KakaoTalk sends null and "null" where it has nothing."""
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> Any:
    """Returns text with broken Unicode made whole: half an emoji is what cutting at a length leaves."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", " ")
    return "" if value is None else value


def _number_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class User(_Part):
    """The person: ``id`` is the same in every message to one bot."""

    id: Annotated[str, BeforeValidator(_number_as_text), Field(pattern=r"^[^\x00-\x1f\x7f]+$")]

    def model_post_init(self, _: Any) -> None:
        """Refuses ids longer than KakaoTalk's."""
        if len(self.id) > KAKAO.user_id:
            raise ValueError(f"at most {KAKAO.user_id} characters")


class Block(_Part):
    """The block of the scenario that called the skill."""

    name: Annotated[Any, BeforeValidator(_text)] = ""


class UserRequest(_Part):
    """What was written, by whom, and where a late answer may go."""

    user: User
    utterance: Annotated[str, BeforeValidator(_text)] = ""
    lang: Annotated[Any, BeforeValidator(_text)] = ""
    block: Annotated[Block, BeforeValidator(_object)] = Block()
    callback: Annotated[Any, Field(alias="callbackUrl")] = None


class Action(_Part):
    """The skill that was called; ``extra`` is what the pressed button carried."""

    extra: Annotated[dict[str, Any], BeforeValidator(_object), Field(alias="clientExtra")] = {}


class Trigger(_Part):
    """What made the person's words: typing, or a button of some kind."""

    type: Any = None


class Flow(_Part):
    """Where in the scenario the person is."""

    trigger: Annotated[Trigger, BeforeValidator(_object)] = Trigger()


class Asked(_Part):
    """A skill request, version 2.0."""

    request: Annotated[UserRequest, Field(alias="userRequest")]
    action: Annotated[Action, BeforeValidator(_object)] = Action()
    flow: Annotated[Flow, BeforeValidator(_object)] = Flow()

    @property
    def user(self) -> str:
        """Who writes."""
        return self.request.user.id

    @property
    def words(self) -> str:
        """What was written."""
        return self.request.utterance.strip()

    @property
    def lang(self) -> str | None:
        """The language of the person's KakaoTalk; the documentation writes both ``ko`` and ``kr`` for Korean."""
        lang = self.request.lang
        return ("ko" if lang.lower() == "kr" else lang) if isinstance(lang, str) and lang else None

    @property
    def block(self) -> str:
        """The name of the block that called, without spaces, in small letters."""
        return "".join(str(self.request.block.name).split()).lower()

    @property
    def callback(self) -> str | None:
        """Where a late answer may be posted, if KakaoTalk said so."""
        return self.request.callback if isinstance(self.request.callback, str) else None

    @property
    def carried(self) -> str | None:
        """What the pressed button carried for Naru."""
        value = self.action.extra.get(EXTRA)
        return value if isinstance(value, str) and value.startswith("/") else None

    @property
    def pressed(self) -> bool:
        """Whether the words surely come from a button."""
        kind = self.flow.trigger.type
        return isinstance(kind, str) and kind != TYPED


def read(body: bytes) -> Asked:
    """Returns the request.

    Raises:
        Problem: 422 when it is no skill request.
    """
    try:
        return Asked.model_validate(json.loads(body))
    except ValidationError as error:
        faults = ["{}: {}".format(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors(include_input=False)]
        raise Problem(422, "; ".join(faults).encode("utf-8", "replace").decode()) from error
    except (ValueError, RecursionError) as error:
        raise Problem(422, "the body is no skill request") from error
