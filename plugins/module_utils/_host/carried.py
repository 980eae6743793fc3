# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a real server of direct routing or tunnelling has: VIPs it carries in silence, tunnels that end on it.

The program /usr/libexec/lvs-cluster/real-server puts it there, at boot and in a play alike, by the list that the role
writes. Here is only the reading and the comparison, in words for a person.
"""
from __future__ import annotations

import os

from ansible_collections.lvs.cluster.plugins.module_utils._host import addresses, kernel_settings, systemd

UNIT = "lvs-cluster-real-server.service"
VIP_DEVICE = "lvs-vips"
DEVICES = ("lvs-ipip", "lvs-sit", "lvs-ip6tnl", "lvs-gre", "lvs-gre6")
SILENCE = {"net/ipv4/conf/all/arp_ignore": 1, "net/ipv4/conf/all/arp_announce": 2}


def device_of(tunnel):
    """The device on which a tunnel ends: {"type", "outer": family of the packets outside, "inner"}. GUE has IP in IP inside."""
    if tunnel["type"] == "gre":
        return "lvs-gre6" if tunnel["outer"] == 6 else "lvs-gre"
    if tunnel["outer"] == 6:
        return "lvs-ip6tnl"
    return "lvs-sit" if tunnel["inner"] == 6 else "lvs-ipip"


def problems(run, vips, tunnels, own):
    """What the running host lacks, or has too much, a sentence each; nothing where it is as wanted.

    vips: of both families; own: {family: the host's own address, at which tunnels end}.
    """
    found = []
    links = {link["ifname"]: link for link in addresses.ask(run, ["-details", "address", "show"])}
    # IPv6 needs no such setting: a host answers neighbours only for the addresses of the interface that was asked.
    for name, least in SILENCE.items() if any(":" not in vip for vip in vips) else ():
        value = int(kernel_settings.read_sysctl(name) or 0)
        if value < least:
            found.append("sysctl %s is %d: other machines of the segment can take this one for the VIP's; it must be %d" % (name, value, least))
    found += _vips(links, vips)
    for tunnel in tunnels:
        found += _tunnel(links, tunnel, own[tunnel["outer"]])
    gue = [(tunnel["outer"], tunnel["port"]) for tunnel in tunnels if tunnel["type"] == "gue"]
    ports = _fou_ports(run) if gue else set()
    found += ["no GUE tunnel ends on UDP port %d%s" % (port, " of IPv6" if family == 6 else "") for family, port in dict.fromkeys(gue)
              if (family, port) not in ports]
    needed = {device_of(tunnel) for tunnel in tunnels}
    found += ["the tunnel device %s is there, and no tunnel is declared for it" % name for name in DEVICES if name not in needed and name in links]
    unit = systemd.show(run, UNIT)
    if unit["UnitFileState"] != "enabled" or unit["ActiveState"] != "active":
        state = "%s and %s" % (unit["ActiveState"] or "missing", unit["UnitFileState"] or "missing")
        found.append("the unit %s is %s: after the next boot all this would be gone" % (UNIT, state))
    return list(dict.fromkeys(found))


def _vips(links, vips):
    # The kernel's own address of each device is nobody's VIP
    have = {entry["local"]: name for name, link in links.items() for entry in link.get("addr_info", ())
            if "local" in entry and entry.get("scope") != "link"}
    found = ["it lacks the VIP %s: packets for it are dropped here" % vip for vip in vips if vip not in have]
    found += ["the VIP %s is on %s and must be on %s" % (vip, have[vip], VIP_DEVICE) for vip in vips if have.get(vip, VIP_DEVICE) != VIP_DEVICE]
    found += ["%s is on %s, and no virtual server needs it here" % (other, VIP_DEVICE) for other, name in have.items()
              if name == VIP_DEVICE and other not in vips]
    if vips and VIP_DEVICE in links and "UP" not in links[VIP_DEVICE].get("flags", ()):
        found.append("the device %s is down" % VIP_DEVICE)
    return found


def _tunnel(links, tunnel, address):
    name = device_of(tunnel)
    if name not in links:
        return ["the tunnel device %s is missing: packets by %s are dropped here" % (name, tunnel["type"])]
    local = links[name].get("linkinfo", {}).get("info_data", {}).get("local")
    if local != address:
        return ["the tunnel device %s ends at %s, and the routers send to %s" % (name, local, address)]
    if "UP" not in links[name].get("flags", ()):
        return ["the tunnel device %s is down" % name]
    if tunnel["inner"] == 6:
        return []  # has no such filter
    strict = [int(kernel_settings.read_sysctl("net/ipv4/conf/%s/rp_filter" % part) or 0) for part in ("all", name)]
    if max(strict) == 1 or (max(strict) == 2 and not any(entry.get("family") == "inet" for entry in links[name].get("addr_info", ()))):
        return ["packets out of the tunnel are dropped as forgeries: net/ipv4/conf/%s/rp_filter is %d, and must be 2, with an address on the device"
                % (name, strict[1])]
    return []


def _fou_ports(run):
    """{(family, port)}"""
    try:
        return {(6 if entry.get("family") == "inet6" else 4, entry["port"]) for entry in addresses.ask(run, ["fou", "show"]) if "gue" in entry}
    except OSError:
        return set()  # the kernel module is not loaded


def apply(run):
    """Have the unit bring the host to its list. Raises OSError with what it said."""
    for words in (["enable", UNIT], ["reload-or-restart", UNIT]):
        complaint = systemd.order(run, *words)
        if complaint:
            raise OSError("\n".join([complaint, *systemd.journal(run, UNIT, lines=5)]))


def take_off(run):
    """The VIPs first, while the host is still silent about them."""
    complaint = systemd.order(run, "disable", "--now", UNIT)
    if complaint:
        raise OSError(complaint)


def there(run):
    """Whether something is left to be taken off."""
    return systemd.show(run, UNIT)["LoadState"] == "loaded" or os.path.exists("/sys/class/net/" + VIP_DEVICE)
