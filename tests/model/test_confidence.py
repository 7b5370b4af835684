"""Probabilities from tokens: which token counts, what is missing, what is merged."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.engine.openai.codes import option_codes
from docsort_server.engine.openai.confidence import option_chances, truth_chances
from docsort_server.engine.openai.reply import Token

CODES = ("A", "B", "C", "D")


def token_of(text: str, top: tuple[tuple[str, float], ...]) -> Token:
    """Return a token with these chances in its place, as a backend sends it."""
    listed = [{"token": each, "logprob": log(chance or 1e-320)} for each, chance in top]
    return Token(text, dict(top).get(text, 0.0), listed)


def certain(text: str) -> Token:
    """Return a token that had no rival."""
    return token_of(text, ((text, 1.0),))


def answer(*category: Token) -> list[Token]:
    """Return the tokens of an answer whose category is carried by these."""
    return [certain('{"category'), certain('":"'), *category, certain('","c1":'), certain("true}")]


def test_listed_codes_have_their_chances_and_others_a_bound() -> None:
    """An unlisted code gets its part of what is left, at most the least that was listed."""
    token = token_of("A", (("A", 0.9), ("B", 0.06)))
    chances = option_chances(answer(token), CODES)
    assert chances is not None
    assert chances.mass == pytest.approx(0.96)
    assert chances.options == pytest.approx((0.9, 0.06, 0.02, 0.02))
    crowded = token_of("A", (("A", 0.5), ("x", 0.01)))
    bounded = option_chances(answer(crowded), CODES)
    assert bounded is not None
    assert bounded.options[1] / bounded.options[0] == pytest.approx(0.0198)


@pytest.mark.parametrize("merged", ['"A', ' "A"', 'A"', 'A",', " A", '"A","'])
def test_what_is_merged_with_a_code_is_no_part_of_it(merged: str) -> None:
    """Quotes, spaces and commas in the same token are stripped from said and listed ones."""
    tokens = [certain('{"category": "'), token_of("A", ((merged, 0.7), ("B", 0.3)))]
    chances = option_chances([*tokens, certain('"}')], CODES)
    assert chances is not None
    assert chances.options[:2] == pytest.approx((0.7, 0.3))


@pytest.mark.parametrize("opening", ['":"', '": "', '":', '" : '])
def test_a_token_that_carries_the_quote_too(opening: str) -> None:
    """The token that holds the code's first letter counts, wherever the quote before it is."""
    code = 'A"' if opening.endswith('"') else '"A"'
    other = code.replace("A", "B")
    tokens = [certain('{"category'), certain(opening), token_of(code, ((code, 0.6), (other, 0.4)))]
    chances = option_chances([*tokens, certain("}")], CODES)
    assert chances is not None
    assert chances.options[:2] == pytest.approx((0.6, 0.4))


def test_other_words_are_no_codes() -> None:
    """A word that begins with a code's letter counts for nothing, and the mass tells of it."""
    token = token_of("A", (("An", 0.5), ("a", 0.2), ("A", 0.1), ("B", 0.05), ("Ä", 0.1)))
    chances = option_chances(answer(token), CODES)
    assert chances is not None
    assert chances.mass == pytest.approx(0.15)
    assert chances.options[0] > chances.options[1] > chances.options[2]


def test_codes_of_two_letters_in_two_tokens() -> None:
    """The letter that was said passes its mass on by the next token, others in equal shares."""
    codes = option_codes(30)
    first = token_of("A", (("A", 0.8), ("B", 0.2)))
    second = token_of("C", (("C", 0.75), ("D", 0.25)))
    chances = option_chances(answer(first, second), codes)
    assert chances is not None
    by_code = dict(zip(codes, chances.options, strict=True))
    assert by_code["AC"] == pytest.approx(0.6)
    assert by_code["AD"] == pytest.approx(0.2)
    assert by_code["BA"] == pytest.approx(0.05)
    assert chances.mass == pytest.approx(1.0)
    whole = option_chances(answer(token_of("AC", (("AC", 0.5), ("A", 0.3), ("B", 0.2)))), codes)
    assert whole is not None
    assert whole.options[codes.index("AC")] > 0.5


def test_tokens_that_do_not_tell() -> None:
    """No category, no listed code, or chances of zero give no confidence."""
    assert option_chances([], CODES) is None
    assert option_chances([certain('{"x":1}')], CODES) is None
    assert option_chances([certain('{"category":"')], CODES) is None
    assert option_chances(answer(token_of("A", (("zebra", 1.0),))), CODES) is None
    assert option_chances(answer(token_of("A", (("A", 0.0),))), CODES) is None


@given(
    st.dictionaries(st.sampled_from([*CODES, "x", '"B', "An"]), st.floats(0.001, 1.0), min_size=1),
    st.floats(0.2, 5.0),
)
def test_chances_add_up_to_one(weights: dict[str, float], temperature: float) -> None:
    """Whatever is listed, and at any temperature, scores are probabilities over all options."""
    whole = sum(weights.values())
    top = tuple((text, weight / whole) for text, weight in weights.items())
    chances = option_chances(answer(token_of("A", top)), CODES, temperature)
    if chances is None:
        assert not {"A", "B", "C", "D", '"B'} & set(weights)
        return
    assert sum(chances.options) == pytest.approx(1.0)
    assert all(0.0 <= chance <= 1.0 for chance in chances.options)
    assert 0.0 <= chances.mass <= 1.0


def test_a_temperature_changes_how_sure_and_not_which() -> None:
    """Above 1 the chances come closer to each other in the same order."""
    token = token_of("A", (("A", 0.9), ("B", 0.06), ("C", 0.03), ("D", 0.01)))
    plain = option_chances(answer(token), CODES)
    soft = option_chances(answer(token), CODES, 2.0)
    assert plain is not None
    assert soft is not None
    assert 1 / 4 < soft.options[0] < plain.options[0]
    assert sorted(soft.options, reverse=True) == list(soft.options)


def test_truth_values() -> None:
    """Each criterion's chance comes from its own token; parts of the words count as them."""
    tokens = [
        certain('{"category":"A","c1":'),
        token_of(" true", ((" true", 0.6), (" false", 0.2), ("1", 0.2))),
        certain(',"c2": '),
        token_of("fal", (("fal", 0.9), ("t", 0.1))),
        certain("se"),
        certain(',"c3":'),
        token_of("true", (("maybe", 1.0),)),
        certain(',"c5":'),
        token_of("true", (("Yes", 0.9), ("No", 0.05), ("true", 0.001))),
        certain(',"q1":"\\"c4\\": true"}'),
    ]
    found = truth_chances(tokens)
    assert found == {
        "c1": pytest.approx(0.75),
        "c2": pytest.approx(0.1),
        "c5": pytest.approx(1 / 1.99),
    }
