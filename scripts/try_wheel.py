"""Try the built wheel in fresh virtual environments, first without extras, then with them."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

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
    print(f"{wheels[0].name} works in a fresh environment", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
