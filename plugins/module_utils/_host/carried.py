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
DEVICES = {"ipip": "lvs-ipip", "gre": "lvs-gre", "gue": "lvs-ipip"}  # GUE has IP in IP inside
SILENCE = {"net/ipv4/conf/all/arp_ignore": 1, "net/ipv4/conf/all/arp_announce": 2}


def problems(run, vips, tunnels, address):
    """What the running host lacks, or has too much, a sentence each; nothing where it is as wanted."""
    found = []
    links = {link["ifname"]: link for link in addresses.ask(run, ["-details", "address", "show"])}
    for name, least in SILENCE.items():
        value = int(kernel_settings.read_sysctl(name) or 0)
        if value < least:
            found.append("sysctl %s is %d: other machines of the segment can take this one for the VIP's; it must be %d" % (name, value, least))
    found += _vips(links, vips)
    for tunnel in tunnels:
        found += _tunnel(links, tunnel, address)
    ports = _fou_ports(run) if any(tunnel["type"] == "gue" for tunnel in tunnels) else set()
    found += ["no GUE tunnel ends on UDP port %d" % tunnel["port"] for tunnel in tunnels if tunnel["type"] == "gue" and tunnel["port"] not in ports]
    needed = {DEVICES[tunnel["type"]] for tunnel in tunnels}
    found += ["the tunnel device %s is there, and no tunnel is declared for it" % name for name in sorted(set(DEVICES.values()) - needed) if name in links]
    unit = systemd.show(run, UNIT)
    if unit["UnitFileState"] != "enabled" or unit["ActiveState"] != "active":
        state = "%s and %s" % (unit["ActiveState"] or "missing", unit["UnitFileState"] or "missing")
        found.append("the unit %s is %s: after the next boot all this would be gone" % (UNIT, state))
    return found


def _vips(links, vips):
    have = {entry["local"]: name for name, link in links.items() for entry in link.get("addr_info", ()) if "local" in entry}
    found = ["it lacks the VIP %s: packets for it are dropped here" % vip for vip in vips if vip not in have]
    found += ["the VIP %s is on %s and must be on %s" % (vip, have[vip], VIP_DEVICE) for vip in vips if have.get(vip, VIP_DEVICE) != VIP_DEVICE]
    found += ["%s is on %s, and no virtual server needs it here" % (other, VIP_DEVICE) for other, name in have.items()
              if name == VIP_DEVICE and ":" not in other and other not in vips]
    if vips and VIP_DEVICE in links and "UP" not in links[VIP_DEVICE].get("flags", ()):
        found.append("the device %s is down" % VIP_DEVICE)
    return found


def _tunnel(links, tunnel, address):
    name = DEVICES[tunnel["type"]]
    if name not in links:
        return ["the tunnel device %s is missing: packets by %s are dropped here" % (name, tunnel["type"])]
    local = links[name].get("linkinfo", {}).get("info_data", {}).get("local")
    if local != address:
        return ["the tunnel device %s ends at %s, and the routers send to %s" % (name, local, address)]
    if "UP" not in links[name].get("flags", ()):
        return ["the tunnel device %s is down" % name]
    strict = [int(kernel_settings.read_sysctl("net/ipv4/conf/%s/rp_filter" % part) or 0) for part in ("all", name)]
    if max(strict) == 1 or (max(strict) == 2 and not any(entry.get("family") == "inet" for entry in links[name].get("addr_info", ()))):
        return ["packets out of the tunnel are dropped as forgeries: net/ipv4/conf/%s/rp_filter is %d, and must be 2, with an address on the device"
                % (name, strict[1])]
    return []


def _fou_ports(run):
    try:
        return {entry["port"] for entry in addresses.ask(run, ["fou", "show"]) if "gue" in entry}
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
