# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""send_expect: a dialogue over TCP, TLS or UDP. lvs-prober holds it; keepalived watches the file with the verdict (FILE_CHECK)."""

from __future__ import annotations

from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import INTERVAL, PORT, TIMEOUT, Check, CheckType, Target
from ansible_collections.lvs.cluster.plugins.module_utils._checks.kinds import Dialogue, FilePath, SentWire, Wire
from ansible_collections.lvs.cluster.plugins.module_utils._checks.probes import identity
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import Block
from ansible_collections.lvs.cluster.plugins.module_utils._model.fields import Field
from ansible_collections.lvs.cluster.plugins.module_utils._model.kinds import Boolean, Choice, Integer, Seconds, Text
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Problem, join
from ansible_collections.lvs.cluster.plugins.module_utils._prober.dialogue import MATCHES, pattern

TRANSPORTS = ("tcp", "tls", "udp")
OVER_TLS = ("sni", "verify", "ca", "certificate", "key")
NETWORK = Text("the name of a network such as private", pattern=r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
HOST = Text("a host name such as www.example.com", pattern=r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class SendExpect(CheckType):
    name = "send_expect"
    asks = "tcp"
    timed = False  # its own times, see below
    summary = (
        "Healthy when a dialogue goes as it should: text is sent, and what comes back is what is expected. "
        "It is held by lvs-prober, a daemon that the collection installs on the routers where a definition needs it."
    )
    own: tuple[Field, ...] = (
        Field("transport", Choice(TRANSPORTS), "How the server is reached.", "tcp"),
        Field("send", SentWire(), r"What is sent: \r \n \t \0 \xNN and \\ are escapes, %h and %p the real server's address and port.", lvs_cf="send"),
        Field("expect", Wire(), "What must come back.", lvs_cf="expect"),
        Field("match", Choice(MATCHES), "Whether the answer begins with it, contains it, or a regular expression (Python's) is found in it.", "prefix"),
        Field("dialogue", Dialogue(), "Several steps, in place of send and expect: a list of `send: text` and `expect: text`, with a `match` of its own."),
        PORT,
        Field("source_network", NETWORK, "The network whose address of the router the questions come from.", derived="as the router's routes have it"),
        Field("limit", Integer(1, 1048576), "An answer of more bytes than this, without what is expected, has failed.", 16384),
        Field("interval", Seconds(0.1, 3600), "Seconds from the start of a check to the start of the next one.", INTERVAL),
        Field("timeout", Seconds(0.05, 600), "Seconds that the whole dialogue may take; at most the interval.", TIMEOUT, lvs_cf="timeout"),
        Field("connect_timeout", Seconds(0.05, 600), "Seconds until the connection (and TLS) must stand.", derived="the timeout"),
        Field("warmup", Seconds(0, 3600), "The first check comes after a random time of at most so many seconds.", derived="the interval"),
        Field("fall", Integer(1, 100), "After so many failures in a row the server is taken out.", 2),
        Field("rise", Integer(1, 100), "After so many successes in a row it comes back.", 1),
        Field("reentry_delay", Seconds(0, 86400), "Seconds for which it must have been well before it comes back.", 0, lvs_cf="reentry"),
        Field("slow_start", Seconds(0, 3600), "Seconds in which the weight of a server that is back grows from a tenth to the whole.", 0),
        Field("start", Choice(("up", "down")), "What a server counts as until its first check; after a reboot of the router.", "up"),
        Field("sni", HOST, "tls: the name for the handshake (server name indication), and the one that the certificate must hold.", derived="none"),
        Field("verify", Boolean(), "tls: the certificate must be valid, and for that name when there is one.", derived="true when ca or sni is given"),
        Field("ca", FilePath(), "tls: the certificates of the authorities that are trusted, on the routers.", derived="those of the system"),
        Field("certificate", FilePath(), "tls: the certificate with which the router shows who it is; readable for the group lvs-prober.", derived="none"),
        Field("key", FilePath(), "tls: the certificate's key; readable for the group lvs-prober and nobody else.", derived="in the certificate's file"),
    )

    def complete(self, check: Check) -> Check:
        done = dict(check)
        for key, source in (("connect_timeout", "timeout"), ("warmup", "interval")):
            if done[key] is None:
                done[key] = done[source]
        if done["verify"] is None:
            done["verify"] = done["transport"] == "tls" and bool(done["ca"] or done["sni"])
        if not done["dialogue"]:
            done["dialogue"] = [{key: done[key]} for key in ("send", "expect") if done[key] is not None]
            done["send"] = done["expect"] = None
        return done

    def problems(self, check: Check, path: str) -> list[Problem]:
        found = []
        steps = check["dialogue"] or [{"expect": check["expect"]}]
        if check["dialogue"] and (check["send"] or check["expect"]):
            found.append(Problem(join(path, "dialogue"), "stands beside send or expect", "give one or the other"))
        elif not any(step.get("expect") for step in steps):
            found.append(Problem(join(path, "expect"), "is missing: any server that can be reached would be healthy", "give it, or type: tcp"))
        for number, step in enumerate(steps):
            if step.get("expect"):
                where = join(join(path, "dialogue"), number) if check["dialogue"] else join(path, "expect")
                found += _compiled(step.get("match") or check["match"], step["expect"], where)
        for shorter, longer in (("timeout", "interval"), ("connect_timeout", "timeout")):
            if None not in (check[shorter], check[longer]) and check[shorter] > check[longer]:
                message = "%g s is longer than the %s of %g s" % (check[shorter], longer, check[longer])
                found.append(Problem(join(path, shorter), message, "give at most that, or a longer " + longer))
        if check["transport"] != "tls":
            found += [Problem(join(path, key), "means nothing without TLS", "give transport: tls") for key in OVER_TLS if check[key]]
        elif check["key"] and not check["certificate"]:
            found.append(Problem(join(path, "key"), "stands without a certificate", "give certificate"))
        elif check["ca"] and check["verify"] is False:
            found.append(Problem(join(path, "ca"), "is not looked at with verify: false", "leave one of them out"))
        return found

    def block(self, check: Check, target: Target) -> Block:
        return Block("FILE_CHECK", ["track_file " + identity(check, target.real_server, target.real_address, target.real_port)])


def _compiled(match: str, text: str, path: str) -> list[Problem]:
    try:
        pattern(match, text)
    except ValueError as error:
        return [Problem(path, str(error), "correct it")]
    return []
