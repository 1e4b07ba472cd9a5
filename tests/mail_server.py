"""The process of the tests' mail server: `python -m tests.mail_server PORT FOLDER`; tests/sink.py drives it.

What it has accepted stands in a file before the sender hears of it, so it outlives the process.
"""

import asyncio
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

HOST = "127.0.0.1"
PASSWORD = "das richtige"
HANG = "hang"  # in place of an answer: none at all


@dataclass(frozen=True)
class Behaviour:
    """What it answers where it does not accept, as SMTP writes it: „451 4.3.0 later“.

    `recipients` by address, "*" for all others. `accepted` is the answer after it has kept a mail. `closes_after`:
    the mails it takes over one connection before it hangs up. `delay`: seconds between keeping a mail and
    saying so.
    """

    greeting: str = ""
    sender: str = ""
    recipients: dict[str, str] = field(default_factory=dict)
    data: str = ""
    accepted: str = ""
    closes_after: int = 0
    delay: float = 0.0


@dataclass(frozen=True)
class Received:
    """An accepted mail; `at` in seconds of the clock, `connection` is the number of the connection it came over."""

    message_id: str
    to: str
    sender: str
    headers: dict[str, str]
    text: str
    at: float
    connection: int


class Handler:
    """What is answered, read anew for every command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def behaviour(self) -> Behaviour:
        return Behaviour(**json.loads((self.folder / "behaviour.json").read_text(encoding="utf-8")))

    async def handle_MAIL(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await answer(self.behaviour.sender) or "250 2.1.0 ok"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answers = self.behaviour.recipients
        refusal = await answer(answers.get(address, answers.get("*", "")))
        if not refusal:
            envelope.rcpt_tos.append(address)
        return refusal or "250 2.1.5 ok"

    async def handle_DATA(self, server: "Server", session: Session, envelope: Envelope) -> str:  # noqa: N802
        behaviour = self.behaviour
        if refusal := await answer(behaviour.data):
            return refusal
        self.keep(envelope, server.number)
        await asyncio.sleep(behaviour.delay)
        server.taken += 1
        server.has_enough = 0 < behaviour.closes_after <= server.taken
        return await answer(behaviour.accepted) or "250 2.0.0 kept"

    def keep(self, envelope: Envelope, connection: int) -> None:
        message = message_from_bytes(envelope.content, policy=default)
        kept = Received(
            message_id=message["Message-ID"],
            to=envelope.rcpt_tos[0],
            sender=envelope.mail_from,
            headers={name: str(value) for name, value in message.items()},
            text=message.get_content(),
            at=time.time(),
            connection=connection,
        )
        line = (json.dumps(asdict(kept)) + "\n").encode()
        file = os.open(self.folder / "received.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            os.write(file, line)
        finally:
            os.close(file)


class Server(SMTP):
    """One connection."""

    count = 0

    def __init__(self, handler: Handler, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(handler, hostname="sink.test", authenticator=authenticate, auth_require_tls=False, loop=loop)
        Server.count += 1
        self.number, self.taken, self.has_enough = Server.count, 0, False

    async def push(self, status: str) -> None:
        await super().push(status)
        if self.has_enough:
            self.transport.close()

    async def _handle_client(self) -> None:
        if greeting := await answer(self.event_handler.behaviour.greeting):
            await self.push(greeting)
            self.transport.close()
        else:
            await super()._handle_client()


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data) -> AuthResult:
    return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


async def answer(told: str) -> str:
    """The answer told; none ever for HANG."""
    while told == HANG:
        await asyncio.sleep(60)
    return told


async def serve(port: int, folder: Path) -> None:
    handler, loop = Handler(folder), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(handler, loop), HOST, port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
