# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Message classes of IPVS for pyroute2's codec, made from the rows of layout.py.

pyroute2 has a module of its own for IPVS only from 0.8.1 on, and it lacks or spoils much of
what is needed; the codec and the socket below it are the same from 0.7.2 on.
"""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._kernel import layout

try:
    from pyroute2.netlink import genlmsg, nla

    PYROUTE2_ERROR = None
except ImportError as error:
    genlmsg = nla = object
    PYROUTE2_ERROR = error


def _map(prefix, rows):
    """The nla_map of pyroute2: (name with prefix, kind) per row, numbered from 0."""
    return tuple((prefix + name, kind) for name, kind in rows)


class IpvsMessage(genlmsg):
    """A request to IPVS, or an answer to anything but GET_INFO."""

    prefix = "IPVS_CMD_ATTR_"
    nla_map = _map("IPVS_CMD_ATTR_", layout.COMMAND)

    class service(nla):
        nla_map = _map("IPVS_SVC_ATTR_", layout.SERVICE)

    class dest(nla):
        nla_map = _map("IPVS_DEST_ATTR_", layout.DEST)

    class daemon(nla):
        nla_map = _map("IPVS_DAEMON_ATTR_", layout.DAEMON)


class IpvsInfoMessage(genlmsg):
    """The answer to GET_INFO: version and size of the connection table."""

    prefix = "IPVS_INFO_ATTR_"
    nla_map = _map("IPVS_INFO_ATTR_", layout.INFO)
