# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""lvs-prober, started by /usr/libexec/lvs-cluster/lvs-prober.

    lvs-prober CONFIG FOLDER           the daemon; SIGHUP reads CONFIG anew, SIGTERM ends it
    lvs-prober --test CONFIG           exit status 1 and what is wrong with CONFIG
    lvs-prober --try CONFIG ID…        asks each once and says what came of it, as JSON
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from .attempt import attempt, tls_context
from .config import parse
from .daemon import Daemon
from .dialogue import steps


async def serve(config_file: Path, folder: Path) -> None:
    daemon = Daemon(config_file, folder)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, daemon.reload)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, daemon.stopping.set)
    await daemon.run()


async def try_once(config_file: Path, names: list[str]) -> list[dict[str, object]]:
    config = parse(config_file.read_text(encoding="utf-8"))
    found = []
    for target in config.targets:
        if target.id in names or not names:
            check = config.checks[target.check]
            todo = steps(check.steps, check.match, target.address, target.port)
            outcome = await attempt(target, check, todo, tls_context(check.tls) if check.tls else None)
            found.append({"id": target.id, "good": outcome.good, "reason": outcome.reason, "latency_ms": round(outcome.seconds * 1000, 3),
                          **({"said": outcome.line.decode("utf-8", "replace").strip()} if check.agent else {})})
    return found


def main(arguments: list[str]) -> int:
    try:
        if arguments[:1] == ["--test"] and len(arguments) == 2:
            config = parse(Path(arguments[1]).read_text(encoding="utf-8"))
            for check in config.checks.values():
                if check.tls:
                    tls_context(check.tls)
        elif arguments[:1] == ["--try"] and len(arguments) >= 2:
            sys.stdout.write(json.dumps(asyncio.run(try_once(Path(arguments[1]), arguments[2:])), indent=1) + "\n")
        elif len(arguments) == 2:
            asyncio.run(serve(Path(arguments[0]), Path(arguments[1])))
        else:
            sys.stderr.write(__doc__ or "")
            return 2
    except (OSError, ValueError) as error:
        sys.stderr.write("lvs-prober: %s\n" % error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
