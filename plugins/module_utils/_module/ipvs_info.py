# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ipvs_info: read what the kernel has."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import connection, errors, ipvs
from ansible_collections.lvs.cluster.plugins.module_utils._module import kernel_access

# Reading does not load the kernel module. Without it the kernel balances nothing, and has no timeouts.
NOT_LOADED = {"services": [], "statistics": [], "sync_daemons": [], "timeouts": None, "information": None}


def gather(subsets, opened):
    """{subset: what the kernel says}; the table is read once for services and statistics."""
    result = {}
    if "services" in subsets or "statistics" in subsets:
        services, statistics = ipvs.read_table_and_statistics(opened, statistics="statistics" in subsets)
        if "services" in subsets:
            result["services"] = services
        if "statistics" in subsets:
            result["statistics"] = statistics
    if "sync_daemons" in subsets:
        result["sync_daemons"] = ipvs.read_daemons(opened)
    if "timeouts" in subsets:
        result["timeouts"] = ipvs.read_timeouts(opened)
    if "information" in subsets:
        result["information"] = ipvs.read_information(opened)
    return result


def run_module(module):
    kernel_access.require_pyroute2(module)
    subsets = module.params["gather"]
    if not connection.is_loaded():
        module.exit_json(changed=False, **{subset: NOT_LOADED[subset] for subset in subsets})
    try:
        with connection.Connection() as opened:
            result = gather(subsets, opened)
    except errors.KernelError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **result)
