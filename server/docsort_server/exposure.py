"""Who can reach an address that the server listens on."""

from __future__ import annotations

from ipaddress import ip_address


def warning(listen: str) -> str | None:
    """Return what to warn of where `listen`, HOST:PORT, is not of this machine alone."""
    host = listen.rpartition(":")[0].strip("[]")
    try:
        private = ip_address(host).is_loopback
    except ValueError:
        private = host.casefold() == "localhost"
    if private:
        return None
    return (
        f"listens on {listen}, without authentication: whoever can reach it may submit, read and "
        "delete all jobs. Bind it to 127.0.0.1, or let only a proxy that asks who calls reach it"
    )
