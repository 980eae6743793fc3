# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of the module health_check: judge a check, ask a server once, and behind one gate: keep it or take it away."""
from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import re
import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.lvs.cluster.plugins.module_utils._argspec.health_check import ARGUMENT_SPEC, REQUIRED_IF
from ansible_collections.lvs.cluster.plugins.module_utils._checks import external, probes, registry
from ansible_collections.lvs.cluster.plugins.module_utils._checks.base import Target
from ansible_collections.lvs.cluster.plugins.module_utils._host import commands, files, programs
from ansible_collections.lvs.cluster.plugins.module_utils._keepalived.text import write
from ansible_collections.lvs.cluster.plugins.module_utils._model import health
from ansible_collections.lvs.cluster.plugins.module_utils._model.problems import Report
from ansible_collections.lvs.cluster.plugins.module_utils._prober import attempt, config, dialogue

ASKED_HERE = ("send_expect", "external")
MODE = "0600"  # what is sent may hold a password


def run_module():
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, required_if=REQUIRED_IF, supports_check_mode=True)
    try:
        module.exit_json(**_health_check(module.params, commands.runner(module), module.check_mode))
    except (OSError, ValueError) as error:
        module.fail_json(msg=str(error))


def _health_check(parameters, run, check_mode):
    if not re.match(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\Z", parameters["name"]):
        raise ValueError("name: %r can't be the name of a file: give letters, digits, _ . and -" % parameters["name"])
    path = os.path.join(parameters["folder"], parameters["name"] + ".json")
    if parameters["state"] == "absent":
        return _keep(path, None, check_mode)
    check = complete(parameters["check"], parameters["port"] or 0)
    result = {"changed": False, "type": check["type"]}
    target = _target(parameters, check)
    text = None
    if check["type"] == "send_expect":
        text = configuration(parameters["name"], check, target)
        for found in config.parse(text).checks.values():
            if found.tls:
                attempt.tls_context(found.tls)
    elif check["type"] == "external":
        _runnable(run, check, target)
    if target is not None:
        block = registry.TYPES[check["type"]].block(check, target)
        result["rendered"] = "\n".join(write([block])) if block else ""
    if parameters["try"]:
        result.update(_try(run, check, text, target))
    if parameters["state"] == "present":
        if text is None:
            raise ValueError("check.type: keepalived makes the check %s, there is no file of it: give state: valid" % check["type"])
        result.update(_keep(path, text, check_mode))
    return result


def complete(given, port):
    """The complete check, or ValueError with all that is wrong, each with its path."""
    report = Report()
    read = health.HealthCheck().read(given, "check", report)
    if read and read["type"] is None:
        report.add("check.type", "is missing", "give " + ", ".join(registry.TYPES))
    check = health.complete(read, None, "tcp", port, "check", report)[0] if read and not report else None
    if report:
        raise ValueError("\n".join(str(problem) for problem in report))
    return check


def configuration(name, check, target):
    """The text of a prober's configuration with this check alone; with one server where there is a target. Of no network: there is no definition."""
    asked = [] if target is None else [{"id": name, "server": target.real_server, "services": [name], "address": target.real_address,
                                        "port": probes.asked_port(check, target.real_port), "check": name, "weights": []}]
    return json.dumps({"version": 1, "checks": {name: {**probes.told(check), "source": None}}, "probes": asked}, indent=1, sort_keys=True) + "\n"


def _target(parameters, check):
    if parameters["address"] is None:
        return None
    address, port = _address(parameters["address"]), parameters["port"] or check.get("port")
    if parameters["port"] is not None and not 1 <= parameters["port"] <= 65535:
        raise ValueError("port: %d is not a port: give 1 to 65535" % parameters["port"])
    if not port and registry.TYPES[check["type"]].asks:
        raise ValueError("port: is missing: give the port that is asked")
    return Target(virtual_server=parameters["name"], virtual_address=address, virtual_port=port or 0, protocol="tcp", real_server=parameters["name"],
                  real_address=address, real_port=port or 0, script_user=parameters["script_user"])


def _address(given):
    try:
        found = ipaddress.ip_address(given)
        if getattr(found, "scope_id", None) is None:
            return str(found)
    except ValueError:
        pass
    raise ValueError("address: %s is no IP address: give the server's, such as 10.0.0.11" % given)


def _as_user(check, script_user):
    return [external.SETPRIV, *("--%s=%s" % pair for pair in zip(("reuid", "regid"), external.as_user(check, script_user))), "--clear-groups"]


def _runnable(run, check, target):
    """ValueError where the program is missing, or its user can't run it. Without a target its user is the usual one."""
    user, group = external.as_user(check, target.script_user if target else ARGUMENT_SPEC["script_user"]["default"])
    missing = programs.lacking(run, [{"path": check["command"][0], "user": user, "group": group, "named_by": "check.command"}])
    if missing:
        raise ValueError("\n".join(missing))


def _try(run, check, text, target):
    """{"good", "reason", "latency_ms", "said"}: what came of one question."""
    if check["type"] not in ASKED_HERE:
        raise ValueError("try: a check %s is made by keepalived alone; what can be tried are %s" % (check["type"], " and ".join(ASKED_HERE)))
    if check["type"] == "send_expect":
        whole = config.parse(text)
        asked, found = whole.targets[0], whole.checks[target.virtual_server]
        todo = dialogue.steps(found.steps, found.match, asked.address, asked.port)
        outcome = asyncio.run(attempt.attempt(asked, found, todo, attempt.tls_context(found.tls) if found.tls else None))
        return {"good": outcome.good, "reason": outcome.reason, "latency_ms": round(outcome.seconds * 1000, 3)}
    began = time.monotonic()
    limit = ["/usr/bin/timeout", "--kill-after=1", "%d" % check["timeout"]]
    argv = [*_as_user(check, target.script_user), external.ENV_PROGRAM, *external.environment(check, target), *limit,
            *check["command"], *external.arguments(target)]
    code, out, error = run(argv)
    said = (out + error).strip()[:1000]
    reason = {0: "", 124: "no end within %d s" % check["timeout"], 137: "no end within %d s" % check["timeout"]}.get(code, "exit status %d" % code)
    reason = reason or external.unexpected(check, out)
    return {"good": not reason, "reason": reason, "latency_ms": round((time.monotonic() - began) * 1000, 3), "said": said}


def _keep(path, text, check_mode):
    have, want = files.read(path), {"content": text, "mode": MODE} if text is not None else dict(files.ABSENT)
    change = files.difference(path, _veiled(have), _veiled(want))
    changed = have != want
    if changed and not check_mode:
        files.restore(path, want)
        if text is None:
            files.remove_empty_folders([os.path.dirname(path)])
    return {"changed": changed, "file": path, **({"diff": change} if change else {})}


def _veiled(state):
    """What is sent is not shown."""
    if state["content"] is None:
        return state
    return {**state, "content": re.sub(r'("send": )"(?:[^"\\]|\\.)*"', r'\1"(not shown)"', state["content"])}
