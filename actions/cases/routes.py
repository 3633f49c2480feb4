"""Where applications go: to the receiving desk of this Naru service, or where the operator has set it.

NARU_DELIVERY_ROUTES is JSON, an organisation's id (or ``desk``) to how it is reached::

    {"desk": {"connector": "email", "address": "desk@example.org"},
     "organisation.kosme": {"connector": "webhook", "address": "https://…", "secret": "…"}}
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, TypeAdapter, ValidationError, model_validator

from actions.cases.forms import ConnectorName
from knowledge.settings import Settings

DESK = "desk"
"""The recipient of everything that has no route of its own."""


class RouteError(ValueError):
    """NARU_DELIVERY_ROUTES can't be used; the message says why and holds no secret."""


class Route(BaseModel):
    """How a recipient is reached: the connector, its address (URL or e-mail) and the secret that signs."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    connector: ConnectorName
    address: str = ""
    secret: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _complete(self) -> Route:
        if self.connector == "webhook":
            if not may_be_posted_to(self.address):
                raise ValueError("a webhook's address must be https, or http on this machine")
            if len(self.secret.get_secret_value()) < 16:
                raise ValueError("a webhook needs a secret of at least 16 characters")
        if self.connector == "email" and "@" not in self.address:
            raise ValueError("an e-mail route needs an address")
        return self


def routes(chosen: Settings) -> dict[str, Route]:
    """Returns the operator's routes by recipient.

    Raises:
        RouteError: The setting is no JSON, or a route in it is incomplete or unsafe.
    """
    if chosen.delivery_routes is None or not chosen.delivery_routes.get_secret_value().strip():
        return {}
    try:
        return TypeAdapter(dict[str, Route]).validate_json(chosen.delivery_routes.get_secret_value())
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        raise RouteError(f"NARU_DELIVERY_ROUTES: {faults}") from None


def recipient_of(organisation: str, chosen: Settings) -> str:
    """Returns who receives an application to a programme of this organisation: it, if it has a route, else the desk."""
    return organisation if organisation in routes(chosen) else DESK


def route_to(recipient: str, default: ConnectorName, chosen: Settings) -> Route:
    """Returns how a recipient is reached; the desk without a route gets the form's default, if that needs no address.

    Raises:
        RouteError: The organisation had a route when the application was confirmed, and has none now.
    """
    found = routes(chosen).get(recipient)
    if found is not None:
        return found
    if recipient != DESK or default != "print":
        raise RouteError(f"NARU_DELIVERY_ROUTES has no route to {recipient}")
    return Route(connector="print")


def may_be_posted_to(address: str) -> bool:
    """Tells whether firms' data may be posted to an address: https anywhere, http on this machine only."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
