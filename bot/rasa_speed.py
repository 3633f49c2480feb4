"""Takes two costs out of Rasa, leaving what it does the same.

``jsonschema.validate`` checks at every custom action that Rasa's own schema is a schema, which is more
than half of the time of a turn; here the validator is made once. And for every stored event that is
read, Rasa lists the whole tree of event classes to find the one of that name; here it is listed once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Returns True for a well-formed answer of an action.

    Raises:
        ValidationError: The answer has not the form Rasa documents.
    """
    _validator().validate(result)
    return True


_resolve_slowly = Event.resolve_by_type
_classes: dict[str, type[Event]] = {}


def _resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Returns the class of events of that name, as Rasa finds it, remembered from the first time on.

    Raises:
        ValueError: There is none of that name and no default.
    """
    if type_name not in _classes:
        found: type[Event] | None = _resolve_slowly(type_name, default)
        if found is None or found is default:
            return found
        _classes[type_name] = found
    return _classes[type_name]


def apply() -> None:
    """Puts the quick ways in place of Rasa's; doing so again changes nothing.

    Raises:
        RuntimeError: Rasa no longer has the method that is replaced.
    """
    Event.resolve_by_type = staticmethod(_resolve_by_type)
    if not hasattr(RemoteAction, "_validate_action_result"):
        raise RuntimeError(
            "RemoteAction._validate_action_result is gone: look at Rasa's change and drop bot/rasa_speed.py"
        )
    RemoteAction._validate_action_result = _validate_action_result
