# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carry out planned operations on the kernel's table, in batches; and zero its counters."""

from __future__ import annotations

import errno

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import errors, layout, packing
from ansible_collections.lvs.cluster.plugins.module_utils._model import table

# What somebody else's change at the same time looks like. Of scheduler and engine, see _reasons.
CONFLICTS = {
    ("add", False): (errno.EEXIST,),
    ("edit", False): (errno.ESRCH,),
    ("delete", False): (errno.ESRCH,),
    ("add", True): (errno.EEXIST, errno.ESRCH),
    ("edit", True): (errno.ENOENT, errno.ESRCH),
    ("delete", True): (errno.ENOENT, errno.ESRCH),
}


class Failure:
    """One operation that the kernel refused. `conflict`: because somebody changed the table meanwhile."""

    def __init__(self, operation, code):
        self.operation = operation
        self.code = code
        self.conflict = code in CONFLICTS[operation.action, operation.destination is not None]

    def __str__(self):
        return str(errors.refused(self.code, describe(self.operation), _reasons(self.operation)))


def describe(operation):
    """'add the destination 10.0.0.1:80 to tcp 192.0.2.1:80', for messages."""
    name = table.service_name(operation.service)
    row = operation.destination
    if row is None:
        return "%s the service %s" % ({"edit": "change"}.get(operation.action, operation.action), name)
    words = {"add": "add the destination %s to %s", "edit": "change the destination %s of %s"}
    text = words.get(operation.action, "delete the destination %s of %s")
    return text % (table.endpoint(row["address"], row["port"]), name)


def _reasons(operation):
    """{errno: sentence} of one operation."""
    service, row = operation.service, operation.destination
    meanwhile = "somebody else changed the table at the same time"
    if row is None:
        module = "ip_vs_" + service["scheduler"]
        missing = "this kernel has no scheduler %s (module %s" % (service["scheduler"], module)
        if service["persistence_engine"]:
            missing += "), or no persistence engine %s (module ip_vs_pe_%s" % ((service["persistence_engine"],) * 2)
        return {
            errno.EEXIST: "it is there already; " + meanwhile,
            errno.ESRCH: "it is gone; " + meanwhile,
            errno.ENOENT: missing + "): 'modprobe %s' would say why it can't be loaded" % module,
            errno.EAFNOSUPPORT: "this kernel has no IPv6",
        }
    return {
        errno.EEXIST: "it is there already; " + meanwhile,
        errno.ESRCH: "the service is gone; " + meanwhile,
        errno.ENOENT: "it is gone; " + meanwhile,
        errno.EINVAL: _invalid(service, row),
        errno.EAFNOSUPPORT: "this kernel has no IPv6",
        errno.ERANGE: "weight or thresholds are out of the kernel's range",
        errno.EOPNOTSUPP: "this kernel does not know this way of forwarding",
    }


def _invalid(service, row):
    """EINVAL of a destination, most likely reason first."""
    if table.family_of(row["address"]) != service["family"]:
        return "it is of the other address family, which works only with forward: tunnel and without a sync daemon"
    return (
        "the kernel does not take %s for the address of one host: it is a broadcast address here, "
        "or this machine has no route to it and no address of its family yet" % row["address"]
    )


def execute(connection, operations):
    """Carry out the operations in order; returns [Failure]. Those after a failed one are tried all the same."""
    failed = connection.send(packing.requests(operations))
    return [Failure(operations[place], code) for place, code in failed]


def roots(failures):
    """The failures without those that only follow from another (destinations of a service that was not added)."""
    lost = {
        table.service_key(failure.operation.service)
        for failure in failures
        if failure.operation.destination is None and failure.operation.action == "add"
    }
    return [
        failure
        for failure in failures
        if failure.operation.destination is None
        or failure.code != errno.ESRCH
        or table.service_key(failure.operation.service) not in lost
    ]


def zero(connection, service=None):
    """Set the counters of a service (its naming keys suffice), or of all, to zero."""
    payload = packing.nested(1, packing.service_name(service)) if service else b""
    for _place, code in connection.send([(layout.ZERO, payload)]):
        raise errors.refused(code, "zero the counters", {errno.ESRCH: "there is no such service"})


def flush(connection):
    """Empty the table."""
    for _place, code in connection.send([(layout.FLUSH, b"")]):
        raise errors.refused(code, "empty the table")
