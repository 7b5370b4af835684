"""Categories files of every form are read, and mistakes are told with entry and key."""

import json
from pathlib import Path

import pytest

import docsort
from docsort._cli.files import UsageError, read_categories_file

INVOICE = docsort.Category("Invoice", "A bill.", (docsort.Criterion("States an amount"),))


@pytest.mark.parametrize(
    "text",
    [
        "categories:\n- {name: Invoice, description: A bill., criteria: [States an amount]}",
        "- {name: Invoice, description: A bill., criteria: [States an amount]}",
        "- {category: Invoice, description: A bill., criteria: [States an amount]}",
        """
        classification_schema:
          - {category: Invoice, description: A bill., criteria: [States an amount]}
        """,
        "- {id: inv, name: Invoice, description: A bill., criteria: [States an amount]}",
        "- name: Invoice\n  description: A bill.\n  criteria:\n  - text: States an amount\n",
    ],
)
def test_forms(tmp_path: Path, text: str) -> None:
    """A list, a mapping that holds one, and the names of other formats are the same."""
    path = tmp_path / "categories.yaml"
    path.write_text(text)
    assert read_categories_file(str(path)) == [INVOICE]


def test_list_of_names(tmp_path: Path) -> None:
    """Names alone are enough."""
    path = tmp_path / "categories.yml"
    path.write_text("[Invoice, Contract]")
    assert [c.name for c in read_categories_file(str(path))] == ["Invoice", "Contract"]


def test_json(tmp_path: Path) -> None:
    """JSON holds the same forms."""
    path = tmp_path / "categories.json"
    path.write_text(json.dumps({"categories": ["Invoice", {"name": "Contract"}]}))
    assert [c.name for c in read_categories_file(str(path))] == ["Invoice", "Contract"]


def test_examples_are_texts_or_files_of_text(tmp_path: Path) -> None:
    """Files lie beside the categories; of a long one the first part is taken."""
    (tmp_path / "hive.txt").write_text("Queen seen. " * 1_000)
    path = tmp_path / "categories.yaml"
    path.write_text("categories:\n- {name: Hive, examples: [Brood, {file: hive.txt}]}\n- Other")
    hive, other = read_categories_file(str(path))
    assert hive.examples == ("Brood", ("Queen seen. " * 1_000)[:8_000])
    assert other.examples == ()


@pytest.mark.parametrize(
    ("example", "mistake"),
    [
        ("{file: gone.txt}", 'category "Hive", examples[1]: gone.txt: No such file'),
        ("{file: scan.pdf}", 'category "Hive", examples[1]: scan.pdf: not a text file in UTF-8'),
        (
            "{path: a.txt}",
            "category \"Hive\", examples[1]: expected a text, or a mapping with 'file'",
        ),
        ("{file: [1]}", "expected a text, or a mapping with 'file' alone"),
    ],
)
def test_examples_that_cannot_be_read(tmp_path: Path, example: str, mistake: str) -> None:
    """They are told by category and place."""
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7 \xff\xfe")
    path = tmp_path / "categories.yaml"
    path.write_text(f"- {{name: Hive, examples: [{example}]}}")
    with pytest.raises(UsageError) as caught:
        read_categories_file(str(path))
    assert mistake in str(caught.value)


def test_the_sample_file() -> None:
    """The file beside the sample packet can be read."""
    path = Path(__file__).parents[2] / "examples" / "categories.yaml"
    categories = read_categories_file(str(path))
    assert all(category.name and category.criteria for category in categories)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("- Invoice\n- {nmae: Contract}", "category 2: unknown key 'nmae'; did you mean 'name'?"),
        ("- {name: A, examples: one}", "category \"A\": 'examples' must be a list, found text"),
        (
            "- {name: A, examples: [1]}",
            "category \"A\": 'examples[1]' must be text, found a number",
        ),
        (
            "- {name: A, threshold: high}",
            "category \"A\": 'threshold' must be a number, found text",
        ),
        ("- {name: A, threshold: true}", "must be a number, found true or false"),
        ("- {name: A, threshold: 80}", "category \"A\": 'threshold' must be from 0 to 1, found 80"),
        ("- {name: A, colour: red}", "category \"A\": unknown key 'colour'; known are name"),
        ("- {description: A bill.}", "category 1: no 'name'; give one of them"),
        ("- {name: A, category: B}", "category \"A\": both 'name' and 'category'"),
        ("- {name: 7}", "category 1: 'name' must be text, found a number"),
        ("- {name: no}", "category 1: 'name' must be text, found true or false"),
        ("- {name: A, criteria: one}", "category \"A\": 'criteria' must be a list, found text"),
        (
            "- {name: A, criteria: [x, 3]}",
            "'criteria[2]' must be text or a mapping, found a number",
        ),
        ("- [A]", "category 1: expected a name or a mapping, found a list"),
        ("labels: [A]", "expected one key 'categories'"),
        ("categorys: [A]", "with a list; did you mean that by 'categorys'?"),
        ("- {name: A, name: B}", "line 1: the key 'name' is given twice"),
        ("categories: [A]\ncategories: [B]", "line 2: the key 'categories' is given twice"),
        (
            "- &a {name: A, criteria: [*a]}",
            "criteria[1]: unknown key 'name'; known are text, required",
        ),
        ("- {name: A, criteria: [{txt: x}]}", "unknown key 'txt'; did you mean 'text'?"),
        ("- {name: A, criteria: [{required: true}]}", "category \"A\", criteria[1]: no 'text'"),
        ("- {name: A, criteria: [{text: x, weight: a}]}", "'weight' must be a number, found text"),
        (
            "- {name: A, criteria: [{text: x, negative: 1}]}",
            "'negative' must be true or false, found a number",
        ),
        ("categories: A", "expected a list of categories, found text"),
        ("[]", "the list of categories is empty"),
        ("", "expected a list of categories, found nothing"),
        ("- {", "not YAML: "),
    ],
)
def test_mistakes(tmp_path: Path, text: str, mistake: str) -> None:
    """A mistake names the file, the entry and the key."""
    path = tmp_path / "categories.yaml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_categories_file(str(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert mistake in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, and JSON that is none, are told in one sentence."""
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    binary, zeros = tmp_path / "binary.yaml", tmp_path / "zeros.yaml"
    binary.write_bytes(b"%PDF-1.7\n\xe2\xe3\xcf\xd3")
    zeros.write_bytes(bytes(8))
    for path in (binary, zeros):
        with pytest.raises(UsageError, match="not a text file; categories are YAML or JSON"):
            read_categories_file(str(path))
    twice = tmp_path / "twice.json"
    twice.write_text('[{"name": "A", "name": "B"}]')
    with pytest.raises(UsageError, match="the key 'name' is given twice"):
        read_categories_file(str(twice))
    with pytest.raises(UsageError, match="No such file"):
        read_categories_file(str(tmp_path / "missing.yaml"))
    with pytest.raises(UsageError, match="not JSON"):
        read_categories_file(str(broken))
