"""The project's own source as data: modules, what they import, and their rooms."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE_ROOTS = {"docsort": ROOT / "client", "docsort_server": ROOT / "server"}
GENERATED = ("docsort/v1/", "docsort_server/record/v1/")


@dataclass(frozen=True, slots=True)
class Module:
    """One hand-written module; `name` is the one it is imported by."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def room(self) -> str:
        """Return the part of the package it lies in: a folder, or the module itself at the top."""
        return room_of(self.name)

    def imports(self) -> frozenset[str]:
        """Return the full names of all that it imports, for type checkers too."""
        return _imports(self)

    def base(self, node: ast.ImportFrom) -> str:
        """Return the absolute module of a `from` import."""
        if not node.level:
            return node.module or ""
        package = self.name.split(".")
        if self.path.name != "__init__.py":
            package = package[:-1]
        kept = package[: len(package) - node.level + 1]
        return ".".join([*kept, *([node.module] if node.module else [])])


@cache
def _imports(module: Module) -> frozenset[str]:
    """Return what a module imports; a walk of all trees for each question took most of its time."""
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{module.base(node)}.{alias.name}" for alias in node.names}
    return frozenset(found)


def room_of(name: str) -> str:
    """Return the room of a module's dotted name; the package itself is the room "package"."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "package"


@cache
def modules(package: str) -> tuple[Module, ...]:
    """Return the hand-written modules of an import package."""
    return tuple(
        Module(dotted(path.relative_to(SOURCE_ROOTS[package]).as_posix()), path, parsed(path))
        for path in paths(package)
    )


def paths(package: str) -> list[Path]:
    """Return the files of the hand-written modules of an import package."""
    root = SOURCE_ROOTS[package]
    found = sorted((root / package).rglob("*.py"))
    return [each for each in found if not each.relative_to(root).as_posix().startswith(GENERATED)]


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_bytes())


def dotted(name: str) -> str:
    """Turn a path below a source root into a module name."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
