"""Run the command line: `docsort`, or `python -m docsort`."""

import sys

from docsort._cli.command import main

if __name__ == "__main__":
    sys.exit(main())
