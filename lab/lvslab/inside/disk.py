# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host's disk, an overlay over the base image or a copy of it in memory, kept as long as the lab is up; and what is written on it at the start."""

from __future__ import annotations

from pathlib import Path

from lvslab.inside.commands import run
from lvslab.topology import MANAGEMENT, Host, Topology

HOSTS = Path("/lab/hosts")
IMAGES = Path("/lab/roots")


def root(host: Host) -> Path:
    return HOSTS / host.name / "root"


def mount(host: Host, topology: Topology, public_key: str) -> None:
    folder = HOSTS / host.name
    for part in ("upper", "work", "root"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    if host.disk == "copy":
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(root(host)))
        run("cp", "--archive", f"{IMAGES / host.image}/.", str(root(host)))
    else:
        run("mount", "-t", "overlay", "overlay", "-o",
            f"lowerdir={IMAGES / host.image},upperdir={folder}/upper,workdir={folder}/work", str(root(host)))
    _personalise(host, topology, public_key)


def _personalise(host: Host, topology: Topology, public_key: str) -> None:
    etc = root(host) / "etc"
    (etc / "hostname").write_text(host.name + "\n")
    (etc / "machine-id").write_text(f"{host.number + 1:032x}\n")
    names = ["127.0.0.1 localhost", "::1 localhost"]
    names += [f"{next(iter(other.networks.values()))} {other.name}" for other in topology.hosts.values()]
    (etc / "hosts").write_text("\n".join(names) + "\n")
    (etc / "resolv.conf").unlink(missing_ok=True)
    (etc / "resolv.conf").write_text("# no name server: nothing in the lab reaches a network\n")
    ssh = root(host) / "root/.ssh"
    ssh.mkdir(mode=0o700, exist_ok=True)
    (ssh / "authorized_keys").write_text(public_key)
    if host.manager == "networkd":
        _networkd(host, topology, etc)
    else:
        _ifupdown(host, topology, etc)


def addresses(host: Host, topology: Topology) -> list[tuple[str, str, str | None]]:
    """(interface, address/prefix, gateway of the default route or None) for each interface, and once more where it has IPv6."""
    found: list[tuple[str, str, str | None]] = []
    for name, address in host.networks.items():
        network, interface, leads_out = topology.networks[name], host.interface(name), name == host.default_route
        found.append((interface, f"{address}/{network.prefix}", network.gateway if leads_out else None))
        if network.cidr6:
            found.append((interface, f"{network.twin(address)}/{network.prefix6}", network.twin(network.gateway) if leads_out else None))
    if host.management == "own":
        found.append(("mgmt0", f"{host.management_address}/{MANAGEMENT.prefixlen}", None))
    return found


def _networkd(host: Host, topology: Topology, etc: Path) -> None:
    lines: dict[str, list[str]] = {}
    for interface, address, gateway in addresses(host, topology):
        lines.setdefault(interface, []).extend([f"Address={address}", *([f"Gateway={gateway}"] if gateway else [])])
    for interface, own in lines.items():
        text = "\n".join(["[Match]", f"Name={interface}", "", "[Network]", "LinkLocalAddressing=ipv6", "IPv6AcceptRA=no", *own, ""])
        (etc / f"systemd/network/10-{interface}.network").write_text(text)
    for unit in ("systemd-networkd.service", "systemd-networkd.socket"):
        (etc / "systemd/system" / unit).unlink(missing_ok=True)


def _ifupdown(host: Host, topology: Topology, etc: Path) -> None:
    text = "auto lo\niface lo inet loopback\n"
    for interface, address, gateway in addresses(host, topology):
        family = "inet6" if ":" in address else "inet"
        text += f"\nauto {interface}\niface {interface} {family} static\n    address {address}\n"
        if gateway:
            text += f"    gateway {gateway}\n"
    (etc / "network/interfaces").write_text(text)
    (etc / "systemd/system/networking.service").unlink(missing_ok=True)
