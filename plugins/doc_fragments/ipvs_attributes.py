# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all modules of the IPVS table have in common in their documentation."""

from __future__ import annotations


class ModuleDocFragment:
    # Every module of the table: requirements, rights, notes.
    DOCUMENTATION = r"""
requirements:
  - Linux with the kernel module C(ip_vs). A module that changes something loads it, reading and check mode do not.
  - pyroute2 0.7.2 or later (package C(python3-pyroute2)). Where the interpreter of the host lacks it,
    the module runs itself again under the system's own interpreter.
notes:
  - Needs root (C(CAP_NET_ADMIN)), so C(become=true).
  - Works in the network namespace of the process; each namespace has an IPVS table of its own.
attributes:
  platform:
    description: The systems on which the module runs.
    platforms: linux
    support: full
"""

    # Modules that write.
    WRITING = r"""
attributes:
  check_mode:
    description: Can run in check mode and return the same as in a real run, without touching anything.
    support: full
  diff_mode:
    description: Returns what has changed, as lines of C(ipvsadm -Sn).
    support: full
"""

    # Modules whose change a keepalived would undo.
    FORCED = r"""
options:
  force:
    description:
      - Change the table even though a keepalived runs in this network namespace. It owns the table then,
        and may undo the change at any time.
    type: bool
    default: false
"""
