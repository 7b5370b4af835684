"""What a caller gives by mistake is told by name, before anything is sent."""

import io
from collections.abc import Callable

import pytest

import docsort
from docsort._options import Options, page_ranges
from docsort._parcel import packed
from docsort._request import build_request
from docsort._stream import check_sequence

CLIENTS: list[Callable[[str], object]] = [docsort.Client, docsort.AsyncClient]


def test_an_unknown_option_names_the_nearest() -> None:
    """An option with a slip in its name is not passed over."""
    with docsort.Client("127.0.0.1:1") as client:
        events = client.stream(b"%PDF-", ["a"], min_confidense=0.5)  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="'min_confidense'; did you mean 'min_confidence'"):
            next(events)


async def test_an_unknown_option_of_the_asyncio_client() -> None:
    """One that resembles none lists those there are."""
    async with docsort.AsyncClient("127.0.0.1:1") as client:
        with pytest.raises(TypeError, match=r"'xyz'; known: pages, password, .*request_id"):
            await client.classify(b"%PDF-", ["a"], xyz=1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("document", "found"),
    [(None, "None"), (7, "int"), ([b"x"], "list"), (io.StringIO("text"), "StringIO")],
)
def test_what_is_no_document(document: object, found: str) -> None:
    """Anything but bytes, a path or a binary file is named with what is accepted."""
    said = f"bytes, a path, a file opened as binary, one .*, or a RemoteDocument; found {found}"
    with pytest.raises(TypeError, match=said), packed(document, 100):  # type: ignore[arg-type]
        pass


@pytest.mark.parametrize(
    "pages", [[0], [-(2**31)], [2**31], [(3, 1)], [(-1, -3)], [(1, 2, 3)], ["1"], [True, 0]]
)
def test_numbers_that_are_no_pages(pages: list[object]) -> None:
    """A number that is no page is told as it was given."""
    with pytest.raises(ValueError, match="is not a page or a pair"):
        page_ranges(pages)  # type: ignore[arg-type]


def test_a_single_number_is_no_list_of_pages() -> None:
    """A page alone is told to be given in a list."""
    with pytest.raises(TypeError, match="give numbers, pairs or text, found int"):
        page_ranges(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["min_confidence", "min_margin", "deadline", "ttl"])
def test_options_that_are_no_number(name: str) -> None:
    """The option is named, not the field of a message."""
    options = Options(**{name: "0.5"})  # type: ignore[misc]
    with pytest.raises(TypeError, match=f"{name}: give a number, found str"):
        build_request(b"%PDF-", ["a"], options)


def test_a_deadline_beyond_all_time() -> None:
    """A span that no duration holds is told as such."""
    with pytest.raises(ValueError, match=r"deadline: 1e\+300 is not a number of seconds"):
        build_request(b"%PDF-", ["a"], Options(deadline=1e300))


@pytest.mark.parametrize("sequence", [1.0, True, "3", None])
def test_a_sequence_of_another_type(sequence: object) -> None:
    """A sequence is a whole number."""
    with pytest.raises(TypeError, match="a sequence is a whole number"):
        check_sequence(sequence)  # type: ignore[arg-type]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "target", ["", "localhost", "host:", ":1", "host:http", "host:0", "host:65536", "http://h:1"]
)
def test_a_target_that_reaches_nothing(client: Callable[[str], object], target: str) -> None:
    """A client is not made for an address that can be none."""
    with pytest.raises(ValueError, match="is no server: give HOST:PORT"):
        client(target)


@pytest.mark.parametrize(
    "target", ["localhost:1", "10.0.0.1:65535", "[::1]:50051", "dns:///a.b:1", "unix:/run/d.sock"]
)
async def test_targets_in_every_form(target: str) -> None:
    """Names, addresses and gRPC's own forms are taken."""
    docsort.Client(target).close()
    await docsort.AsyncClient(target).close()


def test_categories_that_cannot_be_read() -> None:
    """They are an error of this package and a ValueError alike."""
    for categories in ("Invoice", None, {"name": "a"}, 7):
        with pytest.raises(docsort.CategoriesError) as caught:
            build_request(b"%PDF-", categories, Options())  # type: ignore[arg-type]
        assert isinstance(caught.value, docsort.DocsortError)
        assert isinstance(caught.value, ValueError)


def test_an_unknown_name_of_the_package() -> None:
    """A name that docsort does not have is an AttributeError that names the package."""
    with pytest.raises(AttributeError, match="module 'docsort' has no attribute 'Clent'"):
        docsort.Clent  # noqa: B018
