"""Who may import whom: the house's direction, read off the source."""

from __future__ import annotations

import subprocess
import sys

from source_tree import Module, modules, room_of

# From the bottom up: a room imports itself and rooms before it, never one after it.
SERVER_ORDER = (
    *("version", "telemetry", "faults", "incidents", "sandbox", "nats", "documents", "engine"),
    *("jobs", "record", "convert", "codec", "validate", "errors", "home", "heap", "exposure"),
    *("settings_values", "settings_rules", "settings_backends", "settings_engines", "settings"),
    "settings_sources",
    *("transport", "stores", "engines", "readers", "interceptors", "services", "readiness", "app"),
    *("lifecycle", "status", "__main__"),
)
# The domain: it knows neither the wire nor the messages on it.
DOMAIN = {"faults", "incidents", "telemetry", "sandbox", "documents", "engine", "jobs"}
WIRE = {"grpc", "google", "grpc_status", "grpc_health", "grpc_reflection", "docsort"}
# Engines; what lies beside them is what all of them share.
ENGINES = ("docsort_server.engine.local", "docsort_server.engine.openai")
# What `pip install docsort` brings; nothing else may be needed to import the client.
CLIENT_NEEDS = {"grpc", "grpc_status", "google", "docsort"}
MAY_FIND = {
    "_cli": {"rich", "yaml"},
    "_evaluate": {"jinja2", "markupsafe", "matplotlib", "numpy", "scipy", "sklearn"},
}


def server() -> tuple[Module, ...]:
    """Return the server's modules."""
    return modules("docsort_server")


def client() -> tuple[Module, ...]:
    """Return the client's modules."""
    return modules("docsort")


def packages(module: Module) -> set[str]:
    """Return the top-level packages that a module imports, without the standard library's."""
    return {name.split(".")[0] for name in module.imports()} - sys.stdlib_module_names


def test_every_server_room_has_its_place() -> None:
    """A new room at the server's top level takes a place in the order before it is used."""
    assert {module.room for module in server()} - {"package"} <= set(SERVER_ORDER)


def test_server_imports_only_downwards() -> None:
    """No module reaches up: the engine knows no jobs, the jobs know no services."""
    assert not {module.name: up for module in server() if (up := reached_above(module))}


def reached_above(module: Module) -> set[str]:
    """Return the rooms that a module imports though they are not below it."""
    own = {name for name in module.imports() if name.startswith("docsort_server.")}
    below = SERVER_ORDER if module.room == "package" else SERVER_ORDER[: place(module.room)]
    return {room_of(name) for name in own} - {module.room, *below}


def place(room: str) -> int:
    """Return how far up a room is."""
    return SERVER_ORDER.index(room)


def test_domain_knows_no_wire() -> None:
    """Jobs, engine, documents and sandbox import neither gRPC, nor protobuf, nor the stubs."""
    domain = [module for module in server() if module.room in DOMAIN]
    assert len(domain) > len(DOMAIN)
    assert not {module.name: wire for module in domain if (wire := packages(module) & WIRE)}


def test_what_engines_share_knows_none_of_them() -> None:
    """The data and the folds of all engines import neither the embedded one nor any other."""
    shared = {
        module.name: {name for name in module.imports() if name.startswith(ENGINES)}
        for module in server()
        if module.room == "engine" and module.name.count(".") == 2
    }
    assert len(shared) > 10
    assert not {name: inner for name, inner in shared.items() if inner}


def test_server_takes_only_the_stubs_from_the_client() -> None:
    """The server shares the contract with the client and nothing else."""
    shared = {
        (module.name, name)
        for module in server()
        for name in module.imports()
        if name.split(".")[0] == "docsort" and not name.startswith("docsort.v1")
    }
    assert not shared


def test_client_needs_only_what_it_declares() -> None:
    """The client imports its four dependencies; what only the command line uses may find more."""
    found = {
        module.name: packages(module) - CLIENT_NEEDS - MAY_FIND.get(module.room, set())
        for module in client()
    }
    assert not {name: more for name, more in found.items() if more}


def test_client_has_no_circles() -> None:
    """The client's modules can be put in an order in which each imports only earlier ones."""
    names = {module.name for module in client()}
    left = {module.name: targets(module, names) - {module.name} for module in client()}
    while free := {name for name, needed in left.items() if not needed & left.keys()}:
        left = {name: needed for name, needed in left.items() if name not in free}
    assert not left


def targets(module: Module, names: set[str]) -> set[str]:
    """Return the client modules that a module imports, as modules or by names in them."""
    wanted = module.imports()
    return {name if name in names else name.rpartition(".")[0] for name in wanted} & names


def test_importing_the_client_stays_light() -> None:
    """`import docsort` loads no server, no parser, and none of the command line's libraries."""
    heavy = {"docsort_server", "pypdf", "pypdfium2", "reportlab", "rich", "yaml", "argparse"}
    heavy |= {"numpy", "sklearn", "matplotlib", "jinja2"}
    code = f"import docsort, sys; print(*({heavy!r} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == ""


def test_the_embedded_engine_s_process_has_no_event_loop() -> None:
    """It is started with most servers and answers one request after the other."""
    code = "import docsort_server.engine.local.handler, sys; print('asyncio' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == "False"


def test_a_server_loads_nothing_of_its_workers() -> None:
    """What reads and classifies pages is loaded by the processes that do it, not by the server."""
    theirs = {"PIL", "docsort_server.documents.reader", "docsort_server.engine.packet.reading"}
    theirs |= {"docsort_server.engine.local.engine", "docsort_server.documents.ocr.handler"}
    code = f"import docsort_server.app, sys; print(*({theirs!r} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == ""
