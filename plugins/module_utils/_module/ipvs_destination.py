# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ipvs_destination: one destination of a service that is there."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._model import plan, table
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from ansible_collections.lvs.cluster.plugins.module_utils._module import ipvs_table, refusals


def run_module(module):
    report = Report()
    service = table.read_service(module.params["service"], "service", report, with_destinations=False)
    given = None
    if service is not None:
        raw = {name: module.params[name] for name in table.DESTINATION_FIELDS}
        given = table.read_destination(raw, service, "", report)
    if report:
        refusals.fail(module, report)
    present = module.params["state"] == "present"

    def make_target(have, problems):
        return plan.target_of_destination(have, service, given, present, problems)

    ipvs_table.run(module, make_target)
