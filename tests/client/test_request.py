"""What the caller gives becomes the request that is sent, or an error before it is sent."""

import uuid

import pytest
from client_scripts import script, serving

import docsort
from docsort._options import Options, page_ranges
from docsort._request import build_filter, build_request
from docsort.testing import Server
from docsort.v1 import classification_service_pb2

CONTENT = b"%PDF-1.4"


def test_every_option_is_sent() -> None:
    """Options that are given are set, also where they are zero or false."""
    options = Options(
        pages="1,3,5-7",
        min_confidence=0.0,
        min_margin=0.0,
        deadline=1.5,
        engine="local",
        evidence=False,
        segments=False,
        request_id="6d6f1a1e-0000-4000-8000-000000000000",
    )
    request = build_request(CONTENT, ["Invoice"], options)
    sent = request.options
    assert [(r.first, r.last) for r in sent.pages] == [(1, 1), (3, 3), (5, 7)]
    assert sent.HasField("min_confidence")
    assert sent.HasField("min_margin")
    assert sent.deadline.ToMilliseconds() == 1500
    assert sent.engine == "local"
    assert (sent.HasField("evidence"), sent.evidence) == (True, False)
    assert (sent.HasField("segments"), sent.segments) == (True, False)
    assert request.request_id == options["request_id"]


def test_all_of_a_criterion_is_sent() -> None:
    """Be it an object or a mapping; a pattern is its own name where it has no other."""
    given = docsort.Criterion("Total", required=True, negative=True, weight=2, pattern=r"\d+")
    mapping = {"text": "Total", "required": True, "negative": True, "weight": 2, "pattern": r"\d+"}
    for criterion in (given, mapping):
        category = {"name": "Invoice", "criteria": [criterion, {"pattern": "IBAN"}]}
        sent, named = build_request(CONTENT, [category], Options()).categories[0].criteria
        assert (sent.text, sent.pattern, sent.weight) == ("Total", r"\d+", 2.0)
        assert (sent.required, sent.negative) == (True, True)
        assert (named.text, named.pattern, named.HasField("weight")) == ("IBAN", "IBAN", False)


def test_a_threshold_is_sent_where_it_is_given() -> None:
    """Zero is one too."""
    given: list[str | docsort.Category | dict[str, object]] = [
        docsort.Category("A", threshold=0.0),
        {"name": "B", "threshold": 1},
        "C",
    ]
    sent = build_request(CONTENT, given, Options()).categories
    assert [(c.HasField("threshold"), c.threshold) for c in sent] == [
        (True, 0.0),
        (True, 1.0),
        (False, 0.0),
    ]


def test_examples_are_sent() -> None:
    """Those of an object and of a mapping alike."""
    given = [docsort.Category("A", examples=["x", "y"]), docsort.Category("B")]
    sent = build_request(CONTENT, [*given, {"name": "C", "examples": ["z"]}], Options()).categories
    assert [list(each.examples) for each in sent] == [["x", "y"], [], ["z"]]


def test_nothing_is_sent_for_options_left_out() -> None:
    """What is left out, or None, stays unset; the request_id is made."""
    request = build_request(CONTENT, ["Invoice"], Options(min_confidence=None))
    assert request.options == type(request.options)()
    assert uuid.UUID(request.request_id).version == 4


@pytest.mark.parametrize(
    "entry",
    [
        docsort.Category("Invoice", "A bill.", ["States an amount"]),
        docsort.Category("Invoice", "A bill.", [docsort.Criterion("States an amount")]),
        {"name": "Invoice", "description": "A bill.", "criteria": ["States an amount"]},
        {"name": "Invoice", "description": "A bill.", "criteria": [{"text": "States an amount"}]},
        {"category": "Invoice", "description": "A bill.", "criteria": ["States an amount"]},
    ],
)
def test_forms_of_a_category(entry: docsort.CategoryLike) -> None:
    """A category may be given as an object or as a mapping of either form."""
    sent = build_request(CONTENT, [entry], Options()).categories[0]
    assert (sent.name, sent.description) == ("Invoice", "A bill.")
    assert [criterion.text for criterion in sent.criteria] == ["States an amount"]


def test_single_string_is_no_list_of_categories() -> None:
    """A string is refused rather than split into letters."""
    with pytest.raises(ValueError, match="list of names"):
        build_request(CONTENT, "Invoice", Options())


def test_single_state_is_no_list_of_states() -> None:
    """A state alone is refused rather than split into letters."""
    with pytest.raises(TypeError, match=r"give a list of states, such as \['completed'\]"):
        build_filter(docsort.JobStatus.COMPLETED, None)


def test_pages() -> None:
    """Numbers, pairs and text select pages; neighbours become one run."""
    assert page_ranges([1, 2, 3, 7, (9, 12)]) == [(1, 3), (7, 7), (9, 12)]
    assert page_ranges("1, 3-5") == [(1, 1), (3, 5)]
    assert page_ranges(range(1, 4)) == [(1, 3)]


@pytest.mark.parametrize("text", ["", "0", "3-1", "a", "1,,2", "1-2-3", "4294967296"])
def test_pages_that_are_none(text: str) -> None:
    """Text that selects no pages names the part at fault."""
    with pytest.raises(ValueError, match="is not a page"):
        page_ranges(text)


@pytest.mark.parametrize("seconds", [float("inf"), float("nan")])
def test_a_deadline_that_is_none(seconds: float) -> None:
    """What is no span of time is told by name."""
    with pytest.raises(ValueError, match=r"deadline: (inf|nan) is not a number of seconds"):
        build_request(CONTENT, ["Invoice"], Options(deadline=seconds))


async def test_request_arrives() -> None:
    """What was asked is what the server gets."""
    server = Server(script())
    async with serving(server) as client:
        await client.classify(CONTENT, ["Invoice"], pages=[2], request_id=str(uuid.UUID(int=7)))
    request = await server.received(classification_service_pb2.ClassifyRequest)
    assert request.document.content == CONTENT
    assert request.request_id == str(uuid.UUID(int=7))
    assert [(r.first, r.last) for r in request.options.pages] == [(2, 2)]
