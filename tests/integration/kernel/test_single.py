# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ipvs_service and ipvs_destination: one object at a time, the rest left alone."""

from __future__ import annotations

import pytest

KINDS = [
    ({"protocol": "tcp", "address": "192.0.2.1", "port": 80}, "-t 192.0.2.1:80", "10.0.0.%d", "10.0.0.%d:80"),
    ({"protocol": "udp", "address": "2001:db8::1", "port": 80}, "-u [2001:db8::1]:80", "fd00::%d", "[fd00::%d]:80"),
    ({"protocol": "sctp", "address": "192.0.2.1", "port": 80}, "--sctp-service 192.0.2.1:80", "10.0.0.%d", "10.0.0.%d:80"),
    ({"firewall_mark": 2147483647}, "-f 2147483647", "10.0.0.%d", "10.0.0.%d:0"),
    ({"firewall_mark": 1, "family": "ipv6"}, "-f 1 -6", "fd00::%d", "[fd00::%d]:0"),
]


@pytest.mark.parametrize(("naming", "words", "real", "endpoint"), KINDS)
def test_life_of_a_service_and_its_destinations(kernel, naming, words, real, endpoint):
    assert kernel.changes("ipvs_service", **naming)["before"] == []
    assert kernel.saved() == ["-A %s -s wlc" % words]
    for number, forward in enumerate(("nat", "direct", "tunnel"), 1):
        kernel.changes("ipvs_destination", service=naming, address=real % number, forward=forward, weight=number)
    rows = ["-m -w 1", "-g -w 2", "-i -w 3 --tun-type ipip"]
    lines = ["-a %s -r %s %s" % (words, endpoint % number, row) for number, row in enumerate(rows, 1)]
    assert kernel.saved() == sorted(["-A %s -s wlc" % words, *lines])

    kernel.changes("ipvs_service", scheduler="mh", scheduler_flags=["mh-port"], persistence_timeout=10, **naming)
    assert kernel.saved() == sorted(["-A %s -s mh -p 10 -b mh-port" % words, *lines])
    # What is left out stays.
    result = kernel.changes("ipvs_destination", service=naming, address=real % 2, weight=0, upper_threshold=9)
    lines[1] = lines[1].replace("-w 2", "-w 0")
    assert kernel.saved() == sorted(["-A %s -s mh -p 10 -b mh-port" % words, *lines])
    assert kernel.thresholds()[endpoint % 2] == (9, 0)
    assert result["commands"] == ["ipvsadm -e %s -r %s -g -w 0 -x 9" % (words, endpoint % 2)]

    kernel.changes("ipvs_destination", service=naming, address=real % 1, state="absent")
    assert kernel.saved() == sorted(["-A %s -s mh -p 10 -b mh-port" % words, *lines[1:]])
    kernel.changes("ipvs_service", state="absent", **naming)
    assert kernel.saved() == []
    assert kernel.changes("ipvs_destination", service=naming, address=real % 1, state="absent")["changed"] is False


def test_all_ports_of_a_persistent_service(kernel):
    kernel.changes("ipvs_service", address="192.0.2.1", port=0, persistence_timeout=60)
    kernel.changes("ipvs_destination", service={"address": "192.0.2.1", "port": 0}, address="10.0.0.1", forward="direct")
    assert kernel.saved() == ["-A -t 192.0.2.1:0 -s wlc -p 60", "-a -t 192.0.2.1:0 -r 10.0.0.1:0 -g -w 1"]
