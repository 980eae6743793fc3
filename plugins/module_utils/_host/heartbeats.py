# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this router hears and says on each path of the heartbeat, and whether its peers are there.

By keepalived's own counters: an advert that is dropped on the way, or refused by keepalived, is not counted. Asked again and again
until every path has brought one, or so many intervals have passed that the loss of single packets does not explain it.
"""
from __future__ import annotations

import os
import time

from ansible_collections.lvs.cluster.plugins.module_utils._host import arp, keepalived

ADVERTS = 4        # intervals of silence; of 100 adverts of which 20 are lost, 4 in a row are lost once in 600 times
LEAST = 1.0        # seconds
LONGEST = 30.0     # seconds that a module may take; with slower heartbeats what was not heard is not known
EVERY = 0.2


def read(pid, paths, interval, instances=keepalived.vrrp_instances, clock=time.monotonic, sleep=time.sleep):
    """{network: {"interface", "instance", "state", "carrier", "hears", "sends", "peers"}} for each of `paths`.

    paths: [{"network", "interface", "instance", "address", "peers": {host: address}}]; interval: seconds.
    hears: whether adverts came in; None for the active router, which hears none when all is well, and where it was not listened for
    long enough. sends: the same of its own, of the active router. peers: {host: whether it answers ARP there}.
    """
    first = instances(pid)
    questions = {(path["interface"], path["address"], address): (path["network"], host)
                 for path in paths for host, address in path["peers"].items()}
    there = arp.ask(list(questions)) if questions else {}
    needed = max(LEAST, ADVERTS * interval)
    end = clock() + min(needed, LONGEST)
    now = instances(pid) if first else {}
    while first and clock() < end and any(_silent(path["instance"], first, now) for path in paths):
        sleep(EVERY)
        now = instances(pid)
    found = {}
    for path in paths:
        before, after = first.get(path["instance"]), now.get(path["instance"])
        found[path["network"]] = {
            "interface": path["interface"], "instance": path["instance"], "state": after["state"] if after else None,
            "carrier": _carrier(path["interface"]),
            **_heard(before, after, needed <= LONGEST),
            "peers": {host: there[question] for question, (network, host) in questions.items() if network == path["network"]},
        }
    return found


def _silent(name, first, now):
    """Whether nothing has come in (or gone out, from the active router) since the first question."""
    if name not in first or name not in now:
        return False
    return not any(now[name][key] > first[name][key] for key in ("adverts_received", "adverts_sent"))


def _heard(before, after, enough):
    result = {"hears": None, "sends": None}
    if not before or not after:
        return result
    for state, word, counter in (("backup", "hears", "adverts_received"), ("master", "sends", "adverts_sent")):
        if before["state"] == after["state"] == state:
            result[word] = after[counter] > before[counter] or (False if enough else None)
    if after["state"] == "master" and after["adverts_received"] > before["adverts_received"]:
        result["hears"] = True  # another one says that it is active
    return result


def _carrier(interface):
    """Whether the link is up and has a carrier."""
    try:
        with open(os.path.join("/sys/class/net", interface, "carrier"), encoding="ascii") as stream:
            return stream.read().strip() == "1"
    except OSError:
        return False  # EINVAL: it is down
