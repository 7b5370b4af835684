"""`docsort pool`: the answers of several runs together."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from labelled_parts import graded, packet

from docsort._cli.command import main
from docsort._evaluate import record
from docsort._evaluate.choice import Choice, of_names
from docsort._evaluate.pool import pool
from docsort._evaluate.record import Heading

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from docsort._evaluate.graded import Graded

PLAIN = of_names(["Invoice", "Letter"])
# The same classes, asked for by other names.
TERSE = Choice(PLAIN.categories, {"Bill": "Invoice", "Note": "Letter"}, "other")
COUNT = 20


def answers(choice: Choice, invoice: str, wrong: int) -> list[Graded]:
    """Return answers for the same invoices, of which so many are wrong, and for a packet."""
    other = next(name for name in choice.classes if name != invoice)
    return [
        *(
            graded(
                "Invoice",
                other if place < wrong else invoice,
                0.5 if place < wrong else 0.9,
                name=f"{place}.pdf",
                columns={"desk": "a" if place % 2 else "b"},
                choice=choice,
            )
            for place in range(COUNT)
        ),
        packet(["Invoice", "Letter"], ["Invoice", "Letter"], [1, 2], [1, 2]),
    ]


def saved(path: Path, found: list[Graded]) -> Path:
    """Write a run of these answers."""
    choice = found[0].choice
    heading = Heading("labels.csv", datetime.now(UTC), choice, {})
    record.write(path, record.compose(heading, tuple(found)))
    return path


@pytest.fixture(autouse=True)
def _own_signals() -> Generator[None, None, None]:
    """Keep the tests' own answer to SIGTERM: the command sets another."""
    kept = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, kept)


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    """Return two runs about the same documents in two wordings."""
    return [
        saved(tmp_path / "plain.json", answers(PLAIN, "Invoice", 2)),
        saved(tmp_path / "terse.json", answers(TERSE, "Bill", 6)),
    ]


def pooled(
    runs: list[Path], capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[Any, str, str]:
    """Pool the runs; return the file's content, what was printed, and the page."""
    output = runs[0].with_name("both")
    assert main(["pool", *map(str, runs), "-o", str(output), *more]) == 0
    content = json.loads(output.with_suffix(".json").read_text())
    return content, capsys.readouterr().out, output.with_suffix(".html").read_text()


def test_answers_of_all_runs_count(runs: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Each is judged in the words of its own run, and figures are split by run."""
    content, printed, page = pooled(runs, capsys, "--split", "desk")
    figures = content["figures"]
    assert (content["format"], len(content["documents"])) == ("docsort-pool", 2 * COUNT)
    assert figures["accuracy"]["n"] == 2 * COUNT
    assert figures["accuracy"]["value"] == pytest.approx(32 / 40)
    by_run = {each["value"]: each["accuracy"]["value"] for each in figures["splits"]["run"]}
    assert by_run == {str(runs[0]): 0.9, str(runs[1]): 0.7}
    assert {each["accuracy"]["n"] for each in figures["splits"]["desk"]} == {COUNT}
    assert printed.startswith("32 of 40 answers (80%)")
    assert "40 answers" in page


def test_honesty_is_told_with_interval_and_number_everywhere(
    runs: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Brier score and debiased calibration error: the summary, the JSON and the page."""
    content, printed, page = pooled(runs, capsys)
    told = content["figures"]["calibration"]
    assert told["brier"]["value"] == pytest.approx((32 * 0.01 + 8 * 0.25) / 40)
    for label, heading, figure in (
        ("Brier score", "Brier score", told["brier"]),
        ("  debiased", "the same, squared and debiased", told["debiased"]),
    ):
        assert figure["n"] == 2 * COUNT
        interval = f"({figure['low']:.3f} to {figure['high']:.3f}, n=40)"
        value = f"{figure['value']:.3f}"
        assert f"{label:<26}{value}  {interval}" in printed.splitlines()
        assert f"<th>{heading}</th><td>{value} <small>{interval}</small></td>" in page


def test_asking_again_makes_no_interval_narrower(runs: list[Path]) -> None:
    """A document's answers are of one family; runs that are the same are named."""
    twice = pool([record.read_run(runs[0]), record.read_run(runs[0])])
    assert len({each.truth.family for each in twice.graded}) == COUNT
    assert list(twice.repeated()) == [("plain.json", "plain.json")]
    assert not list(pool([record.read_run(path) for path in runs]).repeated())


def test_packets_are_left_out_and_told(
    runs: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is true of their pages is not in a run."""
    assert main(["pool", *map(str, runs), "-o", str(runs[0].with_name("both"))]) == 0
    assert "2 packets are left out" in capsys.readouterr().err


def test_what_is_no_two_runs_is_refused(
    runs: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """One run, the same twice, a file that is none, and a run that would be overwritten: code 2."""
    broken = runs[0].with_name("broken.json")
    broken.write_text("{}")
    plain, terse = map(str, runs)
    for arguments, said in (
        ([plain], "two or more runs, each of them once"),
        ([plain, plain], "two or more runs, each of them once"),
        ([plain, str(broken)], "not a run of docsort evaluate"),
        ([plain, terse, "-o", plain], "would be overwritten; give another -o"),
    ):
        assert main(["pool", *arguments]) == 2
        assert said in capsys.readouterr().err
