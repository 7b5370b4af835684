"""How large files and functions may grow, and what every handler has in common."""

from __future__ import annotations

import ast
from functools import cache
from statistics import median, quantiles

import pytest
from google.protobuf import descriptor_pb2
from source_tree import ROOT, SOURCE_ROOTS, Module, modules, paths

MAX_LINES = 300
FOLDERS = ("tests", "scripts", "examples", "bench")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> list[Function]:
    """Return every function and method."""
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def length(function: Function) -> int:
    """Count a function's lines below its signature and docstring."""
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    return body[-1].end_lineno - body[0].lineno + 1 if body and body[-1].end_lineno else 0


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    """Hand-written files stay within 300 lines, tests and tools included."""
    found = [path for package in SOURCE_ROOTS for path in paths(package)]
    found += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    counts = {path.relative_to(ROOT): path.read_text().count("\n") for path in found}
    assert {path: count for path, count in counts.items() if count > MAX_LINES} == {}


@pytest.mark.parametrize("package", SOURCE_ROOTS)
def test_functions_stay_short(package: str) -> None:
    """Half of all functions have at most 8 lines, nine in ten at most 25."""
    found = [length(each) for module in modules(package) for each in functions(module.tree)]
    assert median(found) <= 8
    assert quantiles(found, n=10)[-1] <= 25


@cache
def rpcs() -> frozenset[str]:
    """Return the names of all RPCs in the shipped descriptor set."""
    data = (ROOT / "client/docsort/v1/docsort.binpb").read_bytes()
    files = descriptor_pb2.FileDescriptorSet.FromString(data).file
    return frozenset(
        rpc.name for file in files for service in file.service for rpc in service.method
    )


def handlers(module: Module) -> list[Function]:
    """Return the methods of a module that are named like an RPC."""
    return [each for each in functions(module.tree) if each.name in rpcs()]


def test_every_rpc_has_one_async_handler() -> None:
    """Each RPC of the contract is served, by a coroutine: a plain one would block the loop."""
    services = [each for each in modules("docsort_server") if each.room == "services"]
    found = [handler for module in services for handler in handlers(module)]
    assert sorted(handler.name for handler in found) == sorted(rpcs())
    assert all(isinstance(handler, ast.AsyncFunctionDef) for handler in found)
