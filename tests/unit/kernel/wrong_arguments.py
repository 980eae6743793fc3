# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong arguments of ipvs_services: (services, the path that must be named, a word of the message)."""

from __future__ import annotations

AT = {"address": "192.0.2.1", "port": 80}
AT6 = {"address": "2001:db8::1", "port": 80}
MARK = {"firewall_mark": 7}


def service(**keys):
    return [dict(AT, **keys)]


def destination(naming=None, **keys):
    return [dict(naming or AT, destinations=[{"address": "10.0.0.1"}, dict({"address": "10.0.0.2"}, **keys)])]


FIRST = "services[0]"
ROW = "services[0].destinations[1]"
WRONG = [
    (["tcp 192.0.2.1:80"], FIRST, "not a mapping"),
    ([{"port": 80}], FIRST + ".address", "missing"),
    ([{"address": "192.0.2.1"}], FIRST + ".port", "missing"),
    ([{}], FIRST + ".address", "firewall_mark"),
    (service(adress="192.0.2.1"), FIRST + ".adress", "did you mean address"),
    (service(sheduler="rr"), FIRST + ".sheduler", "did you mean scheduler"),
    (service(address="192.0.2.300"), FIRST + ".address", "not an IP address"),
    (service(address="www.example.com"), FIRST + ".address", "not an IP address"),
    (service(address="192.0.2.1/32"), FIRST + ".address", "prefix length"),
    (service(address="[2001:db8::1]"), FIRST + ".address", "brackets"),
    (service(address="192.0.2.1:80"), FIRST + ".address", "port"),
    (service(address="224.0.0.1"), FIRST + ".address", "unicast"),
    (service(address="0.0.0.0"), FIRST + ".address", "unicast"),
    (service(address="ff02::1"), FIRST + ".address", "unicast"),
    (service(port=65536), FIRST + ".port", "0 to 65535"),
    (service(port=-1), FIRST + ".port", "0 to 65535"),
    (service(port="http"), FIRST + ".port", "whole number"),
    (service(port=80.5), FIRST + ".port", "whole number"),
    (service(port=True), FIRST + ".port", "whole number"),
    (service(port=0), FIRST + ".port", "persistence"),
    (service(protocol="icmp"), FIRST + ".protocol", "tcp, udp or sctp"),
    (service(family="ipv6"), FIRST + ".family", "ipv4"),
    (service(firewall_mark=7), FIRST + ".address", "firewall mark"),
    ([{"firewall_mark": 0}], FIRST + ".firewall_mark", "1 to 4294967295"),
    ([{"firewall_mark": 2**32}], FIRST + ".firewall_mark", "1 to 4294967295"),
    ([dict(MARK, protocol="tcp")], FIRST + ".protocol", "firewall mark"),
    ([dict(MARK, family="inet6")], FIRST + ".family", "ipv6"),
    (service(scheduler="wlcc"), FIRST + ".scheduler", "did you mean wlc"),
    (service(scheduler="fastest"), FIRST + ".scheduler", "rr"),
    (service(scheduler="sh", scheduler_flags=["mh-port"]), FIRST + ".scheduler_flags", "sh-fallback"),
    (service(scheduler_flags=["sh-prot"]), FIRST + ".scheduler_flags[0]", "did you mean sh-port"),
    (service(scheduler_flags=3), FIRST + ".scheduler_flags", "list"),
    (service(persistence_timeout=-5), FIRST + ".persistence_timeout", "0 to"),
    (service(persistence_timeout=2678401), FIRST + ".persistence_timeout", "2678400"),
    (service(persistence_timeout="5 min"), FIRST + ".persistence_timeout", "whole number"),
    (service(persistence_netmask="255.255.255.0"), FIRST + ".persistence_netmask", "without persistence"),
    (service(persistence_timeout=5, persistence_netmask="255.0.255.0"), FIRST + ".persistence_netmask", "IPv4 mask"),
    (service(persistence_timeout=5, persistence_netmask="0.0.0.255"), FIRST + ".persistence_netmask", "IPv4 mask"),
    (service(persistence_timeout=5, persistence_netmask=33), FIRST + ".persistence_netmask", "1 to 32"),
    ([dict(AT6, persistence_timeout=5, persistence_netmask=129)], FIRST + ".persistence_netmask", "1 to 128"),
    ([dict(AT6, persistence_timeout=5, persistence_netmask="255.255.255.0")], FIRST + ".persistence_netmask", "prefix length"),
    (service(persistence_engine="sip"), FIRST + ".persistence_engine", "without persistence"),
    (service(persistence_timeout=5, persistence_engine="s i p"), FIRST + ".persistence_engine", "sip"),
    (service(one_packet=True), FIRST + ".one_packet", "udp"),
    (service(one_packet="maybe"), FIRST + ".one_packet", "true or false"),
    ([AT, AT], "services[1]", "after services[0]"),
    ([AT, dict(AT, protocol="tcp", scheduler="rr")], "services[1]", "tcp 192.0.2.1:80"),
    ([{"address": "2001:DB8::1", "port": 80}, {"address": "2001:db8:0::1", "port": 80}], "services[1]", "after services[0]"),
    (service(destinations="10.0.0.1"), FIRST + ".destinations", "list"),
    (service(destinations=["10.0.0.1"]), FIRST + ".destinations[0]", "not a mapping"),
    (service(destinations=[{"port": 80}]), FIRST + ".destinations[0].address", "missing"),
    (destination(address="10.0.0.1"), ROW, "after services[0].destinations[0]"),
    (destination(address="10.0.0.1", port="80"), ROW, "10.0.0.1:80"),
    (destination(address="10.0.0"), ROW + ".address", "not an IP address"),
    (destination(address="fd00::1"), ROW + ".address", "different families"),
    (destination(address="fd00::1", forward="direct"), ROW + ".address", "forward: tunnel"),
    (destination(address="224.0.0.5"), ROW + ".address", "unicast"),
    (destination(port=70000), ROW + ".port", "0 to 65535"),
    (destination(forward="direct", port=8080), ROW + ".port", "can't change the port 80"),
    (destination(forward="tunnel", port=8080), ROW + ".port", "forward: nat"),
    (destination(forward="masq"), ROW + ".forward", "nat, direct or tunnel"),
    (destination(weight=-1), ROW + ".weight", "0 to 2147483647"),
    (destination(weight=2**31), ROW + ".weight", "0 to 2147483647"),
    (destination(weight="heavy"), ROW + ".weight", "whole number"),
    (destination(wieght=5), ROW + ".wieght", "did you mean weight"),
    (destination(upper_threshold=2**31), ROW + ".upper_threshold", "2147483647"),
    (destination(lower_threshold=5), ROW + ".lower_threshold", "above the upper threshold"),
    (destination(upper_threshold=5, lower_threshold=6), ROW + ".lower_threshold", "raise upper_threshold"),
    (destination(tunnel_type="gue"), ROW + ".tunnel_type", "forward: tunnel"),
    (destination(forward="tunnel", tunnel_type="vxlan"), ROW + ".tunnel_type", "ipip, gue or gre"),
    (destination(forward="tunnel", tunnel_type="gue"), ROW + ".tunnel_port", "missing"),
    (destination(forward="tunnel", tunnel_type="gue", tunnel_port=0), ROW + ".tunnel_port", "1 to 65535"),
    (destination(forward="tunnel", tunnel_port=6080), ROW + ".tunnel_port", "no port"),
    (destination(forward="tunnel", tunnel_checksum="csum"), ROW + ".tunnel_checksum", "ipip"),
    (destination(forward="tunnel", tunnel_type="gre", tunnel_checksum="remcsum"), ROW + ".tunnel_checksum", "nocsum or csum"),
]
