# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every wrong argument leaves the real table untouched, in check mode and for real."""

from __future__ import annotations

import pytest

from tests.unit.kernel.wrong_arguments import WRONG

LATER = {"address": "192.0.2.9", "port": 80}


def test_of_ipvs_services(kernel):
    kernel.ipvsadm("-A", "-t", "192.0.2.1:80", "-s", "wrr")
    kernel.ipvsadm("-a", "-t", "192.0.2.1:80", "-r", "10.0.0.9:80", "-m", "-w", "3")
    for services, path, word in WRONG:
        # A right service beside the wrong one must not appear either.
        given = [*services, LATER] if all(isinstance(row, dict) for row in services) else services
        message = kernel.fails("ipvs_services", services=given, state="overridden")
        if all(isinstance(row, dict) for row in services):
            lines = [line for line in message.splitlines() if line.startswith(path + ":")]
            assert lines and word in " ".join(lines), (services, message)


@pytest.mark.parametrize(
    ("name", "arguments", "word"),
    [
        ("ipvs_service", {"address": "192.0.2.1"}, "port: is missing"),
        ("ipvs_service", {"address": "192.0.2.1", "port": 0}, "port: port 0"),
        ("ipvs_service", {"address": "192.0.2.1", "port": 80, "scheduler": "nosuch"}, "scheduler"),
        ("ipvs_service", {"address": "192.0.2.1", "port": 80, "scheduler": "twos"}, "no scheduler twos (module ip_vs_twos)"),
        ("ipvs_service", {"protocol": "udp", "address": "192.0.2.1", "port": 80, "persistence_timeout": 5,
                          "persistence_engine": "nosuch"}, "no persistence engine nosuch"),
        ("ipvs_destination", {"address": "10.0.0.1"}, "service"),
        ("ipvs_destination", {"service": {"address": "192.0.2.1"}, "address": "10.0.0.1"}, "service.port: is missing"),
        ("ipvs_destination", {"service": {"address": "192.0.2.8", "port": 80}, "address": "10.0.0.1"}, "there is no service tcp 192.0.2.8:80"),
        ("ipvs_destination", {"service": {"address": "192.0.2.7", "port": 80}, "address": "10.0.0.1", "weight": -1}, "weight: -1"),
        ("ipvs_destination", {"service": {"address": "192.0.2.7", "port": 80}, "address": "10.255.255.255"}, "broadcast"),
    ],
)
def test_of_the_modules_for_one(kernel, name, arguments, word):
    kernel.ipvsadm("-A", "-t", "192.0.2.7:80", "-s", "wrr")
    assert word in kernel.fails(name, **arguments)


def test_a_host_without_network(kernel):
    kernel.tool("ip", "link", "delete", "net0")
    kernel.tool("ip", "address", "flush", "dev", "lo")
    kernel.ipvsadm("-A", "-t", "[2001:db8::1]:80", "-s", "wrr")
    service = {"address": "2001:db8::1", "port": 80}
    message = kernel.fails("ipvs_destination", service=service, address="fe80::1")
    assert "cannot add the destination [fe80::1]:80 to tcp [2001:db8::1]:80" in message and "route" in message


def test_failures_of_the_kernel_are_told_together_and_the_rest_is_made(kernel):
    rows = [{"address": "10.0.0.1"}, {"address": "10.255.255.255"}, {"address": "192.0.2.255"}]
    result = kernel.module("ipvs_services", services=[dict(LATER, destinations=rows)])
    assert result["failed"] and result["changed"]
    assert "10.255.255.255" in result["msg"] and "192.0.2.255" in result["msg"] and "2 other changes" in result["msg"]
    assert kernel.saved() == ["-A -t 192.0.2.9:80 -s wlc", "-a -t 192.0.2.9:80 -r 10.0.0.1:80 -m -w 1"]
