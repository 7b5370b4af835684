"""The help of the commands that try labelled documents."""

from typing import Final

from docsort._cli.manual import ENVIRONMENT

_CODES: Final = """\
exit codes:
  0    all documents were classified, whether rightly or not
  1    some document failed; it counts as wrong
  2    wrong usage, or a request that the server refuses or does not offer
  3    the server cannot be reached, or went away: what was done is kept for --resume
  130  interrupted: what was done is kept for --resume
"""
_LABELS: Final = """\
LABELS.csv, one line a document:
  path,class,family,language
  scans/0001.pdf,Invoice,acme,en
  scans/0002.pdf,other,,de
A class is a category's name, or its id in the categories file. Documents that fit no category have
the class other, and are right when the answer is NO_MATCH. Near-duplicates share a family. A packet
has no class: beside packet.pdf lies packet.json with the class of each page, and segments.
"""
EVALUATE: Final = f"""\
examples:
  # How many documents may go through unseen, at a precision of 98 %?
  docsort evaluate labels.csv --categories categories.yaml

  # The same with another engine, and what that changes
  docsort evaluate labels.csv --categories categories.yaml --engine openai -o with-model \\
      --compare evaluation.json

  # Go on after an interruption, or after failures
  docsort evaluate labels.csv --categories categories.yaml --resume evaluation.json

{_LABELS}
{_CODES}
{ENVIRONMENT}"""
POOL: Final = """\
examples:
  # Is the confidence honest, whatever the categories are called?
  docsort evaluate labels.csv --categories plain.yaml -o plain
  docsort evaluate labels.csv --categories terse.yaml -o terse
  docsort pool plain.json terse.json -o both

Each answer counts, and figures are split by run. A document's answers share its family, so that
intervals do not get narrower by asking again. No server is needed.

exit codes:
  0    figures were written
  2    wrong usage, or a file that is no run
"""
CALIBRATE: Final = f"""\
examples:
  # Fit, and have the server use it
  docsort calibrate labels.csv --categories categories.yaml -o calibration.toml

  # From the answers of an evaluation, without asking again
  docsort calibrate labels.csv --categories categories.yaml --resume evaluation.json

{_LABELS}
{_CODES}
{ENVIRONMENT}"""
