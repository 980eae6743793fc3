# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bridges, and the cables from each host to them: made, cut, slowed, made lossy, mended."""

from __future__ import annotations

from pathlib import Path

from lvslab.inside.commands import batch, run
from lvslab.topology import KERNEL_ADDRESS, MANAGEMENT, Host, Topology

# Rules of forwarding in the lab's kernel: it is the gateway of each network to the management network, and nothing more.
# Packets between the networks must take the routers under test.
ISOLATED_TABLE = "100"


def bridge(network: str) -> str:
    return f"br-{network}"[:15]


def create_networks(topology: Topology, uplink: str) -> None:
    """A bridge per network with the gateway's address, and the management bridge with the uplink to the machine."""
    # A bridge's own address follows its ports unless it is set: neighbours would lose it whenever a host is plugged in or out.
    lines = ["link set lo up", f"link add {bridge('management')} address 02:4c:56:53:ff:ff type bridge",
             f"addr flush dev {uplink}", f"link set {uplink} master {bridge('management')}",
             f"link set {uplink} up", f"link set {bridge('management')} up",
             f"addr add {KERNEL_ADDRESS}/{MANAGEMENT.prefixlen} dev {bridge('management')}",
             f"route add {MANAGEMENT} dev {bridge('management')} table {ISOLATED_TABLE}", f"route add prohibit default table {ISOLATED_TABLE}"]
    for number, network in enumerate(topology.networks.values()):
        lines += [f"link add {bridge(network.name)} address 02:4c:56:53:ff:{number:02x} type bridge", f"link set {bridge(network.name)} up",
                  f"addr add {network.gateway}/{network.prefix} dev {bridge(network.name)}",
                  f"rule add iif {bridge(network.name)} lookup {ISOLATED_TABLE} priority 1000"]
        if network.cidr6:
            lines.append(f"addr add {network.twin(network.gateway)}/{network.prefix6} dev {bridge(network.name)} nodad")
    batch(*lines)
    for name, value in {"net/ipv4/ip_forward": "1", "net/ipv4/conf/all/rp_filter": "0", "net/ipv4/conf/all/send_redirects": "0",
                        "net/ipv4/conf/default/send_redirects": "0"}.items():
        Path("/proc/sys", name).write_text(value)
    for network in topology.networks.values():
        Path("/proc/sys/net/ipv4/conf", bridge(network.name), "send_redirects").write_text("0")


def cables(host: Host) -> list[str]:
    """The networks that the host has an interface in."""
    return [*host.networks, *(["management"] if host.management == "own" else [])]


def far_end(host: Host, network: str) -> str:
    """The bridge's end of the cable."""
    return f"v{host.number}-{cables(host).index(network)}"


def plug_in(host: Host) -> None:
    """A fresh network namespace with all interfaces, before init starts."""
    run("ip", "netns", "add", host.name)
    lines = []
    for index, network in enumerate(cables(host)):
        address = f"02:4c:56:53:{host.number:02x}:{index:02x}"      # 02: locally administered
        lines += [f"link add {far_end(host, network)} type veth peer name {host.interface(network)} address {address} netns {host.name}",
                  f"link set {far_end(host, network)} master {bridge(network)}", f"link set {far_end(host, network)} up"]
    batch(*lines)


def unplug(host: Host) -> None:
    """All cables away at once, and the namespace with them: what was in it is gone."""
    for network in cables(host):
        run("ip", "link", "del", far_end(host, network), check=False)
    run("ip", "netns", "del", host.name, check=False)


def cut(host: Host, network: str, carrier: bool) -> None:
    """Carrier lost (cable pulled), or (carrier kept) every packet lost both ways."""
    if carrier:
        run("ip", "link", "set", far_end(host, network), "down")
    else:
        disturb(host, network, "loss", "100%")


def disturb(host: Host, network: str, *netem: str) -> None:
    """Both directions through netem: `delay 50ms`, `loss 10%`."""
    run("tc", "qdisc", "replace", "dev", far_end(host, network), "root", "netem", *netem)
    run("ip", "netns", "exec", host.name, "tc", "qdisc", "replace", "dev", host.interface(network), "root", "netem", *netem)


def mend(host: Host, network: str) -> None:
    """As it was: carrier, no loss, no delay."""
    run("ip", "link", "set", far_end(host, network), "up")
    run("tc", "qdisc", "del", "dev", far_end(host, network), "root", check=False)
    run("ip", "netns", "exec", host.name, "tc", "qdisc", "del", "dev", host.interface(network), "root", check=False)
