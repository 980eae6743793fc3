# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random IPVS tables for the property tests, in the form that a user gives; every one is valid."""

from __future__ import annotations

import ipaddress

from hypothesis import strategies as st

from ansible_collections.lvs.cluster.plugins.module_utils._model import ipvs_words as words

PORTS = st.integers(1, 65535)
# Few addresses, so that two tables often name the same service or destination.
FEW = st.integers(1, 4)
WEIGHTS = st.sampled_from([0, 1, 100, 2**31 - 1])


def real(family, number):
    """Addresses that the integration tests' namespaces reach."""
    return "10.0.0.%d" % number if family == "ipv4" else "fd00::%x" % number


@st.composite
def destinations(draw, family, port, mixed):
    forward = draw(st.sampled_from(words.FORWARDS))
    other = {"ipv4": "ipv6", "ipv6": "ipv4"}[family]
    at = other if mixed and forward == "tunnel" and draw(st.booleans()) else family
    row = {"address": real(at, draw(FEW)), "forward": forward, "weight": draw(WEIGHTS)}
    if forward == "nat":
        row["port"] = draw(st.sampled_from([80, 8080]))
    elif port is None:
        row["port"] = draw(st.sampled_from([0, 80]))
    row["upper_threshold"] = draw(st.sampled_from([0, 10, 2**31 - 1]))
    row["lower_threshold"] = draw(st.integers(0, min(row["upper_threshold"], 5)))
    if forward == "tunnel":
        row["tunnel_type"] = kind = draw(st.sampled_from(words.TUNNEL_TYPES))
        if kind == "gue":
            row["tunnel_port"] = draw(PORTS)
        if kind != "ipip":
            row["tunnel_checksum"] = draw(st.sampled_from(words.TUNNEL_CHECKSUMS[kind]))
    return row


@st.composite
def services(draw, mixed, schedulers):
    family = draw(st.sampled_from(words.FAMILIES))
    persistent = draw(st.booleans())
    service = {"scheduler": draw(st.sampled_from(schedulers))}
    protocol = None
    port = None
    if draw(st.booleans()):
        protocol = draw(st.sampled_from(words.PROTOCOLS))
        port = draw(st.sampled_from([0, 80] if persistent else [80]))
        service.update(protocol=protocol, port=port, address="192.0.2.1" if family == "ipv4" else "2001:db8::1")
    else:
        service.update(firewall_mark=draw(FEW), family=family)
    service["scheduler_flags"] = draw(st.lists(st.sampled_from(words.flag_words(service["scheduler"])), unique=True))
    if persistent:
        service["persistence_timeout"] = draw(st.sampled_from([1, 300, words.LONGEST_PERSISTENCE]))
        prefix = draw(st.integers(1, 128 if family == "ipv6" else 32))
        mask = str(prefix) if family == "ipv6" else str(ipaddress.ip_network("0.0.0.0/%d" % prefix).netmask)
        service["persistence_netmask"] = mask
        service["persistence_engine"] = draw(st.sampled_from(["", "sip"])) if protocol == "udp" else ""
    if protocol in ("udp", None):
        service["one_packet"] = draw(st.booleans())
    service["destinations"] = draw(
        st.lists(
            destinations(family, port, mixed), max_size=5, unique_by=lambda row: (row["address"], row.get("port", port))
        )
    )
    return service


def naming(service):
    return tuple(str(service.get(name)) for name in ("protocol", "address", "port", "firewall_mark", "family"))


def tables(mixed=True, schedulers=tuple(name for name in words.SCHEDULERS if name != "twos")):
    """Lists of services. mixed: destinations of the other family too; twos is in few kernels."""
    return st.lists(services(mixed, schedulers), max_size=6, unique_by=naming)
