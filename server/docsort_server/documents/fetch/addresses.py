"""Which network addresses may be connected to: public ones, whatever a name says."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Within these an IPv4 address is embedded, to which a gateway would connect. RFC 6052, 8215, 4380.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
# Addresses that Python takes for global and that lead inside some networks all the same: those of
# cloud platforms' metadata services and wire servers.
_METADATA = {
    ipaddress.ip_address(text)
    for text in ("169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254")
}
# Protocol assignments, among them a cloud platform's metadata service; Python calls some global.
_ASSIGNED = ipaddress.IPv4Network("192.0.0.0/24")


def is_public(address: str) -> bool:
    """Tell whether an address, as numbers, is one of the public internet.

    Loopback, private, link-local, shared, multicast, reserved and unspecified ones are not, nor
    are IPv6 ones that carry such an IPv4 address.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if "%" in address or found in _METADATA:
        return False
    return all(_is_global(each) for each in (found, *_carried(found)))


def _is_global(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address) and address in _ASSIGNED:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _carried(address: Address) -> list[ipaddress.IPv4Address]:
    """Return the IPv4 addresses that an IPv6 one stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in net for net in (_NAT64, _LOCAL_NAT64, _TRANSLATED, _COMPATIBLE)):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return [each for each in found if each is not None]
