"""Expressions that wait for their first use."""

import re

import pytest

from docsort_server.engine.expression import expression


def test_an_expression_is_compiled_when_it_is_used() -> None:
    """What is wrong with one shows at its first use: before that it costs nothing."""
    broken = expression("(")
    with pytest.raises(re.error):
        broken.search("text")


def test_an_expression_does_what_a_compiled_one_does() -> None:
    """Each use, flags and groups included, is that of the same expression compiled."""
    text = "One two\nTHREE"
    made, compiled = expression(r"(?P<first>t)\w*", re.IGNORECASE), re.compile(r"(?i:(t)\w*)")
    assert made.findall(text) == compiled.findall(text) == ["t", "T"]
    found = made.search(text, 5)
    assert found is not None
    assert (found["first"], found.span()) == ("T", (8, 13))
    assert made.sub("_", text) == compiled.sub("_", text)
    assert made.groupindex == {"first": 1}


def test_an_expression_is_as_quick_as_a_compiled_one() -> None:
    """From the second use on nothing stands between the caller and the expression."""
    made = expression("a")
    made.search("a")
    assert made.search == re.compile("a").search
