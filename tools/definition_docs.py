# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes docs/definition.md from the table of fields. Run it with the collection's tree on PYTHONPATH:
``PYTHONPATH=.build/tree python tools/definition_docs.py``. A test holds that it was run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ansible_collections.lvs.cluster.plugins.module_utils._model import heartbeat, schema
from ansible_collections.lvs.cluster.plugins.module_utils._model.containers import ListOf, MappingOf, Record
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "definition.md"

HEAD = """\
<!-- Made by tools/definition_docs.py from plugins/module_utils/_model/schema.py: change it there. -->
# The cluster definition

One variable, `lvs_cluster`, describes a whole cluster. Put it into `group_vars` of a group that holds all hosts of the
cluster; hosts come from groups of the inventory. Several clusters may live in one inventory, each in its own group;
hosts without the variable are left alone.

The shortest one (`inventories/minimal`):

```yaml
{minimal}```

`ansible-playbook -i INVENTORY playbooks/show.yml` validates all clusters and shows them with everything that was
derived; it connects to no host. Everything that is wrong is reported at once, each with its path and with what would
be right. A field that is marked *later* is defined, but not implemented yet, and refused.
An example of nearly everything: `inventories/complete`.

Durations are in seconds. A value that is left out or `null` takes its default.
"""

DERIVED = """\
## What is derived, and how

- **Virtual router ids** come from the names of the cluster and the network (SHA-256, to the range 1 to 255), so they are
  the same on every run. Two clusters on one network may get the same one, 1 time in 255: that is refused, with the
  remedy to set `virtual_router_id` in one of them. Networks with the same cidr count as one segment. VRRP routers that
  are not in the inventory can't be known: set `virtual_router_id` where there are some.
- **The sync id** comes from the cluster's name in the same way.
- **Priorities**: {priorities} in the order of the routers.
- **The dead time** is (missed heartbeats + skew) × interval, where the skew is (256 − priority of the backup) / 256 =
  {skew:.3f}. Without `dead_time` three heartbeats are missed: {default:g} s at an interval of 1 s. With it, the fewest
  heartbeats are taken whose dead time is not below what is asked for, from {lowest} to {highest}; what comes out is shown.
  Possible are {least:g} to {most:g} times the interval.
- **Interfaces and addresses** of routers and real servers come from their facts: the address that is inside the network.
  An address with the network's own prefix goes before others; of several on one interface the first is taken; several
  interfaces are an error. Link-local IPv6 addresses don't count.
- **Labels** are the VIP's number in its network (`eth0:100` for 192.0.2.100 in 192.0.2.0/24), so that a new VIP changes
  no other's; a floating gateway has `gw`. Interface, colon and label have at most 15 characters: a derived label that
  does not fit is left out, one that you name is an error.
- **An IPv6 twin** (`address6`) is a second virtual server named `NAME.ipv6`, with the real servers' IPv6 addresses. IPv6 VIPs move with
  the IPv4 ones: the heartbeat is IPv4 alone. They have no labels.
- **Firewall marks** (`firewall_mark: auto`, several `ports`) come from the names of the cluster and the virtual server, from 480001 to
  545535; both families of one have the same. nftables on the routers sets them, in a table of the cluster's own.
- **Kernel modules and sysctls** of the routers follow from schedulers, engines and networks: among them `net.ipv4.vs.conntrack`, 1 for
  `ftp` with `nat` and else 0, and forwarding of IPv6 with `accept_ra=2`, so that routers keep the default route of their own router.
- **The health check** of a virtual server is put together from its own `health_check`, the cluster's, and the type's
  defaults. Without a type it follows from the protocol and port; see health_checks.md. What all types have (interval,
  timeout, …) is taken from the cluster's even if the type is another one.

## What is refused as a whole

Overlapping networks; a VIP outside its network, or that is a network, broadcast, router's, real server's or gateway
address; two services on one address, port and protocol; a network with floating addresses and no heartbeat; a router
that is a real server too; real servers in the VIP's own network where that has no gateway (their answers would go past
the router; clients inside the real servers' network are never served by NAT, which can't be seen in the definition: `playbooks/show.yml` says so);
a port change with direct routing or a tunnel, where the kernel has none; real servers without an address of the VIP's family, unless a tunnel
carries one in the other and `connection_sync` is off, as the kernel refuses both together; all ports without persistence;
a quorum that the pool can't reach; a sorry server that is the VIP or a real server; between clusters: the same name
with different content, a virtual router id or sync id on one network, a VIP, a router.
With `heartbeat: none`: two routers, and whatever needs keepalived or a second router (health checks, sorry servers,
quorums, connection sync, virtual router ids); see [single_router.md](single_router.md).
"""


def document() -> str:
    parts = [HEAD.format(minimal=_minimal())]
    parts += _section("`lvs_cluster`", "", schema.CLUSTER)
    parts.append(
        DERIVED.format(
            priorities=" and ".join(map(str, heartbeat.PRIORITIES)),
            skew=heartbeat.skew(heartbeat.PRIORITIES[1]),
            default=heartbeat.dead_time(heartbeat.DEFAULT_ADVERTS, 1.0),
            lowest=heartbeat.ADVERTS[0],
            highest=heartbeat.ADVERTS[1],
            least=heartbeat.dead_time(heartbeat.ADVERTS[0], 1.0),
            most=heartbeat.dead_time(heartbeat.ADVERTS[1], 1.0),
        )
    )
    return "\n".join(parts)


def _minimal() -> str:
    text = (ROOT / "inventories" / "minimal" / "group_vars" / "lvs.yml").read_text(encoding="utf-8")
    return text.replace("---\n", "", 1)


def _section(title: str, doc: str, fields: Iterable[Field]) -> list[str]:
    """The table of a mapping, then those of the mappings inside it, each record once."""
    fields = list(fields)
    lines = ["## " + title, ""]
    if doc:
        lines += [doc, ""]
    lines += ["| field | value | default | meaning | lvs.cf | ipvsadm |", "|---|---|---|---|---|---|"]
    lines += [_row(field) for field in fields if field.implemented]
    lines.append("")
    later = [field for field in fields if not field.implemented]
    if later:
        lines += ["*Later:* " + "; ".join("`%s` (%s%s)" % (f.name, f.doc[0].lower() + f.doc[1:].rstrip("."), _old(f)) for f in later) + ".", ""]
    parts = ["\n".join(lines)]
    for field in fields:
        inner = _record(field.type)
        if field.implemented and inner and field.name != "pools":
            prefix = "" if title == "`lvs_cluster`" else title.strip("`") + "."
            parts += _section("`%s%s`" % (prefix, field.name + _suffix(field.type)), field.doc, inner.fields)
    return parts


def _old(field: Field) -> str:
    terms = [name for name in (field.lvs_cf and "lvs.cf " + field.lvs_cf, field.ipvsadm and "ipvsadm " + field.ipvsadm) if name]
    return "; " + ", ".join(terms) if terms else ""


def _record(kind: Any) -> Record | None:
    while isinstance(kind, (ListOf, MappingOf)):
        kind = kind.item
    return kind if isinstance(kind, Record) else None


def _suffix(kind: Any) -> str:
    return "[]" if isinstance(kind, ListOf) else ".NAME" if isinstance(kind, MappingOf) else ""


def _row(field: Field) -> str:
    if field.required:
        default = "**required**"
    elif field.derived:
        default = field.derived
    elif isinstance(field.default, dict):
        default = "its fields' defaults" if field.default else "none"
    elif field.default is None:
        default = "none"
    else:
        default = "`%s`" % (
            str(field.default).lower() if isinstance(field.default, bool) else "%g" % field.default if isinstance(field.default, float) else field.default
        )
    words = field.type.words + ("; later: " + ", ".join(field.type.later) if getattr(field.type, "later", ()) else "")
    cells = ["`%s`" % field.name, words, default, field.doc, field.lvs_cf, field.ipvsadm]
    return "| %s |" % " | ".join(cell.replace("|", "\\|") for cell in cells)


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(document(), encoding="utf-8")
