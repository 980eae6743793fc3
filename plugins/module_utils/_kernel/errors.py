# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel's error numbers mean, as sentences that name the object and the remedy."""

from __future__ import annotations

import errno
import os


class KernelError(Exception):
    """A request that the kernel, or the way to it, refused.

    str(error) is a full sentence. `code` is the errno or 0; `kind` is one of
    'no_ipvs', 'no_permission', 'no_library', 'refused'.
    """

    def __init__(self, message, code=0, kind="refused"):
        super().__init__(message)
        self.code = code
        self.kind = kind


def no_ipvs():
    return KernelError(
        "this kernel offers no IPVS: the module ip_vs is not loaded and could not be loaded. "
        "Run 'modprobe ip_vs' on the host (in a container: on the machine that runs it), "
        "and see that the kernel has it (CONFIG_IP_VS)",
        errno.ENOENT,
        "no_ipvs",
    )


def no_permission():
    return KernelError(
        "the kernel lets only root (CAP_NET_ADMIN) read and change the IPVS table: run the task with become: true",
        errno.EPERM,
        "no_permission",
    )


def no_library(error):
    return KernelError(
        "the Python library pyroute2 is missing: install the package python3-pyroute2 "
        "(the import said: %s)" % (error,),
        0,
        "no_library",
    )


def _code_name(code):
    return "%s, %s" % (errno.errorcode.get(code, str(code)), os.strerror(code))


def refused(code, what, reasons=None):
    """KernelError for a refused request.

    what: the attempt in words ("add the service tcp 192.0.2.1:80"); reasons: {errno: sentence}.
    """
    if code in (errno.EPERM, errno.EACCES):
        return no_permission()
    known = (reasons or {}).get(code)
    if known:
        return KernelError("cannot %s: %s" % (what, known), code)
    return KernelError("cannot %s: the kernel answered %s" % (what, _code_name(code)), code)
