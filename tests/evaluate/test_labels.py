"""Labels and categories: what they may look like, and what is said where they cannot be used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from labelled_parts import labelled_folder, write_labels

from docsort._evaluate.choice import of_document, of_names
from docsort._evaluate.labels import LabelsError, Part, read_labels

if TYPE_CHECKING:
    from pathlib import Path

CATEGORIES = {
    "categories": [
        {"id": "bill", "name": "Invoice"},
        {"name": "Letter"},
        {"id": "other", "name": "Anything else"},
    ]
}


def test_documents_and_packets_are_told_apart(tmp_path: Path) -> None:
    """A row with a class is one document; without one the JSON beside it tells its pages."""
    *single, packet = read_labels(labelled_folder(tmp_path, 1))
    assert [(each.name, each.label) for each in single] == [
        ("invoice-0.pdf", "Invoice"),
        ("letter-0.pdf", "Letter"),
    ]
    assert packet.label is None
    assert packet.pages == {1: "Invoice", 2: "Letter"}
    assert packet.parts == (Part(1, 1, "Invoice"), Part(2, 2, "Letter"))


def test_documents_lie_beside_the_labels_or_in_a_root(tmp_path: Path) -> None:
    """Paths are relative to the file's folder unless another one is named."""
    path = write_labels(tmp_path / "labels.csv", [{"path": "a.pdf", "class": "x", "family": "f"}])
    assert read_labels(path)[0].path == tmp_path / "a.pdf"
    (moved,) = read_labels(path, tmp_path / "docs")
    assert (moved.path, moved.family) == (tmp_path / "docs/a.pdf", "f")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the column path is missing; the first line, '',"),
        ("a.pdf,invoice\n", "the column path is missing; the first line, 'a.pdf,invoice', has to"),
        ("path,kind\na,b\n", "the column class is missing"),
        ("path,class\n", "no documents are listed"),
        ("file,class\na,b\n", "has to name the columns: path and class, or packet"),
        ("path,class\na,x\na,y\n", "a is listed twice"),
        ("path,class\n,x\n", "line 2: the column path is empty"),
        ("path,class\na.pdf,\n", "line 2: no class; give one, or for a packet the file"),
        ("packet\na.pdf\n", "a.json: No such file"),
    ],
)
def test_labels_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    """The error names the file, the line and what is missing."""
    path = tmp_path / "labels.csv"
    path.write_text(text)
    with pytest.raises(LabelsError, match=re.escape(words)):
        read_labels(path)


def test_a_truth_of_packets_that_cannot_be_used(tmp_path: Path) -> None:
    """The JSON beside a packet needs pages and segments."""
    path = write_labels(tmp_path / "labels.csv", [{"packet": "a.pdf"}])
    (tmp_path / "a.json").write_text('{"pages": [{"page": 1}]}')
    with pytest.raises(LabelsError, match=r"a\.json: needs pages of page and class"):
        read_labels(path)


def test_classes_are_ids_or_names() -> None:
    """A truth names a category by its id or its name; the reject class is not asked for."""
    choice = of_document(CATEGORIES)
    assert [each.name for each in choice.categories] == ["Invoice", "Letter"]
    found = [choice.class_of(label) for label in ("bill", "INVOICE", "letter", "Other", "memo")]
    assert found == ["bill", "bill", "Letter", "other", None]


def test_another_class_may_be_the_reject_class() -> None:
    """With another reject class, a category that is called other is one like all."""
    choice = of_names(["Invoice", "Other"], reject="none")
    assert choice.class_of("other") == "Other"
    assert choice.class_of("none") == "none"


def test_a_class_that_is_no_category_is_refused(tmp_path: Path) -> None:
    """The error names the document and the nearest category."""
    path = write_labels(tmp_path / "labels.csv", [{"path": "a.pdf", "class": "Invoce"}])
    with pytest.raises(LabelsError, match=r"a\.pdf: .*'Invoce'.*did you mean 'Invoice'\?"):
        of_names(["Invoice", "Letter"]).check(read_labels(path))
