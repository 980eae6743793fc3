# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""dns: a query is answered without an error."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import PORT, Check, ConnectingType, Target
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block, word
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Choice, Text
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, join, shown

# The types that keepalived 2.2.7 knows (check_dns.c, DNS_TYPE).
QUERY_TYPES = ("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY")
NAME = Text("a domain name such as example.com", pattern=r"\.|[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?", longest=253)


class Dns(ConnectingType):
    name = "dns"
    keyword = "DNS_CHECK"
    asks = "udp"
    summary = "Healthy when a query over UDP is answered with the code NOERROR. An authoritative server refuses names that are not its own: give one that is."
    own: tuple[Field, ...] = (
        Field("query_type", Choice(QUERY_TYPES), "The type of the query.", "SOA"),
        Field("name", NAME, "The name that is asked for; . is the root.", "."),
        PORT,
    )

    def problems(self, check: Check, path: str) -> list[Problem]:
        found = super().problems(check, path)
        if check["name"] is not None and any(len(label) > 63 for label in check["name"].split(".")):
            found.append(Problem(join(path, "name"), "%s has a label of more than 63 characters" % shown(check["name"]), "give a domain name"))
        return found

    def block(self, check: Check, target: Target) -> Block:
        result = super().block(check, target)
        result.add("type " + word(check["query_type"]), "name " + word(check["name"]))
        return result
