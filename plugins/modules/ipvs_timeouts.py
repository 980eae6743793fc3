#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The timeouts of idle connections."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ipvs_timeouts
short_description: Set after how many seconds IPVS forgets idle connections
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Sets the timeouts of IPVS connections, as C(ipvsadm --set) does. What is left out stays as it is.
extends_documentation_fragment:
  - lvs.cluster.ipvs_attributes
  - lvs.cluster.ipvs_attributes.writing
  - lvs.cluster.ipvs_attributes.forced
options:
  tcp:
    description:
      - Seconds of an established TCP connection. 900 in a fresh kernel.
    type: int
  tcp_fin:
    description:
      - Seconds of a TCP connection after its FIN. 120 in a fresh kernel.
    type: int
  udp:
    description:
      - Seconds of a UDP connection. 300 in a fresh kernel.
    type: int
seealso:
  - module: lvs.cluster.ipvs_info
"""

EXAMPLES = r"""
- name: Keep idle TCP connections for two hours
  lvs.cluster.ipvs_timeouts:
    tcp: 7200
"""

RETURN = r"""
before:
  description: The timeouts before, in seconds.
  returned: success
  type: dict
  sample: {tcp: 900, tcp_fin: 120, udp: 300}
after:
  description: The timeouts after, in seconds.
  returned: success
  type: dict
  sample: {tcp: 7200, tcp_fin: 120, udp: 300}
commands:
  description: What was done, as the line that a person would have typed.
  returned: success
  type: list
  elements: str
  sample: [ipvsadm --set 7200 120 300]
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.ipvs_timeouts import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._module.ipvs_timeouts import run_module


def main():
    run_module(AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True))


if __name__ == "__main__":
    main()
