# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What works by chance until it does not: each of these fails when the handling of its pitfall is taken out."""

from __future__ import annotations

import pytest
from lvslab import trial

DIRECT = "192.0.2.101"
DISTANT = "198.51.100.9"
UNIT = "lvs-cluster-real-server"
LATE = "/etc/systemd/system/systemd-sysctl.service.d/late.conf"


def moment(host: str, unit: str, what: str) -> int:
    """When a unit began (InactiveExit) or was done (ActiveEnter), in microseconds."""
    return int(trial.on(host, f"systemctl show -p {what}TimestampMonotonic --value {unit}"))


def test_settings_that_are_late_at_boot_are_waited_for_and_the_network_waits_for_the_vips():
    """The VIPs would come first, be refused, and be missing; or the network, and a neighbour would learn a wrong address."""
    trial.on("web1", f"mkdir -p {LATE.rpartition('/')[0]} && printf '[Service]\\nExecStartPre=/bin/sleep 1\\n' >{LATE}")
    trial.agent().call("reboot", host="web1")
    trial.agent().call("wait_up", hosts=["web1"])
    trial.on("web1", f"rm -r {LATE.rpartition('/')[0]}; systemctl daemon-reload")
    assert moment("web1", "systemd-sysctl", "ActiveEnter") < moment("web1", UNIT, "InactiveExit")
    assert moment("web1", UNIT, "ActiveEnter") < moment("web1", "systemd-networkd", "InactiveExit")
    assert DIRECT in trial.on("web1", f"systemctl is-active {UNIT}; ip -o address show dev lvs-vips")


@pytest.fixture
def distant_client():
    """An address of the client's that the real servers reach by their default route only, which is the lab's kernel."""
    way = f"{DISTANT} via 192.0.2.10 dev br-public table 100"
    assert trial.agent().run(["ip", "route", "replace", *way.split()]) == 0
    trial.on("client", f"ip address replace {DISTANT}/32 dev lo")
    yield
    trial.on("client", f"ip address delete {DISTANT}/32 dev lo")
    trial.agent().run(["ip", "route", "del", *way.split()])


def answers() -> list[str]:
    """Who answers each of six requests of the distant client."""
    return trial.on("client", f"""python3 - <<'END'
import http.client
for number in range(6):
    try:
        connection = http.client.HTTPConnection("{DIRECT}", timeout=1, source_address=("{DISTANT}", 0))
        connection.request("GET", "/")
        print(connection.getresponse().read().split()[0].decode())
    except OSError:
        print("nobody")
END""").split()


def test_answers_from_a_vip_pass_the_routers_by_where_there_is_no_tunnel(distant_client):
    """Rules 5005 to 5007 are there for tunnels. Without them 5010 alone keeps these answers from the routers, which would drop them."""
    aside = "priority 5004 from " + DIRECT
    trial.on("web1", f"ip rule add priority 5008 nop && ip rule add {aside} goto 5008")
    try:
        # Its health check goes to its own address: it is back soon after the boot, answers or not
        assert trial.eventually(lambda: "web1" in answers(), 20)
        assert "nobody" not in answers()
    finally:
        trial.on("web1", f"ip rule del {aside}; ip rule del priority 5008")
