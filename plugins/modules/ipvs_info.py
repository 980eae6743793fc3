#!/usr/bin/python
# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel's IPVS table, its statistics, sync daemons and timeouts."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ipvs_info
short_description: Read the kernel's IPVS table, statistics, sync daemons and timeouts
version_added: 0.1.0
author:
  - The lvs.cluster contributors (@lvs-cluster)
description:
  - Reads what the kernel's IP Virtual Server has, directly from the kernel.
  - The services come in exactly the form that M(lvs.cluster.ipvs_services) takes,
    so that what was read can be given back. Counters, which change all the time, stand apart.
  - Where the kernel module C(ip_vs) is not loaded, the lists are empty, and timeouts and information V(null). It is not loaded for that.
extends_documentation_fragment:
  - lvs.cluster.ipvs_attributes
  - lvs.cluster.attributes.reading
options:
  gather:
    description:
      - What to read.
      - V(services) is the table; V(statistics) the counters and rates of its services and destinations;
        V(sync_daemons) the running connection sync daemons; V(timeouts) those of connections;
        V(information) the version of IPVS and the size of its connection table.
    type: list
    elements: str
    choices: [services, statistics, sync_daemons, timeouts, information]
    default: [services, statistics, sync_daemons, timeouts, information]
seealso:
  - name: ipvsadm
    description: The kernel's own tool for the same table.
    link: https://manpages.debian.org/ipvsadm
"""

EXAMPLES = r"""
- name: Read everything
  lvs.cluster.ipvs_info:
  register: ipvs

- name: Read the table alone
  lvs.cluster.ipvs_info:
    gather: [services]
  register: table

- name: Show the weight of every real server
  ansible.builtin.debug:
    msg: "{{ table.services | map(attribute='destinations') | flatten | items2dict(key_name='address', value_name='weight') }}"
"""

RETURN = r"""
services:
  description:
    - The virtual services, sorted, firewall marks first.
    - Keys that do not apply are there and V(null).
  returned: if asked for in O(gather)
  type: list
  elements: dict
  sample:
    - protocol: tcp
      address: 192.0.2.100
      port: 80
      firewall_mark: null
      family: ipv4
      scheduler: wlc
      scheduler_flags: []
      persistence_timeout: 300
      persistence_netmask: 255.255.255.255
      persistence_engine: null
      one_packet: false
      destinations:
        - address: 10.0.0.11
          port: 80
          forward: nat
          weight: 100
          upper_threshold: 0
          lower_threshold: 0
          tunnel_type: null
          tunnel_port: null
          tunnel_checksum: null
  contains:
    protocol:
      description: V(tcp), V(udp) or V(sctp); V(null) for a firewall mark.
      type: str
    address:
      description: The virtual address; V(null) for a firewall mark.
      type: str
    port:
      description: The port, 0 for all ports of a persistent service; V(null) for a firewall mark.
      type: int
    firewall_mark:
      description: The mark of the packets that the service takes, instead of protocol, address and port.
      type: int
    family:
      description: V(ipv4) or V(ipv6).
      type: str
    scheduler:
      description: The scheduler.
      type: str
    scheduler_flags:
      description: The flags of the scheduler, in ipvsadm's words.
      type: list
      elements: str
    persistence_timeout:
      description: Seconds for which a client stays with its real server; V(null) without persistence.
      type: int
    persistence_netmask:
      description: The mask by which clients are taken together, for IPv4 as an address, for IPv6 as a prefix length.
      type: str
    persistence_engine:
      description: The persistence engine, such as V(sip).
      type: str
    one_packet:
      description: Whether every UDP packet is scheduled for itself.
      type: bool
    destinations:
      description: The real servers of the service, sorted by address and port.
      type: list
      elements: dict
      contains:
        address:
          description: The address of the real server.
          type: str
        port:
          description: The port of the real server.
          type: int
        forward:
          description: V(nat), V(direct) or V(tunnel).
          type: str
        weight:
          description: The weight. With 0 it gets no new connections.
          type: int
        upper_threshold:
          description: The number of connections from which on it gets no new ones; 0 is no limit.
          type: int
        lower_threshold:
          description: The number of connections below which it gets new ones again; 0 means three quarters of the upper one.
          type: int
        tunnel_type:
          description: V(ipip), V(gue) or V(gre) where O(ignore:forward) is V(tunnel), else V(null).
          type: str
        tunnel_port:
          description: The UDP port of a V(gue) tunnel.
          type: int
        tunnel_checksum:
          description: V(nocsum), V(csum) or V(remcsum) of a V(gue) or V(gre) tunnel.
          type: str
statistics:
  description: Counters and rates, 64 bits wide, of the same services in the same order.
  returned: if asked for in O(gather)
  type: list
  elements: dict
  contains:
    protocol:
      description: As in RV(services).
      type: str
    address:
      description: As in RV(services).
      type: str
    port:
      description: As in RV(services).
      type: int
    firewall_mark:
      description: As in RV(services).
      type: int
    family:
      description: As in RV(services).
      type: str
    statistics:
      description:
        - Totals C(connections), C(packets_in), C(packets_out), C(bytes_in), C(bytes_out), and the rates
          C(connections_per_second), C(packets_in_per_second), C(packets_out_per_second),
          C(bytes_in_per_second), C(bytes_out_per_second).
      type: dict
    destinations:
      description:
        - Address, port and C(statistics) of each destination, and the connections that it has now in
          C(active_connections), C(inactive_connections) and C(persistent_connections).
      type: list
      elements: dict
  sample:
    - protocol: tcp
      address: 192.0.2.100
      port: 80
      firewall_mark: null
      family: ipv4
      statistics:
        connections: 12
        packets_in: 72
        packets_out: 60
        bytes_in: 5112
        bytes_out: 9048
        connections_per_second: 3
        packets_in_per_second: 18
        packets_out_per_second: 15
        bytes_in_per_second: 1278
        bytes_out_per_second: 2262
      destinations: []
sync_daemons:
  description: The running connection sync daemons, at most one V(master) and one V(backup).
  returned: if asked for in O(gather)
  type: list
  elements: dict
  contains:
    state:
      description: V(master) sends connections, V(backup) receives them.
      type: str
    interface:
      description: The interface on which it does so.
      type: str
    sync_id:
      description: The number that sender and receiver share.
      type: int
    max_length:
      description: The largest sync message in bytes.
      type: int
    group:
      description: The multicast address.
      type: str
    port:
      description: The UDP port.
      type: int
    ttl:
      description: The time to live of the messages.
      type: int
  sample:
    - state: backup
      interface: eth1
      sync_id: 17
      max_length: 1472
      group: 224.0.0.81
      port: 8848
      ttl: 1
timeouts:
  description: Seconds after which idle connections are forgotten.
  returned: if asked for in O(gather)
  type: dict
  contains:
    tcp:
      description: An established TCP connection.
      type: int
    tcp_fin:
      description: A TCP connection after its FIN.
      type: int
    udp:
      description: A UDP connection.
      type: int
  sample:
    tcp: 900
    tcp_fin: 120
    udp: 300
information:
  description: The version of IPVS and the size of its connection table.
  returned: if asked for in O(gather)
  type: dict
  contains:
    version:
      description: The version.
      type: str
    connection_table_size:
      description: The number of hash buckets of the connection table.
      type: int
  sample:
    version: 1.2.1
    connection_table_size: 4096
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.ipvs_info import ARGUMENT_SPEC
from ansible_collections.lvs.cluster.plugins.module_utils._module.ipvs_info import run_module


def main():
    run_module(AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True))


if __name__ == "__main__":
    main()
