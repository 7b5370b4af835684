"""Make a page's scores say how often they are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.outcome import NO_MATCH_FROM

if TYPE_CHECKING:
    from collections.abc import Sequence

# What is added to the powers where the lexicon knows the category. Where it does not, scores say as
# they are how often they are right, if half of the pages fit nothing. Chosen on answers about
# documents that the weights were not fitted on, of which `scripts.fit_engine` tells how honest
# their confidence is: without these the mean confidence of matches is .1 below what is right.
_SHARPER = 0.5
# The weights of NO_MATCH are fitted on as many pages that fit nothing as pages that fit, which are
# far more in use: where it does not win, little is left of it.
_PRIOR = 2.0


def calibrated(
    chances: Sequence[float], belief: float, known: float
) -> tuple[tuple[float, ...], float]:
    """Return the scores of the categories and the belief that none fits, adding up to 1.

    `chances` are those of the categories if any fits, adding up to 1, `known` (0..1) how well the
    lexicon knows those that are likely. Chances are raised to a power, at most a temperature of 2/3
    (Guo et al., 2017), and so are the odds of `belief` where it is not the answer. The order of the
    categories stays, and so does on which side of the bound of NO_MATCH the belief is.
    """
    raised = [chance ** (1.0 + known * _SHARPER) for chance in chances]
    total = sum(raised)
    if belief < NO_MATCH_FROM:
        odds = (belief / (1.0 - belief)) ** (1.0 + known * _PRIOR)
        belief = odds / (1.0 + odds)
    return tuple((1.0 - belief) * each / total for each in raised), belief
