#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a router is whole, seen from itself."""
from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_state_info
short_description: Read the live state of a cluster on one of its routers
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Reads what M(lvs.cluster.router_info) reads, and what tells whether the pair of routers is whole; the heartbeat on each of its
    networks, the peers there, the connection sync daemons, restarts, and what the prober says of itself.
  - Nothing is read from notes that someone wrote at the last failover. Adverts are counted by keepalived; peers are asked by ARP.
  - Takes as long as it takes to hear one advert on each network, at most four intervals (one second at least), and never more than 30 s.
requirements:
  - pyroute2 0.7.2 or later (package C(python3-pyroute2)).
extends_documentation_fragment:
  - lvs.cluster.attributes.reading
options:
  path:
    description:
      - The configuration file of keepalived, for its checksum.
    type: path
    default: /etc/keepalived/keepalived.conf
  cluster:
    description:
      - The resolved cluster. When it is given, O(paths) and O(interval) follow from it, and the result says in RV(alarms) what is
        wrong with this router, seen alone.
    type: dict
  paths:
    description:
      - The networks of the heartbeat.
    type: list
    elements: dict
    default: []
    suboptions:
      network:
        description: Its name.
        type: str
        required: true
      interface:
        description: This router's interface there.
        type: str
        required: true
      instance:
        description: The VRRP instance of that network.
        type: str
        required: true
      address:
        description: This router's own address there.
        type: str
        required: true
      peers:
        description: The address of each other router there, by its name.
        type: dict
        default: {}
  interval:
    description:
      - Seconds between two adverts.
    type: float
    default: 1.0
"""

EXAMPLES = r"""
- name: Is this router whole?
  lvs.cluster.cluster_state_info:
    cluster: "{{ resolved_cluster }}"
  register: state

- name: Say what is wrong
  ansible.builtin.debug:
    msg: "{{ state.alarms | map(attribute='what') }}"
"""

RETURN = r"""
keepalived:
  description: As M(lvs.cluster.router_info) returns it; so are C(instances), C(addresses), C(services), C(restoration) and C(configuration_sha256).
  returned: success
  type: dict
  sample: {running: true, state: active, pid: 812, started_at: 1790000000.5, seconds_since_start: 86400.2}
heartbeats:
  description: >-
    Each network of the heartbeat. C(hears) says whether adverts come in; it is null on the active router, which hears none, and
    where the interval is too long to wait for. C(sends) says of the active router whether its adverts go out.
    C(peers) says which of the others answer ARP there.
  returned: success
  type: dict
  sample:
    public: {interface: eth0, instance: web_public, state: backup, carrier: true, hears: true, sends: null, peers: {r1: true}}
sync_daemons:
  description: The running daemons of connection synchronisation, as M(lvs.cluster.ipvs_info) returns them.
  returned: success
  type: list
  elements: dict
units:
  description: >-
    systemd's units C(keepalived), C(lvs-prober) and C(lvs-guard), those that are there; how often systemd has restarted them since they
    were started by hand, or C(systemctl reset-failed) took note of it.
  returned: success
  type: dict
  sample: {keepalived: {state: active, restarts: 0, seconds_since_start: 86400.2}}
preferred:
  description: Whether the playbook C(failover) has made this router the one that is to be active.
  returned: success
  type: bool
prober:
  description: What the prober says of itself, and how many seconds ago it did. Null where there is none.
  returned: success
  type: dict
read_at:
  description: The router's clock, in seconds since 1970.
  returned: success
  type: float
alarms:
  description: >-
    What is wrong with this router. C(severity) is V(critical), V(warning) or V(notice); C(alarm) is a word for programs.
  returned: when O(cluster) is given
  type: list
  elements: dict
  sample:
    - severity: warning
      alarm: heartbeat_lost
      where: r2
      what: it hears no heartbeat on the network public
      remedy: "see whether VRRP (IP protocol 112) passes there: cable, switch, firewall"
"""

from ansible_collections.lvs.cluster.plugins.module_utils._module.cluster_state_info import run_module


def main():
    run_module()


if __name__ == "__main__":
    main()
