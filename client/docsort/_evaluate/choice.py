"""The categories that are asked for, and the classes of the truth that they stand for."""

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from docsort._categories import read_categories, read_document_of_categories
from docsort._evaluate.labels import LabelsError, Truth
from docsort._models import Category

DEFAULT_REJECT: Final = "other"
BLANK: Final = "blank"


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold the categories in the order asked, and the class that each of their names stands for.

    `reject` is the class of documents that fit none: the right answer to them is NO_MATCH.
    """

    categories: tuple[Category, ...]
    classes: Mapping[str, str]
    reject: str

    @property
    def digest(self) -> str:
        """Tell two questions apart."""
        plain = json.dumps([asdict(each) for each in self.categories], sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()

    def class_of(self, label: str) -> str | None:
        """Return the class that a label of the truth means; None for an unknown one."""
        # A category may itself be called blank.
        known = {BLANK: BLANK, self.reject.casefold(): self.reject}
        known |= {kind.casefold(): kind for kind in self.classes.values()}
        known |= {name.casefold(): kind for name, kind in self.classes.items()}
        return known.get(label.casefold())

    def check(self, truths: Iterable[Truth]) -> None:
        """Raise LabelsError for a label that is neither a category nor the reject class."""
        for truth in truths:
            labels = [truth.label] if truth.label else list(truth.pages.values())
            for label in labels:
                if self.class_of(label) is None:
                    raise LabelsError(self._unknown(truth.name, label))

    def _unknown(self, name: str, label: str) -> str:
        known = [*self.classes.values(), *self.classes]
        near = difflib.get_close_matches(label, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"categories are {', '.join(self.classes)}"
        return (
            f"{name}: the class '{label}' is no category; {hint}; "
            "the class of documents that fit none is named by --reject"
        )


def of_names(names: Sequence[str], reject: str = DEFAULT_REJECT) -> Choice:
    """Return the choice among plain names; truths have the names for classes."""
    return _choice(read_categories(names), names, reject)


def of_document(content: object, reject: str = DEFAULT_REJECT) -> Choice:
    """Return the choice of a parsed categories file; an `id` is the class in the truth.

    Raises CategoriesError.
    """
    categories = read_document_of_categories(content)
    entries = _entries(content)
    ids = [
        str(entry.get("id") or category.name) if isinstance(entry, Mapping) else category.name
        for entry, category in zip(entries, categories, strict=True)
    ]
    return _choice(categories, ids, reject)


def _choice(categories: Sequence[Category], ids: Sequence[str], reject: str) -> Choice:
    rejected = reject.casefold()
    asked = [
        (category, kind)
        for category, kind in zip(categories, ids, strict=True)
        if rejected not in (kind.casefold(), category.name.casefold())
    ]
    if not asked:
        raise LabelsError("there is no category to ask for beside the reject class")
    classes = {category.name: kind for category, kind in asked}
    return Choice(tuple(category for category, _ in asked), classes, reject)


def _entries(content: object) -> Sequence[object]:
    if isinstance(content, Mapping):
        content = content.get("categories", content.get("classification_schema"))
    return content if isinstance(content, list) else []
