# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vrrp_instance blocks, one per network with heartbeat, and the vrrp_sync_group that keeps them together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ansible_collections.lvs.cluster.plugins.module_utils._keepalived import fitness, hand_over, notify
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.layout import Layout
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, RenderError, seconds, word

LONGEST_LABEL = 15  # IFNAMSIZ - 1


class Vip(NamedTuple):
    """An address as it stands on a router: on which interface, under which label."""

    address: str
    prefix: int
    interface: str
    label: str | None

    def line(self) -> str:
        text = "%s/%d dev %s" % (word(self.address), self.prefix, word(self.interface))
        return text + " label " + word(self.label) if self.label else text


def instance_networks(cluster: Mapping[str, Any]) -> list[str]:
    """The networks that have an instance, in the order of the definition."""
    names = [name for name in cluster["networks"] if name in cluster["heartbeat"]["networks"]]
    if not names:
        raise RenderError("no network of the cluster %s carries the heartbeat" % cluster["name"])
    return names


def instance_name(cluster: Mapping[str, Any], network: str) -> str:
    return "%s_%s" % (cluster["name"], network)


def anchor(virtual_router_id: int) -> str:
    """The address that an instance without VIPs of its own announces: version 3 must announce one (RFC 5798, 5.2.9).

    Link-local, from the virtual router id, so that it is the same on both routers and leaves the network alone.
    """
    return "169.254.%d.1" % virtual_router_id


def signal_anchor(cluster: Mapping[str, Any], router: Mapping[str, Any]) -> Vip:
    signal = cluster["heartbeat"]["hand_over"]
    return Vip(anchor(signal["virtual_router_id"]), 32, router["networks"][signal["network"]]["interface"], None)


def vips_of(cluster: Mapping[str, Any], router: Mapping[str, Any]) -> dict[str, list[Vip]]:
    """Instance's network -> its addresses on this router, when it is the active one.

    The first is the instance's anchor, the only one that the adverts name.
    The VIPs of a network without heartbeat go with the first instance; the sync group keeps all together anyway.
    """
    names = instance_networks(cluster)
    result: dict[str, list[Vip]] = {name: [] for name in names}
    # IPv6 never first: one instance announces one family, and the heartbeat is IPv4; the others move along with the first.
    ordered = sorted(cluster["vips"], key=lambda vip: (vip["network"] not in names, vip["family"]))
    for vip in ordered:
        interface = vip["device"] or router["networks"][vip["network"]]["interface"]
        label = None if vip["label"] is None else "%s:%s" % (interface, vip["label"])
        if label and len(label) > LONGEST_LABEL:
            raise RenderError("the label %s of %s has more than %d characters" % (label, vip["address"], LONGEST_LABEL))
        network = vip["network"] if vip["network"] in names else names[0]
        result[network].append(Vip(vip["address"], vip["prefix"], interface, label))
    for name in names:
        if not any(vip["network"] == name and vip["family"] == 4 for vip in cluster["vips"]):
            result[name].insert(0, Vip(anchor(cluster["networks"][name]["virtual_router_id"]), 32, router["networks"][name]["interface"], None))
    return result


def addresses(cluster: Mapping[str, Any], router: Mapping[str, Any]) -> list[Vip]:
    """Every address that keepalived may put on this router: what a clean-up after a crash has to take off."""
    found = [vip for vips in vips_of(cluster, router).values() for vip in vips]
    return found + [signal_anchor(cluster, router)] if hand_over.wanted(cluster) else found


def own_anchor(cluster: Mapping[str, Any], router: Mapping[str, Any]) -> str:
    """An address that this router has whenever it is the active one."""
    return vips_of(cluster, router)[instance_networks(cluster)[0]][0].address


def link_delays(cluster: Mapping[str, Any], router: Mapping[str, Any]) -> list[Block]:
    """The debounce of the links that the instances follow."""
    links = cluster["heartbeat"]["link_tracking"]
    if not (links["enabled"] and (links["down_delay"] or links["up_delay"])):
        return []
    interfaces = sorted({router["networks"][name]["interface"] for name in instance_networks(cluster)})
    lines = ["%s %s %s" % (word(name), seconds(links["down_delay"]), seconds(links["up_delay"])) for name in interfaces]
    return [Block("interface_up_down_delays", [*lines])]


def sync_group(cluster: Mapping[str, Any], router: Mapping[str, Any], layout: Layout) -> list[Block]:
    """Without it the VIPs and the real servers' gateway could end on different routers. keepalived refuses a group of one."""
    names = instance_networks(cluster)
    if len(names) < 2:
        return []
    members = Block("group", [word(instance_name(cluster, name)) for name in names])
    # Without the keyword the weights of what a group tracks are not counted.
    body = [members, "sync_group_tracking_weight", *hand_over.of_the_group(cluster), *fitness.tracked(cluster), *notify.of_router(cluster, router, layout)]
    return [Block("vrrp_sync_group " + word(cluster["name"]), body)]


def instances(cluster: Mapping[str, Any], router: Mapping[str, Any], layout: Layout) -> list[Block]:
    """One block per network with heartbeat, and the one that says that the first router is back."""
    peers = [other for other in cluster["routers"] if other["host"] != router["host"]]
    if not peers:
        raise RenderError("the cluster %s has no router beside %s: one is needed" % (cluster["name"], router["host"]))
    vips, names = vips_of(cluster, router), instance_networks(cluster)
    # Where there is no group, its lines stand in the only instance.
    alone = [*hand_over.of_the_group(cluster), *fitness.tracked(cluster), *notify.of_router(cluster, router, layout)] if len(names) == 1 else []
    blocks = [_with_vips(cluster, router, peers, name, vips[name], alone) for name in names]
    return blocks + [_signal(cluster, router, peers)] if hand_over.wanted(cluster) else blocks


def _with_vips(
    cluster: Mapping[str, Any], router: Mapping[str, Any], peers: list[Mapping[str, Any]], network: str, vips: list[Vip], more: list[str | Block]
) -> Block:
    number = cluster["networks"][network]["virtual_router_id"]
    body = _common(cluster, router, peers, network, number)
    delay = hand_over.preempt_delay(cluster)
    if not cluster["heartbeat"]["fail_back"]:
        body.append("nopreempt")
    elif delay:
        body.append("preempt_delay %d" % delay)
    body += more
    # Only the anchor is in the adverts; so the others can be changed on one router after the other without two actives.
    body.append(Block("virtual_ipaddress", [vips[0].line()]))
    if vips[1:]:
        body.append(Block("virtual_ipaddress_excluded", [vip.line() for vip in vips[1:]]))
    return Block("vrrp_instance " + word(instance_name(cluster, network)), body)


def _signal(cluster: Mapping[str, Any], router: Mapping[str, Any], peers: list[Mapping[str, Any]]) -> Block:
    network, number = cluster["heartbeat"]["hand_over"]["network"], cluster["heartbeat"]["hand_over"]["virtual_router_id"]
    body = _common(cluster, router, peers, network, number) + hand_over.signal_lines(cluster, router) + fitness.tracked(cluster)
    body.append(Block("virtual_ipaddress", [signal_anchor(cluster, router).line()]))
    return Block("vrrp_instance " + word(hand_over.signal_name(cluster)), body)


def _common(cluster: Mapping[str, Any], router: Mapping[str, Any], peers: list[Mapping[str, Any]], network: str, number: int) -> list[str | Block]:
    heartbeat = cluster["heartbeat"]
    body: list[str | Block] = [
        # Never MASTER: a router that starts waits for the other's adverts, and nopreempt needs it.
        "state BACKUP",
        "interface " + word(router["networks"][network]["interface"]),
        "virtual_router_id %d" % number,
        "priority %d" % router["priority"],
        "advert_int " + seconds(heartbeat["interval"]),
        "down_timer_adverts %d" % heartbeat["down_timer_adverts"],
    ]
    if not heartbeat["link_tracking"]["enabled"]:
        body.append("dont_track_primary")
    if heartbeat["mode"] == "unicast":
        body.append("unicast_src_ip " + word(router["networks"][network]["address"]))
        body.append(Block("unicast_peer", [word(peer["networks"][network]["address"]) for peer in peers]))
    return body
