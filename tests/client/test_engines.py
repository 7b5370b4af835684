"""Engines, budgets and the early end, as options of the client."""

import pytest

import docsort
from docsort._options import Options
from docsort._request import build_request
from docsort.v1 import classification_pb2 as classification

CONTENT = b"%PDF-1.4"


def sent(options: Options) -> classification.ClassificationOptions:
    """Return the options as they are sent."""
    return build_request(CONTENT, ["Invoice"], options).options


def test_engines_and_budgets_are_sent() -> None:
    """A budget is one message, whichever of its parts are given."""
    options = sent(
        Options(
            engine="cascade",
            fallback_engines=["second", "local"],
            max_model_calls=5,
            max_seconds=1.5,
            when_spent="leave_out",
            stop_when=docsort.StopWhen.DECIDED,
        )
    )
    assert (options.engine, list(options.fallback_engines)) == ("cascade", ["second", "local"])
    assert (options.budget.max_model_calls, options.budget.max_time.ToMilliseconds()) == (5, 1500)
    assert options.budget.when_spent == classification.WHEN_SPENT_LEAVE_OUT
    assert options.stop_when == classification.STOP_WHEN_DECIDED
    assert not sent(Options(max_model_calls=5)).budget.HasField("max_time")
    assert not sent(Options(max_seconds=5)).budget.HasField("max_model_calls")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(max_model_calls=0), "max_model_calls: 0 is not a number of calls"),
        (Options(when_spent="local"), "give a budget too"),
        (Options(max_model_calls=1, when_spent="later"), "'later' is neither local nor leave_out"),  # type: ignore[typeddict-item]
        (Options(stop_when="soon"), "stop_when: 'soon' is neither decided"),  # type: ignore[typeddict-item]
    ],
)
def test_what_cannot_be_is_told_by_name(options: Options, said: str) -> None:
    """It is a mistake of the program, so it is no error of docsort's."""
    with pytest.raises(ValueError, match=said):
        sent(options)


def test_a_name_alone_is_no_list() -> None:
    """Its letters would be taken for engines."""
    with pytest.raises(TypeError, match=r"give a list of names, such as \['local'\]"):
        sent(Options(fallback_engines="local"))
