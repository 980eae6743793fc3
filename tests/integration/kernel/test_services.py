# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ipvs_services against every kind of service and destination of the kernel; ipvsadm says what is there.

The expected lines are written here by hand, not by the code under test.
"""

from __future__ import annotations

import os
import pathlib

import pytest

from ansible_collections.lvs.cluster.plugins.filter.ipvsadm_parse import parse
from ansible_collections.lvs.cluster.plugins.filter.ipvsadm_render import render

MODULES = pathlib.Path("/lib/modules", os.uname().release, "kernel/net/netfilter/ipvs")
NO_SCHEDULERS = {"ftp", "pe_sip"}
# What this kernel has; twos came with Linux 5.11 and is in few.
SCHEDULERS = sorted({path.name.split(".")[0][len("ip_vs_") :] for path in MODULES.glob("ip_vs_*.ko*")} - NO_SCHEDULERS)
FAMILIES = {4: ("192.0.2.%d", "10.0.%d.%d", "%s:%d"), 6: ("2001:db8::%x", "fd00::%x:%x", "[%s]:%d")}
PROTOCOLS = {"tcp": "-t", "udp": "-u", "sctp": "--sctp-service"}
FORWARDS = [
    ({"forward": "nat"}, "-m -w %d"),
    ({"forward": "direct"}, "-g -w %d"),
    ({"forward": "tunnel"}, "-i -w %d --tun-type ipip"),
    ({"forward": "tunnel", "tunnel_type": "gue", "tunnel_port": 6080}, "-i -w %d --tun-type gue --tun-port 6080 --tun-nocsum"),
    (
        {"forward": "tunnel", "tunnel_type": "gue", "tunnel_port": 6080, "tunnel_checksum": "remcsum"},
        "-i -w %d --tun-type gue --tun-port 6080 --tun-remcsum",
    ),
    ({"forward": "tunnel", "tunnel_type": "gre", "tunnel_checksum": "csum"}, "-i -w %d --tun-type gre --tun-csum"),
]


def table(scheduler, weight):
    """(services, lines of ipvsadm -Sn): protocols and marks × both families × all ways of forwarding, and mixed families."""
    services, lines = [], []
    for family, (virtual, real, endpoint) in FAMILIES.items():
        other = FAMILIES[10 - family]
        for place, protocol in enumerate([*PROTOCOLS, None]):
            if protocol:
                service = {"protocol": protocol, "address": virtual % (place + 1), "port": 80}
                name = "%s %s" % (PROTOCOLS[protocol], endpoint % (service["address"], 80))
            else:
                service = {"firewall_mark": 7, "family": "ipv%d" % family}
                name = "-f 7" + (" -6" if family == 6 else "")
            lines.append("-A %s -s %s" % (name, scheduler))
            destinations = []
            for number, (forward, words) in enumerate(FORWARDS, 1):
                rows = [(real % (place + 1, number), endpoint)]
                if forward["forward"] == "tunnel":
                    rows.append((other[1] % (place + 1, number), other[2]))
                for address, shape in rows:
                    destinations.append(dict(forward, address=address, port=80, weight=weight))
                    lines.append("-a %s -r %s %s" % (name, shape % (address, 80), words % weight))
            services.append(dict(service, scheduler=scheduler, destinations=destinations))
    return services, sorted(lines)


def test_the_kernel_has_the_schedulers_that_are_to_be_tested():
    wanted = {"rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh"}
    assert wanted <= set(SCHEDULERS) <= wanted | {"twos"}


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_every_kind_applied_edited_and_removed(kernel, scheduler):
    services, lines = table(scheduler, 1)
    result = kernel.changes("ipvs_services", services=services, state="overridden")
    assert kernel.saved() == lines
    assert sorted(line[len("ipvsadm ") :] for line in result["commands"]) == lines
    assert sorted(result["after"]) == lines
    assert result["before"] == []

    services, lines = table(scheduler, 2**31 - 1)
    rows = [row for service in services for row in service["destinations"]]
    for row in rows:
        # Of the last part of its address: services share destinations of the other family.
        row["lower_threshold"] = int(row["address"].replace(":", ".").split(".")[-1])
        row["upper_threshold"] = 2**31 - row["lower_threshold"]
    result = kernel.changes("ipvs_services", services=services, state="overridden")
    assert kernel.saved() == lines
    assert {line.split()[1] for line in result["commands"]} == {"-e"}
    assert kernel.thresholds() == {
        ("[%s]:80" if ":" in row["address"] else "%s:80") % row["address"]: (row["upper_threshold"], row["lower_threshold"])
        for row in rows
    }

    kernel.changes("ipvs_services", services=services[:3], state="deleted")
    gone = ("-t 192.0.2.1:80 ", "-u 192.0.2.2:80 ", "--sctp-service 192.0.2.3:80 ")
    assert kernel.saved() == [line for line in lines if not any(name in line for name in gone)]
    kernel.changes("ipvs_services", services=[], state="overridden")
    assert kernel.saved() == []


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_round_trip(kernel, scheduler):
    services, lines = table(scheduler, 0)
    assert not kernel.module("ipvs_services", services=services).get("failed")
    read = kernel.module("ipvs_info", gather=["services"])["services"]
    assert parse(kernel.ipvsadm("-Sn")) == read
    kernel.ipvsadm("-C")
    kernel.changes("ipvs_services", services=read, state="overridden")
    assert kernel.saved() == lines
    kernel.ipvsadm("-C")
    kernel.ipvsadm("-R", text=render(read))
    assert kernel.saved() == lines


def test_a_table_of_ipvsadm_is_read_and_given_back(kernel):
    text = """-A -t 192.0.2.1:80 -s mh -b mh-fallback,mh-port
-a -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 7 -x 10 -y 5
-a -t 192.0.2.1:80 -r 10.0.0.2:80 -i --tun-type gre
-A -t 192.0.2.1:0 -s rr -p 120
-a -t 192.0.2.1:0 -r 10.0.0.1:0 -g -w 2
-A -u 192.0.2.1:53 -s rr -p 30 -M 255.255.255.0 --pe sip -o
-A -t [2001:db8::1]:443 -s sh -b sh-port -p 2678400 -M 64
-A -f 4294967295 -s dh -b flag-1,flag-3 -o
-A -f 7 -6 -s rr -p 50 -M 48
"""
    kernel.ipvsadm("-R", text=text)
    lines, thresholds = kernel.saved(), kernel.thresholds()
    read = kernel.module("ipvs_info")["services"]
    assert kernel.module("ipvs_services", services=read, state="overridden")["changed"] is False
    kernel.ipvsadm("-C")
    kernel.changes("ipvs_services", services=read, state="replaced")
    assert kernel.saved() == lines
    assert kernel.thresholds() == thresholds
    assert thresholds["10.0.0.1:8080"] == (10, 5)


def test_states(kernel):
    kernel.ipvsadm("-R", text="-A -t 192.0.2.1:80 -s wrr\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 5\n-A -f 3 -s rr\n")
    one = {"address": "192.0.2.1", "port": 80, "destinations": [{"address": "10.0.0.2"}]}
    kernel.changes("ipvs_services", services=[one])
    assert kernel.saved() == [
        "-A -f 3 -s rr",
        "-A -t 192.0.2.1:80 -s wrr",
        "-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 5",
        "-a -t 192.0.2.1:80 -r 10.0.0.2:80 -m -w 1",
    ]
    kernel.changes("ipvs_services", services=[one], state="replaced", drain=True)
    assert kernel.saved() == [
        "-A -f 3 -s rr",
        "-A -t 192.0.2.1:80 -s wlc",
        "-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 0",
        "-a -t 192.0.2.1:80 -r 10.0.0.2:80 -m -w 1",
    ]
    kernel.changes("ipvs_services", services=[one], state="replaced")
    kernel.changes("ipvs_services", services=[one], state="overridden")
    assert kernel.saved() == ["-A -t 192.0.2.1:80 -s wlc", "-a -t 192.0.2.1:80 -r 10.0.0.2:80 -m -w 1"]
    kernel.changes("ipvs_services", services=[one], state="deleted")
    assert kernel.saved() == []


def test_persistence_flags_and_thresholds_come_and_go(kernel):
    naming = {"protocol": "udp", "address": "2001:db8::1", "port": 53}
    kernel.changes(
        "ipvs_services",
        services=[
            dict(
                naming,
                scheduler="sh",
                scheduler_flags=["sh-port", "sh-fallback"],
                persistence_timeout=60,
                persistence_netmask="64",
                persistence_engine="sip",
                one_packet=True,
                destinations=[{"address": "fd00::1", "upper_threshold": 100, "lower_threshold": 50}],
            )
        ],
    )
    assert kernel.saved()[0] == "-A -u [2001:db8::1]:53 -s sh -p 60 -M 64 --pe sip -o -b sh-fallback,sh-port"
    assert kernel.thresholds() == {"[fd00::1]:53": (100, 50)}
    kernel.changes("ipvs_services", services=[dict(naming, scheduler="mh", scheduler_flags=["mh-port"])])
    assert kernel.saved()[0] == "-A -u [2001:db8::1]:53 -s mh -p 60 -M 64 --pe sip -o -b mh-port"
    kernel.changes("ipvs_services", services=[dict(naming, persistence_engine="", scheduler="rr")])
    assert kernel.saved()[0] == "-A -u [2001:db8::1]:53 -s rr -p 60 -M 64 -o"
    kernel.changes("ipvs_services", services=[dict(naming, destinations=[{"address": "fd00::1"}])], state="replaced")
    assert kernel.saved() == ["-A -u [2001:db8::1]:53 -s wlc", "-a -u [2001:db8::1]:53 -r [fd00::1]:53 -m -w 1"]
    assert kernel.thresholds() == {"[fd00::1]:53": (0, 0)}
