"""The states an application goes through, and which may follow which."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    """Something is missing; the firm may change it and submit again."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


FOLLOWS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.SUBMITTED: frozenset({State.IN_REVIEW, State.WITHDRAWN}),
    State.IN_REVIEW: frozenset({State.RETURNED, State.ACCEPTED, State.DECLINED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.ACCEPTED: frozenset(),
    State.DECLINED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
"""What may follow each state; nothing follows the last three."""

EDITABLE = frozenset({State.DRAFT, State.RETURNED})
"""States in which the firm may change its answers."""


class IllegalTransition(ValueError):
    """An application was to go into a state that can't follow the one it is in.

    Attributes:
        before: The state it is in.
        after: The state it was to go into.
    """

    def __init__(self, before: State, after: State) -> None:
        super().__init__(f"an application can't go from {before} to {after}")
        self.before, self.after = before, after


def check_transition(before: State, after: State) -> None:
    """Lets a change of state pass.

    Raises:
        IllegalTransition: ``after`` can't follow ``before``.
    """
    if after not in FOLLOWS[before]:
        raise IllegalTransition(before, after)
