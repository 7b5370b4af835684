"""From arguments to what a request says."""

import argparse
import difflib
import textwrap
from collections.abc import Sequence
from typing import Final

from docsort._categories import CategoryLike
from docsort._cli.files import UsageError, read_categories_file, read_password
from docsort._models import Category
from docsort._options import Options, page_ranges
from docsort._planning import Sample

# Letters of all names in an error.
_LISTED: Final = 400


def categories(arguments: argparse.Namespace) -> Sequence[CategoryLike]:
    """Return the categories to choose from. Raises UsageError."""
    if arguments.category:
        return list(arguments.category)
    return read_categories_file(arguments.categories)


def samples(arguments: argparse.Namespace, known: Sequence[Category]) -> list[Sample]:
    """Return the documents to try categories on. Raises UsageError for a name that none has."""
    names = {category.name.strip().casefold(): category.name for category in known}
    for name in (name for name, _ in arguments.sample if name):
        if name.strip().casefold() not in names:
            near = difflib.get_close_matches(name.strip().casefold(), names, n=1)
            hint = f"did you mean {names[near[0]]}? There are" if near else "there are"
            listed = textwrap.shorten(", ".join(names.values()), _LISTED, placeholder=" ...")
            raise UsageError(f"--sample: no category is named {name}; {hint}: {listed}")
    return [Sample(document=path, category=name) for name, path in arguments.sample]


def options(arguments: argparse.Namespace) -> Options:
    """Return how the job should run. Raises UsageError."""
    try:
        page_ranges(arguments.pages or ())
    except ValueError as error:
        raise UsageError(f"--{error}") from None
    if arguments.when_spent and not (arguments.max_model_calls or arguments.max_seconds):
        raise UsageError("--when-spent needs --max-model-calls or --max-seconds")
    return Options(
        pages=arguments.pages,
        password=read_password(arguments.password_file),
        min_confidence=arguments.min_confidence,
        min_margin=arguments.min_margin,
        deadline=arguments.deadline,
        evidence=False if arguments.no_evidence else None,
        labels=labels_of(arguments),
        ttl=arguments.ttl,
        priority=arguments.priority,
        engine=arguments.engine,
        fallback_engines=arguments.fallback,
        max_model_calls=arguments.max_model_calls,
        max_seconds=arguments.max_seconds,
        when_spent=arguments.when_spent,
        cache=False if arguments.no_cache else None,
        stop_when=arguments.stop_when,
        request_id=arguments.request_id,
    )


def labels_of(arguments: argparse.Namespace) -> dict[str, str]:
    """Return the labels. Raises UsageError for a key given twice."""
    labels: dict[str, str] = {}
    for key, value in arguments.label:
        if key in labels:
            raise UsageError(f"--label: the key '{key}' is given twice")
        labels[key] = value
    return labels
