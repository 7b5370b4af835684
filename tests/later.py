"""`docsort-server` some time from now: `python later.py SECONDS ARGUMENT...`.

Its clock is ahead of the machine's, and so of its NATS server's.
"""

import sys
import time
from importlib import import_module


def main() -> int:
    """Move the clock before anything of the server is imported, which keeps the function."""
    ahead, now = float(sys.argv.pop(1)), time.time
    time.time = lambda: now() + ahead
    code: int = import_module("docsort_server.__main__").main()
    return code


if __name__ == "__main__":
    sys.exit(main())
