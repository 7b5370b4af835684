"""Run the command line: `docsort`, or `python -m docsort`."""

import os
import sys


def main() -> int:
    """Run the command line; returns the exit code."""
    # gRPC's core writes lines of its own to stderr, for failures that are reported here anyway.
    # It reads this when it is imported.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from docsort._cli.command import main as run  # noqa: PLC0415 - not before the line above

    return run()


if __name__ == "__main__":
    sys.exit(main())
