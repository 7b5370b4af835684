"""Documents in a packet that are told apart by rule."""

import pytest
from engine_pages import page
from page_values import LETTERS, at

from docsort_server.engine.labels import PageLabel
from docsort_server.engine.model import Outcome
from docsort_server.engine.packet import features
from docsort_server.engine.packet.features import FEATURES, Neighbour, measure
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.traits import unpacked
from docsort_server.engine.result import BoundaryReason
from docsort_server.engine.segments import split

SLIP = "Oak beams planed 12.50\nPine boards sawn 30.00\nCash paid 42.50 change returned 7.50"
FORM = """Name of applicant and address of the dwelling to which this request is for
Number of persons in the household, and the year in which each of them was born
Has the applicant been granted support for heating and repairs within the last year
I declare that the above is true to the best of my knowledge and that nothing was left out"""
LEASE = """租赁合同的双方同意房屋的用途和期限。承租人应当按时支付租金,并且保持房屋整洁。
出租人负责修理屋顶和墙壁。合同到期以后,承租人应当把房屋交还给出租人。"""
LEASE_ENDS = """租赁合同的解除应当提前三个月书面通知。承租人应当支付到期的租金,出租人应当退还押金。
双方同意房屋的交还日期。合同一式两份,双方各执一份,签字以后生效。"""
BILL = """商品名称数量单价金额。橡木地板三十块,松木桌子两张,运费另计。税率百分之十三。"""
BILL_ENDS = """商品合计金额与税额如上。运费另计,请汇款至开户银行账号,收款后发货。税率百分之十三。"""

# An invoice and a contract each, in few words.
PAIRS = {
    "ru": ("Дубовые балки, доставка, итого к оплате", "Арендатор обязан содержать сад в порядке"),
    "zh": (BILL, LEASE),
    "ja": ("木材の代金と送料のご請求金額です", "賃借人は庭と家屋を良好に保つものとする"),
    "el": ("Δρύινα δοκάρια, μεταφορά, σύνολο", "Μισθωτής που διατηρεί τον κήπο καθαρό"),
    "ar": ("عوارض من خشب البلوط مع التوصيل", "يلتزم المستأجر بصيانة الحديقة والبيت"),
    "pl": ("Belki dębowe z dostawą do zapłaty", "Najemca utrzymuje ogród i dom w porządku"),
    "sv": ("Ekbjälkar med leverans att betala", "Hyresgästen håller trädgården i gott skick"),
}


def starts(*texts: str, labels: str, score: float = 0.98, rest: float = 0.01) -> list[int]:
    """Return the first pages of the segments of pages that match their labels with a score.

    The other labels have the rest each.
    """
    others = {at(each): rest for each in labels}
    found = split(
        [
            PageLabel(
                *(number, Outcome.MATCHED, at(mark), {**others, at(mark): score}),
                traits_of(page(text)),
            )
            for number, (text, mark) in enumerate(zip(texts, labels, strict=True), 1)
        ],
        LETTERS,
    )
    return [each.first_page for each in found]


@pytest.mark.parametrize("language", PAIRS)
def test_another_category_is_another_document_in_any_language(language: str) -> None:
    """No title, salutation or stop word has to be known."""
    assert starts(*PAIRS[language], labels="AB") == [1, 2]


def test_a_slip_and_a_form_are_two_documents() -> None:
    """Nothing opens either, and nothing ties them together."""
    assert starts(SLIP, FORM, labels="AB") == [1, 2]
    assert starts(SLIP, FORM, SLIP, labels="ABA") == [1, 2, 3]


def test_a_slip_and_a_form_of_one_label_are_not_told_apart() -> None:
    """Without a title, a number or a label there is no telling."""
    assert starts(SLIP, FORM, labels="AA") == [1]


@pytest.mark.parametrize(("score", "rest"), [(0.6, 0.05), (0.8, 0.2)])
def test_a_label_that_is_not_sure_is_no_border(score: float, rest: float) -> None:
    """A page that may be of the other category is likely to be its document's."""
    assert starts(SLIP, FORM, labels="AB", score=score, rest=rest) == [1]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Our claim no. 4711-0098", "On claim no. 4711-0098"),
        ("Paid by 4711-0098-22", "Household 4711-0098-22"),
        ("Ivy & Co, Hull",) * 2,
        ("Part 1\n7", "Part 2\n8"),
        ("Continued overleaf", "Household"),
    ],
    ids=["reference", "name", "running line", "number", "goes on"],
)
def test_what_holds_two_pages_together_weighs_more_than_labels(here: str, there: str) -> None:
    """A number, a header or a sentence that goes across ties them."""
    assert starts(f"{SLIP}\n{here}", f"{FORM}\n{there}", labels="AB") == [1]


def test_scripts_without_spaces_are_split_by_label() -> None:
    """Two pages of a contract and two of an invoice."""
    assert starts(LEASE, LEASE_ENDS, BILL, BILL_ENDS, labels="AABB") == [1, 3]


def test_words_of_scripts_without_spaces_are_pairs_of_letters() -> None:
    """So pages of one document have more of them in common than others."""
    pages = [Neighbour(traits_of(page(text)), 0) for text in (LEASE, LEASE_ENDS, BILL)]
    apart = FEATURES.index("words_apart")
    assert measure(pages, 1)[apart] < 0.8 < measure(pages, 2)[apart]


def counted(body: str, number: int, total: int) -> str:
    """Return a page with its number."""
    return f"{body}\nPage {number} of {total}"


def test_a_count_that_starts_again_behind_its_end_starts_a_document() -> None:
    """Whatever the words and labels are: three pages, of which the first is missing, and two."""
    pages = [counted(SLIP, 2, 3), counted(SLIP, 3, 3), counted(FORM, 1, 2), counted(FORM, 2, 2)]
    assert starts(*pages, labels="AAAA") == [1, 3]


def test_pages_that_are_each_the_only_one_are_documents() -> None:
    """Page 1 of 1 is a whole document, and so is the next."""
    (_, second) = split(
        [
            PageLabel(n, Outcome.MATCHED, 0, {0: 0.9}, traits_of(page(counted(SLIP, 1, 1))))
            for n in (1, 2)
        ],
        LETTERS,
    )
    assert second.boundary_reason is BoundaryReason.PAGE_NUMBER


def test_the_form_of_page_numbers_ties_no_first_page() -> None:
    """Half of all documents write "Page 1 of 2"."""
    neighbours = [
        Neighbour(traits_of(page(counted(text, n, 3))), 0) for n, text in ((2, SLIP), (1, FORM))
    ]
    shared = FEATURES.index("lines_shared")
    assert measure(neighbours, 1)[shared] == 0
    assert measure(neighbours[::-1], 1)[shared] > 0


def test_the_hashes_of_a_page_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is compared with several others; a document may have thousands."""
    texts = [f"Harbour report {'abcdefghij'[n % 10] * 6}\n{FORM} AC-{n}981" for n in range(200)]
    read: list[int] = []

    def counting(hashes: bytes, size: int) -> tuple[int, ...]:
        read.append(size)
        return unpacked(hashes, size)

    monkeypatch.setattr(features, "unpacked", counting)
    starts(*texts, labels="A" * len(texts))
    assert len(read) <= 4 * len(texts)
