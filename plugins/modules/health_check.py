#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One health check: is it right, and what does a server say to it."""
from __future__ import annotations

DOCUMENTATION = r"""
module: health_check
short_description: Judge a health check on a router, and ask a server by it once
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Validates a health check as a definition has it, on the router that is to make it. Texts and patterns are compiled,
    certificates are read, and of a check V(external) the program must be there and executable for its user.
  - With O(try=true) a server is asked once, from this router, by the code that lvs-prober uses.
  - A check can be kept in a file, to be tried again by hand with C(/usr/libexec/lvs-cluster/lvs-prober --try FILE).
    lvs-prober itself asks what the definition of the cluster says, and does not read this file.
extends_documentation_fragment:
  - lvs.cluster.attributes
attributes:
  check_mode:
    details:
      - A server is asked in check mode too.
  diff_mode:
    description: Returns the change of the file. What is sent is not shown, as it may hold a password.
    support: full
options:
  name:
    description:
      - The name of the check.
    type: str
    required: true
  state:
    description:
      - V(valid) judges the check and changes nothing. V(present) also keeps a check V(send_expect) in a file, V(absent) removes the file.
    type: str
    choices: [valid, present, absent]
    default: valid
  check:
    description:
      - The check, with its C(type) and the fields of that type, as C(health_check) in a definition.
    type: dict
  address:
    description:
      - The address of the server that is asked.
    type: str
  port:
    description:
      - The port of the server that is asked, unless the check has one.
    type: int
  try:
    description:
      - Ask the server at O(address) once. For the types V(send_expect) and V(external); the others are made by keepalived alone.
      - It is asked as root, so it does not show that lvs-prober may read a certificate.
        A program runs as the unprivileged user as whom keepalived would run it, with the address of the server in place of the virtual one.
    type: bool
    default: false
  script_user:
    description:
      - The user of a check V(external) that names none.
    type: str
    default: keepalived_script
  folder:
    description:
      - Where the file is kept, under the name of the check.
    type: path
    default: /etc/lvs-cluster/checks
"""

EXAMPLES = r"""
- name: Does the check work with this server?
  lvs.cluster.health_check:
    name: redis
    check: {type: send_expect, send: 'PING\r\n', expect: +PONG}
    address: 10.0.0.11
    port: 6379
    try: true
  register: tried
  failed_when: not tried.good
"""

RETURN = r"""
good:
  description: Whether the server was well.
  returned: with O(try=true)
  type: bool
reason:
  description: Why not, in words.
  returned: with O(try=true)
  type: str
  sample: no answer within 2 s; waited for "+PONG"
latency_ms:
  description: Milliseconds that it took.
  returned: with O(try=true)
  type: float
said:
  description: What a program wrote.
  returned: with O(try=true), for a check V(external)
  type: str
type:
  description: The type of the check.
  returned: unless O(state=absent)
  type: str
rendered:
  description: What keepalived is told of it.
  returned: when O(address) is given
  type: str
file:
  description: The file.
  returned: with O(state=present) and O(state=absent)
  type: str
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.health_check import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
