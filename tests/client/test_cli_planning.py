"""The commands that come before classifying: check and estimate."""

import dataclasses
import json
from pathlib import Path

import grpc
import pytest
from command import ran
from plans import CHECK, ESTIMATE
from source_tree import ROOT

import docsort
from docsort.testing import Cut, Server
from docsort.v1.job_service_pb2 import EstimateJobRequest
from docsort.v1.schema_service_pb2 import CheckCategoriesRequest


@pytest.fixture
def categories(tmp_path: Path) -> Path:
    """Return a file with categories."""
    path = tmp_path / "categories.json"
    path.write_text('["Invoice", "Letter"]')
    return path


async def test_findings_are_printed_for_people(categories: Path) -> None:
    """What, about what, why, and what to do; the count comes last."""
    async with Server(check=CHECK) as server:
        ended = await ran("check", categories, server=server.target)
    assert (ended.code, ended.err) == (0, "")
    assert ended.lines == [
        'warning: duplicate criteria: Invoice / "has a total"',
        "  A reason.",
        "  -> A suggestion.",
        "",
        "1 finding",
    ]


async def test_nothing_found_is_said() -> None:
    """Silence could be taken for a failure."""
    async with Server() as server:
        ended = await ran("check", ROOT / "examples/categories.yaml", server=server.target)
    assert (ended.code, ended.lines) == (0, ["nothing found"])


@pytest.mark.parametrize(("severity", "code"), [("note", 0), ("warning", 1), ("error", 1)])
async def test_strict_fails_on_what_costs_right_answers(
    categories: Path, severity: str, code: int
) -> None:
    """A note is no failure, and without --strict nothing is."""
    finding = dataclasses.replace(CHECK.findings[0], severity=docsort.Severity(severity))
    found = docsort.CategoriesCheck(findings=[finding])
    async with Server(check=found) as server:
        strict = await ran("check", categories, "--strict", server=server.target)
        plain = await ran("check", categories, server=server.target)
    assert (strict.code, plain.code) == (code, 0)


async def test_json_has_the_names_of_the_contract(categories: Path) -> None:
    """`--json` is short for `--format json`."""
    async with Server(check=CHECK, estimate=ESTIMATE) as server:
        short = await ran("check", categories, "--json", server=server.target)
        full = await ran("check", categories, "--format", "json", server=server.target)
        told = await ran("estimate", categories, "-c", "a", "--json", server=server.target)
    assert short.out == full.out
    (finding,) = json.loads(short.out)["findings"]
    assert finding["kind"] == "FINDING_KIND_DUPLICATE_CRITERIA"
    assert finding["subjects"][0]["field"] == "categories[0].criteria[1]"
    body = json.loads(told.out)
    assert (body["pages"], body["model_calls"]) == (4, {"least": 0, "most": 4})


async def test_samples_come_with_their_category(categories: Path, document: Path) -> None:
    """Before the file, where it is known."""
    async with Server(check=CHECK) as server:
        ended = await ran(
            *("check", categories, "--sample", f"Invoice={document}", "--sample", document),
            server=server.target,
        )
        sent = await server.received(CheckCategoriesRequest)
    assert [each.category for each in sent.samples] == ["Invoice", ""]
    assert sent.samples[0].document.content == sent.samples[1].document.content != b""
    assert ended.lines[-1] == "1 finding; 1 of 2 samples could be judged"


async def test_findings_name_samples_by_their_files(categories: Path, document: Path) -> None:
    """People count from 1 and know their files; the JSON keeps the paths of the contract."""
    subjects = [
        docsort.FindingSubject("categories[0]", "Invoice"),
        docsort.FindingSubject("samples[1]", "Invoice"),
        docsort.FindingSubject("samples[0]"),
    ]
    found = [docsort.Finding(docsort.FindingKind.SAMPLE_ELSEWHERE, subjects=subjects)]
    samples = ("--sample", document, "--sample", f"Invoice={document}")
    async with Server(check=docsort.CategoriesCheck(found, samples_judged=2)) as server:
        ended = await ran("check", categories, *samples, server=server.target)
        body = await ran("check", categories, *samples, "--json", server=server.target)
    about = f"Invoice, sample 2 ({document}), sample 1 ({document})"
    assert ended.lines[0].partition("elsewhere: ")[2] == about
    (finding,) = json.loads(body.out)["findings"]
    assert [each["field"] for each in finding["subjects"]][1:] == ["samples[1]", "samples[0]"]


async def test_a_sample_at_fault_is_named(categories: Path, document: Path) -> None:
    """Whether its document cannot be read or the server refuses something about it."""
    samples = ("--sample", document, "--sample", f"Invoice={document}")
    unreadable = Cut(
        code=grpc.StatusCode.INVALID_ARGUMENT,
        reason=docsort.ErrorReason.ENCRYPTED_DOCUMENT,
        metadata={"field": "samples[0]"},
    )
    wrong = Cut(
        code=grpc.StatusCode.INVALID_ARGUMENT,
        reason=docsort.ErrorReason.INVALID_REQUEST,
        violations=(docsort.FieldViolation("samples[1].category", "is none of the categories"),),
    )
    told = []
    for cut in (unreadable, wrong):
        async with Server(refusals={"CheckCategories": cut}) as server:
            told.append(await ran("check", categories, *samples, server=server.target))
    assert [each.code for each in told] == [1, 2]
    assert told[0].err.startswith(f"docsort: sample 1 ({document}): ENCRYPTED_DOCUMENT: ")
    assert f"sample 2 ({document}): category: is none of the categories" in told[1].err


async def test_a_sample_that_is_not_there(categories: Path, tmp_path: Path) -> None:
    """It is named, and nothing is asked."""
    missing = tmp_path / "missing.pdf"
    async with Server() as server:
        ended = await ran("check", categories, "--sample", missing, server=server.target)
        assert server.requests == []
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"docsort: {missing}: No such file or directory\n"


async def test_an_estimate_is_a_small_table(document: Path) -> None:
    """Bounds where there are any; below it what is not known."""
    async with Server(estimate=ESTIMATE) as server:
        asked = ("estimate", document, "-c", "Invoice", "--engine", "openai")
        ended = await ran(*asked, server=server.target)
        sent = await server.received(EstimateJobRequest)
    assert (ended.code, ended.err) == (0, "")
    assert ended.lines == [
        "engine         openai",
        "pages          4 of 9",
        "model calls    0 to 4",
        "input tokens   100 to 900",
        "output tokens  8 to 200",
        "cost           0.25 to 0.5",
        "time           1.5 s to 20 s",
        "",
        "- A note.",
    ]
    assert sent.options.engine == "openai"


async def test_an_unknown_time_has_its_reason(document: Path) -> None:
    """The reason stands below the table."""
    unknown = dataclasses.replace(ESTIMATE, time=None, time_unknown="Nothing was measured yet.")
    async with Server(estimate=unknown) as server:
        ended = await ran("estimate", document, "-c", "Invoice", server=server.target)
    assert "time           not known" in ended.lines
    assert "- Nothing was measured yet." in ended.lines


async def test_a_document_that_cannot_be_read(document: Path) -> None:
    """Its job would fail: that is exit code 1, with advice."""
    cut = Cut(code=grpc.StatusCode.INVALID_ARGUMENT, reason=docsort.ErrorReason.ENCRYPTED_DOCUMENT)
    async with Server(refusals={"EstimateJob": cut}) as server:
        ended = await ran("estimate", document, "-c", "Invoice", server=server.target)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"docsort: {document}: ENCRYPTED_DOCUMENT: ")
    assert "--password-file" in ended.err


async def test_one_document_at_a_time(document: Path) -> None:
    """Estimates of several would be mixed up."""
    ended = await ran("estimate", document, document, "-c", "Invoice", server="127.0.0.1:1")
    assert ended.code == 2
    assert "give one FILE" in ended.err


async def test_a_server_that_is_older(categories: Path) -> None:
    """A call that it does not offer is told as such."""
    gone = Cut(code=grpc.StatusCode.UNIMPLEMENTED, message="Method not found!")
    async with Server(refusals={"CheckCategories": gone}) as server:
        ended = await ran("check", categories, server=server.target)
    assert ended.code == 2
    assert "be older than this client" in ended.err
