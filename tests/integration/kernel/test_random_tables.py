# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans between random tables, carried out on the real kernel, end in the table that was wanted."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import changes, connection, ipvs
from ansible_collections.lvs.cluster.plugins.module_utils._model import ipvsadm_text, plan, table
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from tests.unit.kernel.tables import tables


def complete(raw):
    report = Report()
    want = plan.target([], table.read_services(raw, "services", report), "overridden", report)
    assert report == []
    return want


def test_from_any_table_to_any_other(kernel):
    with connection.Connection() as opened:

        @settings(max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(tables())
        def to(raw):
            # Each example starts from what the one before left.
            have, want = ipvs.read_table(opened), complete(raw)
            assert [str(failure) for failure in changes.execute(opened, plan.difference(have, want))] == []
            assert ipvs.read_table(opened) == want
            assert plan.difference(ipvs.read_table(opened), want) == []
            assert kernel.saved() == sorted(without_thresholds(line) for line in ipvsadm_text.lines(want))

        to()


def without_thresholds(line):
    """ipvsadm -S leaves them out, and of the flags of sh and mh the third (not the -b before it)."""
    words = line.split()
    for option in ("-x", "-y"):
        if option in words:
            place = words.index(option)
            del words[place : place + 2]
    if "-b" in words:
        place = words.index("-b") + 1
        flags = [flag for flag in words[place].split(",") if flag != "flag-3" or words[words.index("-s") + 1] not in ("sh", "mh")]
        words[place] = ",".join(flags)
    return " ".join(words)
