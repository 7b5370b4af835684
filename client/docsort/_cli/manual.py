"""The help that teaches each command: examples, formats, exit codes."""

from typing import Final

ENVIRONMENT: Final = """\
environment:
  DOCSORT_SERVER  HOST:PORT to use without --server
"""
NO_ANSWER: Final = """\
  3    the server cannot be reached, does not answer in time, is overloaded, is shutting down,
       or has lost the job"""
REFUSED: Final = f"""\
  2    wrong usage, or a request that the server refuses or does not offer
{NO_ANSWER}"""
EXITS: Final = f"""\
exit codes:
  0    all documents were classified
  1    some document failed; the others were still done
{REFUSED}
  130  interrupted: the job was cancelled

{ENVIRONMENT}"""
MAIN: Final = f"""\
examples:
  docsort classify letter.pdf -c Invoice -c Contract
  docsort classify *.pdf --categories categories.yaml --format jsonl
  docsort check categories.yaml
  docsort estimate packet.pdf --categories categories.yaml
  docsort submit *.pdf -c Invoice -c Contract
  docsort list --status processing
  docsort get JOB --format pages
  docsort upload packet.pdf
  docsort evaluate labels.csv --categories categories.yaml

{EXITS}"""
CLASSIFY: Final = f"""\
examples:
  # Two categories by name; a progress bar and a table on a terminal
  docsort classify scan.pdf -c Invoice -c Contract

  # Categories with descriptions and criteria from a file, one event a line as it happens
  docsort classify scan.pdf --categories categories.yaml --format jsonl

  # From a pipe, some pages only, for at most ten seconds
  curl -s https://example.org/a.pdf | docsort classify - -c Invoice -c Other \\
      --pages 1,3,5-7 --deadline 10

  # A document that was uploaded before: ask again without sending it again
  docsort classify --document-id "$(docsort upload packet.pdf)" -c Invoice -c Contract

categories file (YAML or JSON), any of:
  categories: [{{name: Invoice, description: ..., criteria: [States an amount due]}}]
  [Invoice, Contract]
  [{{name: Invoice, description: ...}}]
  classification_schema: [{{category: Invoice, criteria: [...]}}]

formats:
  text      a table and a summary for people
  json      the job with the field names of the contract; several files: one job a line
  jsonl     one event a line as it happens, the same names
  pages     the page-by-page body: job_id, status, progress, error, result
  criteria  the criteria body: job_id, result, response_confidence, duration

{EXITS}"""
WATCH: Final = f"""\
examples:
  docsort watch 5cb29a6e-4f3f-5b62-9c3f-b7a3b1ef4a55

  # Go on where an earlier watch was left: events after sequence 12, one a line
  docsort watch 5cb29a6e-4f3f-5b62-9c3f-b7a3b1ef4a55 --after 12 --format jsonl

exit codes:
  0    the job was completed
  1    the job failed or was cancelled
{REFUSED}
  130  interrupted: the job goes on

{ENVIRONMENT}"""
GET: Final = f"""\
examples:
  docsort get 5cb29a6e-4f3f-5b62-9c3f-b7a3b1ef4a55 --format pages

exit codes:
  0    the job was read: it is completed, cancelled, or goes on
  1    the job failed
{REFUSED}
  130  interrupted: the job is as it was

{ENVIRONMENT}"""
CANCEL: Final = f"""\
examples:
  docsort cancel 5cb29a6e-4f3f-5b62-9c3f-b7a3b1ef4a55

exit codes:
  0    the job is cancelled
{REFUSED}: the job may still be cancelled, see get
  130  interrupted

{ENVIRONMENT}"""
SUBMIT: Final = f"""\
examples:
  # Print the id of the job, and look at it later
  docsort submit scan.pdf -c Invoice -c Contract --label team=claims --ttl 86400

  # About a document that was uploaded before
  docsort submit --document-id "$(docsort upload packet.pdf)" -c Invoice -c Contract

formats:
  text      the job's id; of several files each with its file
  json      the answer with the field names of the contract
  jsonl     the same on one line
  pages     job_id, status, message, quota_remaining
Several files: a line each, {{"file": NAME, "body": ...}}, with "error" where it failed.

exit codes:
  0    all documents were handed in
  1    some document was refused or cannot be read; the others were still handed in
{REFUSED}
  130  interrupted: what was handed in goes on

{ENVIRONMENT}"""
CHECK: Final = f"""\
examples:
  # What is likely to go wrong: categories that overlap, criteria that no page can show
  docsort check categories.yaml

  # In a build: fail on warnings and errors, not on notes
  docsort check categories.yaml --strict --json

  # Try the criteria on documents; with their category where it is known
  docsort check categories.yaml --sample Invoice=a.pdf --sample Letter=b.pdf --sample c.pdf

severities:
  note      worth knowing; nothing may be wrong
  warning   likely to cost right answers
  error     cannot be answered as meant

exit codes:
  0    the categories were looked at, whatever was found
  1    with --strict: there is a warning or an error; or a sample cannot be read
{REFUSED}
  130  interrupted

{ENVIRONMENT}"""
ESTIMATE: Final = f"""\
examples:
  # Pages, calls and tokens of a model, and time; what is not known is told below
  docsort estimate packet.pdf --categories categories.yaml --engine openai

  # Within a budget, for a program
  docsort estimate packet.pdf -c Invoice -c Letter --max-model-calls 10 --json

It takes the options of classify. The document is opened and counted on the server; nothing is
classified, no model is asked, and nothing is paid for.

exit codes:
  0    the estimate was made
  1    the document cannot be read: its job would fail
{REFUSED}
  130  interrupted

{ENVIRONMENT}"""
LIST: Final = f"""\
examples:
  docsort list --status completed --status failed --label team=claims

formats:
  text      a line a job: id, when it was accepted, state, pages, labels
  json      a list of jobs without their results, with the field names of the contract
  jsonl     the same jobs one a line, as they come

exit codes:
  0    the jobs were listed
{REFUSED}
  130  interrupted

{ENVIRONMENT}"""
FEED: Final = f"""\
examples:
  # What is new from now on: jobs accepted, finished and deleted
  docsort feed --label team=claims

  # Only jobs that have ended, one JSON object a line, for another program
  docsort feed --status completed --status failed --status cancelled --format jsonl

  # First all jobs that are there, then what is new
  docsort feed --from-start

  # Go on, with the same filter, after what an earlier feed has told
  docsort feed --resume TOKEN

formats:
  text      a line a change: when, what, and the job's id, state, pages and labels
  json      the change with the field names of the contract, one a line
  jsonl     the same
A state is that of the job when it changed: jobs are accepted as queued. Each JSON line has a
resume_token; text prints one when it ends.

exit codes:
{REFUSED}
  130  interrupted: the token to go on with is printed to standard error

{ENVIRONMENT}"""
DELETE: Final = f"""\
examples:
  docsort delete 5cb29a6e-4f3f-5b62-9c3f-b7a3b1ef4a55

formats:
  text      a line for each job that is forgotten; refusals go to standard error
  json      a line a job, {{"job_id": JOB}}, with "error" where it was refused
  jsonl     the same

exit codes:
  0    the jobs are forgotten
  1    some job was refused; the others are still forgotten
  2    wrong usage, or the server does not offer this
{NO_ANSWER}; the jobs that remain were not tried
  130  interrupted

{ENVIRONMENT}"""
UPLOAD: Final = f"""\
examples:
  # Keep a document for a day and classify it in two ways without sending it twice
  id=$(docsort upload packet.pdf --ttl 86400)
  docsort classify --document-id "$id" -c Invoice -c Contract
  docsort classify --document-id "$id" --categories departments.yaml

The id is the SHA-256 of the content: the same file has the same id, and is not sent again while
the server has it. classify and submit upload documents of more than 1 MiB by themselves.

formats:
  text      the document's id; of several files each with its file
  json      the document with the field names of the contract
  jsonl     the same on one line
Several files: a line each, {{"file": NAME, "body": ...}}, with "error" where it failed.

exit codes:
  0    all documents are kept
  1    some document was refused or cannot be read; the others were still uploaded
{REFUSED}
  130  interrupted: what was uploaded is kept

{ENVIRONMENT}"""
DELETE_DOCUMENT: Final = f"""\
examples:
  docsort delete-document 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

Jobs that have finished keep their results. Those that still have to read it fail, except for what
their server has fetched already.

formats:
  text      a line for each document that is forgotten; refusals go to standard error
  json      a line a document, {{"document_id": ID}}, with "error" where it was refused
  jsonl     the same

exit codes:
  0    the documents are forgotten
  1    some document was refused; the others are still forgotten
  2    wrong usage, or the server does not offer this
{NO_ANSWER}; the documents that remain were not tried
  130  interrupted

{ENVIRONMENT}"""
