"""The commands about labelled documents, where their extra is installed."""

import argparse
import importlib.util
from typing import Final

from docsort._cli.extras import install
from docsort._cli.files import UsageError
from docsort._errors import CategoriesError

_EXTRA: Final = ("sklearn", "matplotlib", "jinja2")


def run_evaluation(arguments: argparse.Namespace) -> int:
    """Run `evaluate`, `pool` or `calibrate`; return the exit code."""
    missing = [name for name in _EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(
            f"{arguments.command} needs an extra: {install('cli,evaluate')} "
            f"(missing: {', '.join(missing)})"
        )
    # They need the extra.
    from docsort._cli.evaluate import output  # noqa: PLC0415
    from docsort._evaluate.labels import LabelsError  # noqa: PLC0415

    try:
        if arguments.command == "calibrate":
            return output.calibrated(arguments)
        if arguments.command == "pool":
            return output.pooled(arguments)
        return output.evaluated(arguments)
    except LabelsError as error:
        raise UsageError(str(error)) from None
    except CategoriesError as error:
        raise UsageError(f"{arguments.categories or 'categories'}: {error}") from None
