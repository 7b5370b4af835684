"""What the rules for requests are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from google.protobuf.message import Message


def raise_any(found: Iterable[Violation]) -> None:
    """Raise `Fault` INVALID_REQUEST where a rule is broken."""
    violations = list(found)
    if violations:
        raise fault(violations)


def fault(violations: Sequence[Violation]) -> Fault:
    """Return the fault for broken rules, of which there is at least one."""
    first = violations[0]
    more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
    message = f"{first.path}: {first.description}{more}"
    return Fault(Reason.INVALID_REQUEST, message, violations=tuple(violations))


def text_rule(path: str, text: str, limit: int) -> Iterator[Violation]:
    """Require some text, of at most `limit` characters."""
    if not text.strip():
        yield Violation(path, "must not be empty")
    if len(text) > limit:
        yield too_long(path, text, limit)


def share_rule(path: str, value: float) -> Iterator[Violation]:
    """Require a number from 0 to 1."""
    if not 0.0 <= value <= 1.0:
        yield Violation(path, f"must be between 0 and 1, is {value:g}")


def too_long(path: str, text: str, limit: int) -> Violation:
    """Return the violation of a text that is too long."""
    return Violation(path, f"must have at most {limit} characters, has {len(text)}")


def unknown(path: str, message: Message) -> Iterator[Violation]:
    """Refuse what a newer client sets: ignoring it would answer another question."""
    known = type(message)()
    known.CopyFrom(message)
    known.DiscardUnknownFields()
    if known.ByteSize() != message.ByteSize():
        yield Violation(path, "has a field that this server does not support")


def invalid(path: str, description: str) -> Fault:
    """Return the fault for a single field."""
    return fault([Violation(path, description)])
