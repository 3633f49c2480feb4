"""How a package reaches its receiver: posted to a webhook, sent by e-mail, or written into a folder to be printed."""

from __future__ import annotations

from actions.cases.connectors import email, print_out, webhook
from actions.cases.connectors.parcel import Enclosure, Parcel, Refused, Unreachable
from actions.cases.routes import Route
from knowledge.settings import Settings

__all__ = ["Enclosure", "Parcel", "Refused", "Unreachable", "hand_over"]

_CONNECTORS = {"webhook": webhook.send, "email": email.send, "print": print_out.send}


def hand_over(parcel: Parcel, route: Route, chosen: Settings) -> None:
    """Hands a parcel over on the given route.

    Raises:
        Refused: The receiver does not want it as it is; trying again would not help.
        Unreachable: The receiver can't take it now.
    """
    _CONNECTORS[route.connector](parcel, route, chosen)
