"""What a caller should know about a result that is otherwise good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.result import ResultWarning, WarningCode
from docsort_server.engine.schema.findings import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

# Categories that a sentence names before it only counts them.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class PageCounts:
    """How many pages went another way than that of an ordinary one.

    `unseen` are unreadable ones whose picture nothing could read. `left_out` had no part in the
    job's budget, which is no failure. `local_instead` were answered by the embedded engine for that
    reason, `others_instead` by whoever was to be had.
    """

    failed: int
    unreadable: int
    unseen: int
    left_out: int
    local_instead: int
    others_instead: int


_REMEDY = (
    " Nothing here reads scans: the extra docsort[ocr] does, and so does an engine whose model "
    "takes images."
)


def page_warnings(counts: PageCounts) -> tuple[ResultWarning, ...]:
    """Return a warning for each way that pages went."""
    told = [
        (WarningCode.PAGES_FAILED, counts.failed, "failed; each page result tells why."),
        (
            WarningCode.PAGES_UNREADABLE,
            counts.unreadable,
            "without text that can be read did not vote." + (_REMEDY if counts.unseen else ""),
        ),
        (
            WarningCode.BUDGET_SPENT,
            counts.local_instead,
            "went to the embedded engine, since the job's budget was spent.",
        ),
        (WarningCode.BUDGET_SPENT, counts.left_out, "left out, since the job's budget was spent."),
        (
            WarningCode.FALLBACK_USED,
            counts.others_instead,
            "went to another engine, since the one before it was not to be had.",
        ),
    ]
    return tuple(
        ResultWarning(code, f"{_pages(count)} {text}") for code, count, text in told if count
    )


def category_warnings(unfamiliar: Sequence[str]) -> tuple[ResultWarning, ...]:
    """Return a warning of the categories, by name, that the embedded engine has hardly an idea of.

    Its sentence names the first few; `categories` has them all.
    """
    if not unfamiliar:
        return ()
    named = ", ".join(quoted(name) for name in unfamiliar[:_NAMED])
    if len(unfamiliar) > _NAMED:
        named += f" and {len(unfamiliar) - _NAMED} more"
    they = "them" if len(unfamiliar) > 1 else "it"
    text = (
        f"The embedded engine knows no type of document like {named}: it has only the words of "
        f"{they} to go by. More of those that stand on such pages, examples, or a model help."
    )
    return (ResultWarning(WarningCode.CATEGORY_UNFAMILIAR, text, tuple(unfamiliar)),)


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"
