# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said or refused before anything is touched, and what follows from the definition."""

from __future__ import annotations

from case import Case, Edit

FOLDER = "plugins/module_utils/_model"
NOTES = ("tests/unit/model/test_notes.py::test_notes",)
CLASH = ("tests/unit/model/test_collect.py::test_clash",)

CONNTRACK = Case("conntrack-off", (Edit(f"{FOLDER}/host_needs.py", '"1" if _ftp(cluster) else "0"', '"1"'),),
                 ("tests/unit/model/test_endpoints.py::test_ftp_by_nat_is_followed_by_the_kernel",))
STATES = Case("no-states", (Edit(f"{FOLDER}/nftables.py", '"%s accept" % _to(endpoint)', '"%s ct state new,established accept" % _to(endpoint)'),),
              ("tests/unit/model/test_nftables.py::test_the_text_is_the_golden_one",))
BESIDE = Case("clients-beside", (Edit(f"{FOLDER}/notes.py", "return [*_clients_beside(cluster), *_own_clients", "return [*_own_clients"),), NOTES)
ITSELF = Case("real-server-as-client", (Edit(f"{FOLDER}/notes.py", "*_own_clients(cluster), ", ""),), NOTES)
MEETING = Case("nat-ports-meet", (Edit(f"{FOLDER}/notes.py", "*_meeting(cluster), ", ""),), NOTES)
OWN = Case("router-as-client", (Edit(f"{FOLDER}/notes.py", ", *_routers(cluster)]", "]"),), NOTES)
SYNC_ID = Case("sync-id", (Edit(f"{FOLDER}/clashes.py", 'if c["connection_sync"]["enabled"]', "if False"),), CLASH, says="sync id")
ROUTER_ID = Case("virtual-router-id", (Edit(f"{FOLDER}/clashes.py", 'for name in beat["networks"]]', "for name in ()]"),), CLASH, says="virtual router id")
PORT = Case("port-by-direct-routing", (Edit(f"{FOLDER}/forwarding.py", "        _ports(read, methods, ports.single, path, report)\n", "        pass\n"),),
            ("tests/unit/model/test_wrong_definitions.py::test_wrong_definition",))
WARMUP = Case("warmup", (Edit("plugins/module_utils/_checks/base.py", ', "warmup " + seconds(check["warmup"])]', "]"),), ("tests/unit/checks/test_types.py",))
DEFAULTS = "INTERVAL, TIMEOUT, RETRIES, RETRY_DELAY = "
INTERVAL = Case("interval", (Edit("plugins/module_utils/_checks/base.py", DEFAULTS + "5, ", DEFAULTS + "60, "),),
                ("tests/unit/model/test_collect.py::test_text_for_a_person",))
