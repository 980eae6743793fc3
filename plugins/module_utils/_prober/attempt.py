# Copyright: (c) 2026, the lvs.cluster contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One check of one real server, from the connection to the outcome. Never raises for what a server or network does."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any, NamedTuple

from . import packet_path
from .config import Check, Path, Target, Tls
from .conversation import AgentReader, Conversation, Datagrams, HeaderReader
from .dialogue import Progress, Step
from .wire import Wire, reason_of

_NO_CONNECTION = "no connection within %g s"


class Outcome(NamedTuple):
    """good: as expected; reason: why not, in words; seconds: what it took; line: what an agent said."""

    good: bool
    reason: str
    seconds: float
    line: bytes = b""
    asked: bool = True  # False: this router could not, and nothing is known of the server


def tls_context(tls: Tls) -> ssl.SSLContext:
    """ValueError in words when a certificate or key can't be read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if tls.verify:
            context.load_default_certs() if tls.ca is None else context.load_verify_locations(tls.ca)
            context.check_hostname = tls.name is not None
        else:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if tls.certificate:
            context.load_cert_chain(tls.certificate, tls.key)
    except (OSError, ssl.SSLError) as error:
        raise ValueError("a certificate or key can't be used: %s" % (_unreadable(tls) or error)) from None
    return context


def _unreadable(tls: Tls) -> str:
    """Which of the files is the culprit, and why: `ssl` does not say it; "" when all can be read."""
    for path in (tls.ca if tls.verify else None, tls.certificate, tls.key):
        try:
            if path:
                open(path, "rb").close()
        except OSError as error:
            return str(error)
    return ""


async def attempt(target: Target, check: Check, todo: tuple[Step, ...], context: ssl.SSLContext | None = None) -> Outcome:
    """`todo`: the dialogue's steps for this server (`dialogue.steps`)."""
    loop = asyncio.get_running_loop()
    if check.path:
        return await _by_the_path(target, check, check.path)
    over: asyncio.Future[str] = loop.create_future()
    progress = Progress(todo, check.limit)
    conversation: Conversation
    if check.agent:
        conversation = HeaderReader(progress, over, check.header) if check.header else AgentReader(progress, over)
    else:
        conversation = Conversation(progress, over)
    began = loop.time()
    reason = await (_plain(target, check, conversation) if check.transport == "tcp" else _over_asyncio(target, check, conversation, context))
    line = conversation.line if isinstance(conversation, AgentReader) else b""
    return Outcome(not reason, reason, loop.time() - began, line)


async def _by_the_path(target: Target, check: Check, path: Path) -> Outcome:
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        reason = await packet_path.ask(target, check, path)
    except packet_path.CanNotAsk as error:
        return Outcome(False, str(error), loop.time() - began, asked=False)
    return Outcome(not reason, reason, loop.time() - began)


async def _plain(target: Target, check: Check, conversation: Conversation) -> str:
    """Over TCP. '' or why not."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    wire = Wire(loop, conversation)
    limits = [loop.call_at(began + seconds, _late, wire, check, seconds) for seconds in sorted({check.connect_timeout, check.timeout})]
    try:
        wire.open(target.address, target.port, check.source)
        return await conversation.over
    finally:
        for limit in limits:
            limit.cancel()
        wire.abort()


def _late(wire: Wire, check: Check, seconds: float) -> None:
    if not wire.connected:
        wire.conversation.end(_NO_CONNECTION % check.connect_timeout)
    elif seconds >= check.timeout:
        wire.conversation.expire(check.timeout)


async def _over_asyncio(target: Target, check: Check, conversation: Conversation, context: ssl.SSLContext | None) -> str:
    """Over TLS or UDP. '' or why not."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    reason = await _connect(target, check, conversation, context)
    if reason is not None:
        return reason
    limit = loop.call_at(began + check.timeout, conversation.expire, check.timeout)
    try:
        return await conversation.over
    finally:
        limit.cancel()
        _hang_up(conversation)


def _hang_up(conversation: Conversation) -> None:
    """At once: a close over TLS would wait for the server, and what it still sends is not wanted."""
    if conversation.transport:
        conversation.transport.abort()


async def _connect(target: Target, check: Check, conversation: Conversation, context: ssl.SSLContext | None) -> str | None:
    """None when there is a connection, else why there is none."""
    loop = asyncio.get_running_loop()
    task: Any = asyncio.current_task()
    late = False

    def give_up() -> None:
        nonlocal late
        late = True
        task.cancel()

    limit = loop.call_later(check.connect_timeout, give_up)
    try:
        await _opened(loop, target, check, conversation, context)
        return None
    except asyncio.CancelledError:
        if not late:
            raise
        if hasattr(task, "uncancel"):
            task.uncancel()
        return _NO_CONNECTION % check.connect_timeout
    except ssl.SSLCertVerificationError as error:
        return "certificate: %s" % error.verify_message
    except ssl.SSLError as error:
        return "TLS: %s" % (error.reason or error)
    except OSError as error:
        return reason_of(error)
    finally:
        limit.cancel()


async def _opened(loop: Any, target: Target, check: Check, conversation: Conversation, context: ssl.SSLContext | None) -> None:
    source = (check.source, 0) if check.source else None
    if check.transport == "udp":
        make: Callable[[], Datagrams] = lambda: Datagrams(conversation)  # noqa: E731
        await loop.create_datagram_endpoint(make, remote_addr=(target.address, target.port), local_addr=source)
        return
    options: dict[str, Any] = {}
    if context:
        # A check for a name that is not asked for would be against the address, which few certificates hold
        options = {"ssl": context, "server_hostname": check.tls.name if check.tls and check.tls.name else "", "ssl_handshake_timeout": check.connect_timeout}
    await loop.create_connection(lambda: conversation, target.address, target.port, local_addr=source, **options)
