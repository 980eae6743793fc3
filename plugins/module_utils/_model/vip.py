# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One address on an interface: read what a user gave, plan, and the files that bring it back at boot.

An address is {"address", "prefix", "family": 4|6, "interface", "label": None|"eth0:1", "scope", "nodad"}.
IPv4 addresses always have a label, the interface's name if no other.
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model.ipvs_values import Address, Integer
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import shown

SCOPES = ("global", "site", "link", "host")
LONGEST_LABEL = 15  # characters, the kernel's limit of an interface's name
NETWORKD, IFUPDOWN, NETWORK_MANAGER = "systemd-networkd", "ifupdown", "NetworkManager"
MANAGERS = (NETWORKD, IFUPDOWN, NETWORK_MANAGER)
NOTICE = "# Managed by lvs.cluster.vip.\n"
NETWORKD_FOLDER = "/etc/systemd/network"
LOOPBACK_UNIT = NETWORKD_FOLDER + "/60-lvs-cluster-lo.network"
_INTERFACE = re.compile("[^\\s/:]{1,15}\\Z")


def read(raw, report):
    """The address wanted, or None; problems go into report."""
    text, slash, prefix_text = str(raw["address"]).partition("/")
    address = Address().read(text, "", "address", report)
    interface = str(raw["interface"])
    if not _INTERFACE.match(interface):
        report.add("interface", "%s is no name of an interface" % shown(interface), "give one such as eth0, lo or dummy0")
    if address is None:
        return None
    family = 6 if ":" in address else 4
    longest = 128 if family == 6 else 32
    prefix = longest
    if slash:
        prefix = Integer(0, longest).read(prefix_text, "", "address", report)
    scope = raw.get("scope") or "global"
    if scope == "site" and family == 4:
        report.add("scope", "IPv4 has no scope site", "give global, link or host")
    return {
        "address": address,
        "prefix": prefix,
        "family": family,
        "interface": interface,
        "label": _label(raw.get("label"), interface, family, report),
        "scope": scope,
        "nodad": family == 6 and bool(raw.get("nodad")),
    }


def _label(given, interface, family, report):
    """The whole label: what is given stands behind the interface's name unless it has one."""
    if not given:
        return interface if family == 4 else None
    if family == 6:
        report.add("label", "IPv6 addresses have no label", "leave it out")
        return None
    label = given if given.startswith(interface + ":") else "%s:%s" % (interface, given)
    if len(label) > LONGEST_LABEL:
        report.add("label", "%s has %d characters" % (label, len(label)), "the kernel takes %d" % LONGEST_LABEL)
    elif not re.match("[^\\s/:]+:[A-Za-z0-9_.-]+\\Z", label):
        report.add("label", "%s does not fit here" % shown(given), "give letters, digits, _ . or -")
    return label


def same(have, want):
    return all(have[name] == want[name] for name in ("address", "prefix", "label", "scope"))


def plan(have, want, present):
    """[(verb, address)]: have: all addresses of the interface. What can't be changed in place is added anew."""
    others = [row for row in have if row["address"] == want["address"]]
    if not present:
        return [("delete", row) for row in others if row["prefix"] == want["prefix"]]
    wrong = [row for row in others if not same(row, want)]
    missing = len(wrong) == len(others)
    return [("delete", row) for row in wrong] + ([("add", want)] if missing else [])


def command(verb, row):
    """The `ip` words of an operation, and of the hooks (verb replace)."""
    words = ["address", verb, "%s/%d" % (row["address"], row["prefix"]), "dev", row["interface"]]
    if verb == "delete":
        return words
    if row["label"] and row["label"] != row["interface"]:
        words += ["label", row["label"]]
    if row["scope"] != "global":
        words += ["scope", row["scope"]]
    return words + (["nodad"] if row["nodad"] else [])


def describe(rows):
    """One line an address, as ip says it, for diffs."""
    return "".join(" ".join(command("add", dict(row, nodad=False))[2:]) + "\n" for row in rows)


def file_of(row, manager, unit):
    """{path: {"content", "mode"}} that bring the address back at boot. unit: the .network file of networkd, or None."""
    path = _path(row, manager, (unit or LOOPBACK_UNIT).rsplit("/", 1)[-1])
    if manager == NETWORKD:
        found: dict[str, Any] = {path: {"content": NOTICE + _section(row), "mode": "0644"}}
        if unit in (None, LOOPBACK_UNIT):
            match = "[Match]\nName=%s\n\n[Network]\nKeepConfiguration=yes\n" % row["interface"]
            found[LOOPBACK_UNIT] = {"content": NOTICE + match, "mode": "0644"}
        return found
    words = "ip " + " ".join(command("replace", row))
    if manager == IFUPDOWN:
        test = '[ "$IFACE" = "%s" ] || exit 0' % row["interface"]
    else:
        # `nmcli device reapply` takes off what NetworkManager does not know.
        test = 'case "$1 $2" in "%s up" | "%s reapply") ;; *) exit 0 ;; esac' % ((row["interface"],) * 2)
    return {path: {"content": "#!/bin/sh\n" + NOTICE + test + "\nexec " + words + "\n", "mode": "0755"}}


def _path(row, manager, unit):
    """The path of the file of an address; unit: the name of networkd's .network file that it is a drop-in of."""
    name = "lvs-cluster-vip-%s-%s" % (row["interface"], re.sub("[^0-9a-f]", "-", row["address"]))
    if manager == NETWORKD:
        return "%s/%s.d/60-%s.conf" % (NETWORKD_FOLDER, unit, name)
    if manager == IFUPDOWN:
        # run-parts takes names of letters, digits, _ and - only.
        return "/etc/network/if-up.d/" + re.sub("[^A-Za-z0-9_-]", "-", name)
    return "/etc/NetworkManager/dispatcher.d/60-" + name


def paths(row, units):
    """Every path that a file of the address may have; units: names of .network files that have drop-ins."""
    return [_path(row, NETWORKD, unit) for unit in units] + [_path(row, manager, None) for manager in (IFUPDOWN, NETWORK_MANAGER)]


def _section(row):
    lines = ["[Address]", "Address=%s/%d" % (row["address"], row["prefix"])]
    if row["label"] and row["label"] != row["interface"]:
        lines.append("Label=" + row["label"])
    if row["scope"] != "global" and row["family"] == 4:
        lines.append("Scope=" + row["scope"])
    if row["nodad"]:
        lines.append("DuplicateAddressDetection=none")
    return "\n".join(lines) + "\n"
