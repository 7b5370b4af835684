"""Categories with their criteria, as callers give them."""

from __future__ import annotations

from docsort.v1 import classification_pb2 as classification
from docsort_server.engine.model import PLAIN, Category, Terms


def category_from_proto(message: classification.Category) -> Category:
    """Return a category; its terms are left out where all criteria are plain."""
    terms = tuple(map(_terms_from_proto, message.criteria))
    return Category(
        message.name,
        message.description,
        tuple(criterion.text for criterion in message.criteria),
        terms if any(each != PLAIN for each in terms) else (),
        message.threshold if message.HasField("threshold") else None,
        tuple(message.examples),
    )


def category_to_proto(category: Category) -> classification.Category:
    """Return a category as a message."""
    message = classification.Category(
        name=category.name,
        description=category.description,
        threshold=category.threshold,
        examples=category.examples,
    )
    for number, text in enumerate(category.criteria):
        terms = category.terms[number] if category.terms else PLAIN
        message.criteria.add(
            text=text,
            required=terms.required,
            negative=terms.negative,
            weight=None if terms.weight == PLAIN.weight else terms.weight,
            pattern=terms.pattern,
        )
    return message


def _terms_from_proto(message: classification.Criterion) -> Terms:
    return Terms(
        required=message.required,
        negative=message.negative,
        weight=message.weight if message.HasField("weight") else PLAIN.weight,
        pattern=message.pattern,
    )
