# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe that tells for how long an address was on two hosts."""

from __future__ import annotations

import json
import threading
import time


def test_addresses_on_two_hosts_are_seen_in_both_families_and_without_power(lab):
    found = {}

    def watch():
        words = lab.kernel("exec python3 lab/probes/holders_watch.py --hosts r1,web1 --addresses 192.0.2.2,192.0.2.99,2001:db8::99 "
                           f"--seconds {8 * lab.facts()['patience']}").stdout
        found.update(json.loads(words))

    thread = threading.Thread(target=watch)
    thread.start()
    time.sleep(1)
    add = "ip addr add 192.0.2.99/32 dev lo; ip addr add 2001:db8::99/128 dev lo nodad"
    lab.on("r1", add)
    lab.on("web1", f"{add}; sleep 0.5; ip addr del 192.0.2.99/32 dev lo")
    lab.do("power_off", "r1")
    thread.join()
    lab.do("power_on", "r1")
    lab.do("wait_up")
    assert found["two_ms"]["192.0.2.2"] == 0
    assert 450 <= found["two_ms"]["192.0.2.99"] <= 2500, found
    assert found["two_ms"]["192.0.2.99"] < found["two_ms"]["2001:db8::99"] < 6000, found
    assert found["last"] == {"192.0.2.2": [], "192.0.2.99": [], "2001:db8::99": ["web1"]}, found
    assert found["samples"] > 200, found
