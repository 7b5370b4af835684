"""The model that other classifiers are measured on answers each of them in its own form."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("##ClassificationResponse JSON Output", {"name": "Invoice", "confidence": 9}),
        ("1. Invoice 2. Contract", {"1": "1", "2": "0"}),
    ],
)
def test_each_is_answered_in_its_form(asked: str, said: dict[str, object]) -> None:
    """What it asks for is told by its words; the answer is always the first category."""
    command = [sys.executable, "-m", "bench.peers.model", "0.01"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]
        connection = http.client.HTTPConnection("127.0.0.1", int(process.stdout.readline()))
        body = json.dumps({"messages": [{"role": "user", "content": asked}]})
        connection.request("POST", "/v1/chat/completions", body)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        process.terminate()
    assert json.loads(answer["choices"][0]["message"]["content"]) == said
