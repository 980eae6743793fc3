# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ipvs_service: one service, its destinations left alone."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model import plan, table
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from ansible_collections.lvs.cluster.plugins.module_utils._module import ipvs_table, refusals


def run_module(module):
    report = Report()
    raw = {name: module.params[name] for name in table.SERVICE_FIELDS}
    given = table.read_service(raw, "", report, with_destinations=False)
    if report:
        refusals.fail(module, report)
    state = "merged" if module.params["state"] == "present" else "deleted"
    ipvs_table.run(module, lambda have, problems: plan.target(have, [given], state, problems, path=""))
