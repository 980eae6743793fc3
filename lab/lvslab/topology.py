# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read and check a topology file (TOML): networks and hosts.

The form, every key that may stand in it:

    nftables = true                  # its hosts need the kernel's nf_tables (marks, masquerade, filters): never on User Mode Linux

    [networks.public]
    cidr = "192.0.2.0/24"
    gateway = "192.0.2.1"            # the lab's kernel on that bridge: the way out of the network
    cidr6 = "2001:db8:1::/64"        # where there shall be IPv6: 192.0.2.10 has 2001:db8:1::10 too

    [hosts.r1]
    image = "bookworm"               # bookworm (default) or trixie
    networks = {public = "192.0.2.2", private = "10.0.0.2"}   # eth0, eth1, … in this order
    default_route = "public"         # the network whose gateway is the default route (default: the first)
    disk = "overlay"                 # overlay (default), or copy: in memory, which an NFS server can export from
    manager = "networkd"             # networkd (default) or ifupdown
    management = "own"               # own (default): an interface mgmt0; or the name of a network: reached through it
    groups = ["lvs_routers"]
"""

from __future__ import annotations

import ipaddress
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from lvslab.say import LabError

MANAGEMENT = ipaddress.ip_network("172.31.255.0/24")
MACHINE_ADDRESS = "172.31.255.1"     # the machine's end of the management network
KERNEL_ADDRESS = "172.31.255.2"      # the lab kernel's own address on it
FIRST_HOST = 10
IMAGES = ("bookworm", "trixie")
MANAGERS = ("networkd", "ifupdown")
DISKS = ("overlay", "copy")


@dataclass(frozen=True)
class Network:
    name: str
    cidr: str
    gateway: str
    cidr6: str | None = None

    @property
    def prefix(self) -> int:
        return ipaddress.ip_network(self.cidr).prefixlen

    @property
    def prefix6(self) -> int:
        return ipaddress.ip_network(self.cidr6).prefixlen if self.cidr6 else 0

    def twin(self, address: str) -> str | None:
        """The IPv6 address of whoever has this IPv4 address: its last number, as it is written."""
        if not self.cidr6:
            return None
        return str(ipaddress.ip_network(self.cidr6)[int(address.rpartition(".")[2], 16)])


@dataclass(frozen=True)
class Host:
    name: str
    number: int
    networks: dict[str, str]
    image: str = "bookworm"
    default_route: str = ""
    disk: str = "overlay"
    manager: str = "networkd"
    management: str = "own"
    groups: list[str] = field(default_factory=list)

    @property
    def management_address(self) -> str:
        """Where the machine reaches it by SSH."""
        if self.management != "own":
            return self.networks[self.management]
        return str(MANAGEMENT.network_address + FIRST_HOST + self.number)

    def interface(self, network: str) -> str:
        """eth0, eth1, … in the order of `networks`; mgmt0 for the management network."""
        if network == "management":
            return "mgmt0"
        return f"eth{list(self.networks).index(network)}"


@dataclass(frozen=True)
class Topology:
    networks: dict[str, Network]
    hosts: dict[str, Host]
    nftables: bool = False

    def groups(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for host in self.hosts.values():
            for group in host.groups:
                found.setdefault(group, []).append(host.name)
        return found


def parse(data: dict, source: str) -> Topology:
    """Turn the parsed TOML into a Topology, or raise LabError with every mistake in it."""
    wrong = [f"{key}: unknown, known are hosts, networks and nftables" for key in data if key not in ("hosts", "networks", "nftables")]
    if not isinstance(data.get("nftables", False), bool):
        wrong.append("nftables: true or false")
    networks = {}
    for name, entry in data.get("networks", {}).items():
        wrong += [f"networks.{name}.{key}: unknown, known are cidr, gateway and cidr6" for key in entry if key not in ("cidr", "gateway", "cidr6")]
        try:
            net = ipaddress.ip_network(entry["cidr"])
            if ipaddress.ip_address(entry["gateway"]) not in net:
                wrong.append(f"networks.{name}.gateway: {entry['gateway']} is not in {net}")
            if ipaddress.ip_network(entry.get("cidr6", "::/64")).version != 6:
                wrong.append(f"networks.{name}.cidr6: {entry['cidr6']} is not IPv6")
            networks[name] = Network(name, entry["cidr"], entry["gateway"], entry.get("cidr6"))
        except (KeyError, ValueError) as error:
            wrong.append(f"networks.{name}: needs cidr and gateway ({error})")
    hosts = {}
    known = set(Host.__dataclass_fields__) - {"name", "number"}
    for number, (name, entry) in enumerate(data.get("hosts", {}).items()):
        wrong += [f"hosts.{name}.{key}: unknown, known are {', '.join(sorted(known))}" for key in set(entry) - known]
        if not entry.get("networks"):
            wrong.append(f"hosts.{name}.networks: name at least one")
            continue
        for network, address in entry["networks"].items():
            if network not in networks:
                wrong.append(f"hosts.{name}.networks.{network}: no such network")
            elif not _within(address, networks[network].cidr):
                wrong.append(f"hosts.{name}.networks.{network}: {address} is not an address in {networks[network].cidr}")
        host = Host(name, number, **{"default_route": next(iter(entry["networks"])), **{k: v for k, v in entry.items() if k in known}})
        if host.image not in IMAGES:
            wrong.append(f"hosts.{name}.image: one of {', '.join(IMAGES)}")
        if host.disk not in DISKS:
            wrong.append(f"hosts.{name}.disk: one of {', '.join(DISKS)}")
        if host.manager not in MANAGERS:
            wrong.append(f"hosts.{name}.manager: one of {', '.join(MANAGERS)}")
        if host.default_route not in host.networks:
            wrong.append(f"hosts.{name}.default_route: one of its networks")
        if host.management != "own" and host.management not in host.networks:
            wrong.append(f"hosts.{name}.management: own or one of its networks")
        hosts[name] = host
    if not hosts:
        wrong.append("hosts: name at least one")
    if wrong:
        raise LabError(f"{source}:\n  " + "\n  ".join(wrong))
    return Topology(networks, hosts, data.get("nftables", False))


def _within(address: str, cidr: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(cidr)
    except ValueError:
        return False


def load(path: Path) -> Topology:
    """Read a topology file."""
    try:
        data = tomllib.loads(path.read_text())
    except FileNotFoundError:
        raise LabError(f"no topology {path}; there are: {', '.join(sorted(p.stem for p in path.parent.glob('*.toml')))}") from None
    except tomllib.TOMLDecodeError as error:
        raise LabError(f"{path}: {error}") from None
    return parse(data, str(path))
