"""What is said of a command line that cannot be meant."""

from pathlib import Path

import pytest
from command import ran
from plans import ESTIMATE

import docsort
from docsort._cli.plans import estimate_lines

NOWHERE = "127.0.0.1:1"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("classify", "a", "--catgories", "b"), "--catgories; did you mean --categories?"),
        (("classify", "a", "-c", "A", "--formt=json"), "--formt; did you mean --format?"),
        (("get", "JOB", "--xyzzy"), "--xyzzy; see: docsort get --help"),
        # The examples of `upload` show `classify` with it.
        (("upload", "a", "--categories", "b"), "--categories; see: docsort upload --help"),
    ],
)
async def test_an_unknown_option(arguments: tuple[str, ...], told: str) -> None:
    """The nearest one is named, below one line of usage, before what seems to be missing."""
    ended = await ran(*arguments)
    assert ended.code == 2
    usage, error = ended.err.splitlines()
    assert usage.startswith(f"usage: docsort {arguments[0]} ")
    assert error.endswith(f"unknown option {told}")


async def test_what_only_looks_like_an_option() -> None:
    """Behind two dashes there are only files."""
    ended = await ran("classify", "-c", "A", "--", "--nope.pdf", server=NOWHERE)
    assert "--nope.pdf: No such file or directory" in ended.err


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Invoce", "no category is named Invoce; did you mean Invoice? There are: Invoice, Letter"),
        ("Zoo", "no category is named Zoo; there are: Invoice, Letter"),
    ],
)
async def test_a_sample_of_no_category(tmp_path: Path, name: str, told: str) -> None:
    """The names that there are, and the nearest of them."""
    path = tmp_path / "categories.json"
    path.write_text('["Invoice", "Letter"]')
    ended = await ran("check", path, "--sample", f"{name}=a.pdf", server=NOWHERE)
    assert (ended.code, ended.err) == (2, f"docsort: --sample: {told}\n")


def test_a_time_is_no_range_where_both_ends_read_the_same() -> None:
    """Of a few pages."""
    short = docsort.Estimate(time=docsort.TimeRange(0.06, 0.11))
    assert "time           about 0.1 s" in estimate_lines(short)
    assert "time           1.5 s to 20 s" in estimate_lines(ESTIMATE)
