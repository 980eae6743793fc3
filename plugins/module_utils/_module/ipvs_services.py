# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ipvs_services: many services with their destinations in one call."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model import plan, table
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from ansible_collections.lvs.cluster.plugins.module_utils._module import ipvs_table, refusals


def run_module(module):
    report = Report()
    given = table.read_services(module.params["services"], "services", report)
    if report:
        refusals.fail(module, report)
    state = module.params["state"]
    ipvs_table.run(module, lambda have, problems: plan.target(have, given, state, problems), module.params["drain"])
