"""Temperatures: what is found, and that a server reads the file."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from labelled_parts import graded, page_answer

from docsort._evaluate import calibration_file
from docsort._evaluate.labels import LabelsError
from docsort._evaluate.temperature import Fit, fit_all
from docsort_server.engine.openai.calibration import fit_for, load

if TYPE_CHECKING:
    from pathlib import Path

    from docsort._evaluate.graded import Graded

MADE_BY = {"engine": "local", "model": "own/1", "calibration": ""}


def boasting(count: int, power: float) -> list[Graded]:
    """Return documents whose scores are honest chances raised to a power, one page each."""
    generator = np.random.default_rng(3)
    found = []
    for place in range(count):
        chances = generator.dirichlet([1.0, 1.0, 0.3])
        label = ("Invoice", "Letter", "other")[int(generator.choice(3, p=chances))]
        raised = chances**power / (chances**power).sum()
        scores = (float(raised[0]), float(raised[1]))
        page = page_answer(1, "Invoice", scores, float(raised[2]))
        each = graded(label, "Invoice", name=str(place))
        answer = replace(each.answer, pages=(page,), made_by=MADE_BY)
        found.append(type(each)(each.truth, answer, each.choice))
    return found


def test_what_was_raised_is_cooled() -> None:
    """Scores that are chances to the power of two need a temperature of two; errors shrink."""
    (found,) = fit_all(boasting(1500, 2.0))
    assert found.temperature == pytest.approx(2.0, rel=0.15)
    assert found.after < found.before / 2
    assert found.brier_after < found.brier_before
    assert (found.backend, found.model, found.pages) == ("local", "own/1", 1500)


@pytest.mark.parametrize(
    ("after", "brier_after", "told"),
    [
        (0.1, 0.3, "the Brier score of"),
        (0.2, 0.1, "the calibration error of"),
        (0.2, 0.3, "the calibration error and Brier score of"),
    ],
)
def test_each_error_that_does_not_shrink_is_told(
    after: float, brier_after: float, told: str
) -> None:
    """A fit that makes either worse is none to use; the embedded engine's is used by nobody."""
    fit = Fit("openai", "m", 1.2, 200, 200, 200, 0.2, after, 0.2, brier_after)
    assert list(fit.lines())[-1] == f"  It does not help {told} documents left out: leave it away."
    own = list(replace(fit, backend="local").lines())
    assert own[-1] == f"  It does not help {told} documents left out."
    assert "no server makes anything of it" in own[-2]


@pytest.mark.parametrize("name", ["fits.toml", "fits.json"])
def test_a_server_reads_the_file(tmp_path: Path, name: str) -> None:
    """The file is one that the server's own reader takes, with quotes and accents in its id."""
    (found,) = fit_all(boasting(60, 2.0))
    path = tmp_path / name
    calibration_file.write(path, [calibration_file.entry(found, 'März "2026" \\ one')])
    read = fit_for(load(path), "local", "own/1")
    assert read is not None
    assert (read.id, read.fitted_on) == ('März "2026" \\ one', 60)
    assert read.temperature == found.temperature
    assert calibration_file.read(path) == [calibration_file.entry(found, 'März "2026" \\ one')]


def test_other_models_keep_their_fits(tmp_path: Path) -> None:
    """A new fit takes the place of the one of its model and leaves others as they are."""
    (found,) = fit_all(boasting(60, 2.0))
    other = {**calibration_file.entry(found, "old"), "model": "large"}
    path = tmp_path / "fits.toml"
    calibration_file.write(
        path,
        calibration_file.merged(
            [other, calibration_file.entry(found, "old")], [calibration_file.entry(found, "new")]
        ),
    )
    assert [(each.model, each.id) for each in load(path)] == [("large", "old"), ("own/1", "new")]


def test_what_cannot_be_fitted_is_told(tmp_path: Path) -> None:
    """Too few pages, one family, scores that are calibrated already, a file of another kind."""
    documents = boasting(20, 2.0)
    with pytest.raises(LabelsError, match="3 pages have scores"):
        fit_all(documents[:3])
    family = [replace(each, truth=replace(each.truth, family="one")) for each in documents]
    with pytest.raises(LabelsError, match="of one family"):
        fit_all(family)
    used = {**MADE_BY, "calibration": "spring"}
    done = [replace(each, answer=replace(each.answer, made_by=used)) for each in documents]
    with pytest.raises(LabelsError, match="already uses the calibration 'spring'"):
        fit_all(done)
    path = tmp_path / "notes.toml"
    path.write_text("title = 1")
    with pytest.raises(LabelsError, match=re.escape("notes.toml: exists and is no calibration")):
        calibration_file.read(path)
