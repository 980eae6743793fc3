# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which packages a host has, asked without the distribution's Python bindings (a bare host has none).

Installing and removing is left to Ansible's own package modules.
"""
from __future__ import annotations

import re


def missing(run, names):
    """Those of `names` that are not installed, in their order."""
    if not names:
        return []
    code, out, _error = run(["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *names])
    if code in (0, 1):  # 1: at least one is unknown
        installed = {line.split()[0] for line in out.splitlines() if line.endswith(" installed")}
        return [name for name in names if name not in installed]
    return [name for name in names if run(["rpm", "--query", "--quiet", name])[0] != 0]


def to_remove(run, names):
    """`names` and what was installed only for their sake.

    What the administrator could have removed without us (already unneeded) is not in the list.
    """
    installed = [name for name in names if name not in missing(run, names)]
    if not installed:
        return []
    simulate = ["apt-get", "--simulate", "--quiet", "--quiet", "-o", "APT::Autoremove::SuggestsImportant=false"]
    with_ours = run([*simulate, "--auto-remove", "remove", *installed])
    without = run([*simulate, "autoremove"])
    if with_ours[0] != 0 or without[0] != 0:
        return sorted(installed)
    return sorted((_removed(with_ours[1]) - _removed(without[1])) | set(installed))


def _removed(output):
    return set(re.findall(r"^Remv (\S+)", output, re.MULTILINE))
