"""Try the built wheel in fresh virtual environments, first without extras, then with them."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from examples import sample_packet
from scripts.run import await_ready, stop

if TYPE_CHECKING:
    from collections.abc import Iterator

CATEGORIES = Path(__file__).resolve().parent.parent / "examples" / "categories.yaml"
# Prints what a wheel must hold besides code: the contract in three forms and the typing marker.
SHIPPED = """
from importlib.resources import files
for name in ("py.typed", "v1/job.proto", "v1/docsort.binpb", "v1/job_service_pb2.pyi"):
    path = files("docsort").joinpath(name)
    assert path.is_file(), f"the wheel lacks docsort/{name}"
"""


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command and keep what it says."""
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd="/")


def expect(ran: subprocess.CompletedProcess[str], code: int, text: str, what: str) -> None:
    """Exit with the output when a command did not end as it should."""
    output = ran.stdout + ran.stderr
    if ran.returncode != code or text not in output:
        raise SystemExit(
            f"{what}: exit code {ran.returncode}, wanted {code} and {text!r}:\n{output}"
        )


def install(scripts: Path, requirement: str) -> None:
    """Install into the environment that `scripts` belongs to."""
    expect(run(scripts / "python", "-m", "pip", "install", "-q", requirement), 0, "", requirement)


def try_client(scripts: Path, wheel: Path) -> None:
    """Check the wheel as installed without extras."""
    install(scripts, str(wheel))
    expect(run(scripts / "docsort", "--help"), 0, "usage", "docsort --help")
    expect(run(scripts / "python", "-c", SHIPPED), 0, "", "contents")
    lacking = run(scripts / "docsort-server")
    said = lacking.stderr.splitlines()
    if not lacking.returncode or len(said) != 1 or "docsort[server]" not in said[0]:
        raise SystemExit(f"docsort-server without its extra should name it:\n{lacking.stderr}")


def try_server(scripts: Path, wheel: Path) -> None:
    """Check the wheel as installed with the extras of a server's machine."""
    install(scripts, f"{wheel}[cli,server]")
    expect(run(scripts / "docsort-server", "--help"), 0, "usage", "docsort-server --help")
    expect(run(scripts / "python", "-m", "pip", "check"), 0, "", "pip check")


def try_evaluate(scripts: Path, wheel: Path, folder: Path) -> None:
    """Measure on the sample packet with a server of the wheel's, without the extra and with it."""
    labels = labelled(folder)
    evaluate = (scripts / "docsort", "evaluate", labels, "--categories", CATEGORIES)
    expect(run(*evaluate), 2, "docsort[cli,evaluate]", "docsort evaluate without its extra")
    install(scripts, f"{wheel}[evaluate]")
    expect(run(scripts / "python", "-m", "pip", "check"), 0, "", "pip check with evaluate")
    with server(scripts, folder) as address:
        ran = run(*evaluate, "--server", address, "-o", folder / "run")
    # One packet alone: its pages are what is told.
    expect(ran, 0, "of 12 pages in packets are right", "docsort evaluate")
    found = json.loads((folder / "run.json").read_text())["figures"]["packets"]["page_accuracy"]
    page = (folder / "run.html").read_text()
    if found["value"] < 1.0 or page.count("<svg") != 3:
        raise SystemExit(f"docsort evaluate on the sample packet: {found}")


def labelled(folder: Path) -> Path:
    """Draw the sample packet with its truth; return the file of labels."""
    sample_packet.draw(folder / "packet.pdf")
    pages: list[str] = []
    segments = []
    for name, count, _ in sample_packet.CONTENTS:
        start = len(pages) + 1
        pages += [name or "blank"] * count
        # The blank page is the back of the document before it.
        if name:
            segments.append({"start": start, "end": len(pages), "class": name})
        else:
            segments[-1]["end"] = len(pages)
    truth = {
        "pages": [{"page": number, "class": name} for number, name in enumerate(pages, 1)],
        "segments": segments,
    }
    (folder / "packet.json").write_text(json.dumps(truth))
    labels = folder / "labels.csv"
    labels.write_text("packet\npacket.pdf\n")
    return labels


@contextmanager
def server(scripts: Path, folder: Path) -> Iterator[str]:
    """Run the wheel's server on a free loopback port; yield its address."""
    data = folder / "data"
    data.mkdir()
    command = (scripts / "docsort-server", "--listen", "127.0.0.1:0", "--data", data)
    process = subprocess.Popen((*command, "--store", "memory"), cwd="/", stderr=subprocess.DEVNULL)
    try:
        yield await_ready(process, data / "ready.json")
    finally:
        stop(process)


def main() -> int:
    """Find the one wheel in the folder and try it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    wheels = list(parser.parse_args().folder.resolve().glob("*.whl"))
    if len(wheels) != 1:
        raise SystemExit(f"expected one wheel, found {len(wheels)}")
    with tempfile.TemporaryDirectory(prefix="docsort-wheel-") as name:
        venv.create(name, with_pip=True)
        scripts = Path(name) / "bin"
        try_client(scripts, wheels[0])
        try_server(scripts, wheels[0])
        with tempfile.TemporaryDirectory(prefix="docsort-sample-") as folder:
            try_evaluate(scripts, wheels[0], Path(folder))
    print(f"{wheels[0].name} works in a fresh environment", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
