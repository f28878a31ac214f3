"""The mail server of the process tests. It writes what it got before it says yes, as a careful server does."""

from __future__ import annotations

import argparse
import asyncio
import email
import os
import random
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Delivery:
    """What happens to a mail: delivered, delayed, refused for now, or never answered."""

    def __init__(self, *, log: Path, delay: float, refuse: float, hang: float) -> None:
        self.file = log.open("ab", buffering=0)
        self.delay, self.refuse, self.hang = delay / 1000, refuse, hang

    async def handle_DATA(self, server, session, envelope) -> str:
        if random.random() < self.refuse:
            return "451 try again later"
        if random.random() < self.hang:
            await asyncio.sleep(3600)
        await asyncio.sleep(self.delay)
        mail = email.message_from_bytes(envelope.content)
        line = "\t".join([mail["Message-ID"], mail["Date"], ",".join(envelope.rcpt_tos)])
        self.file.write(line.encode() + b"\n")
        os.fdatasync(self.file.fileno())
        return "250 accepted"


async def serve(port: int, delivery: Delivery) -> None:
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(delivery, timeout=3600), host="127.0.0.1", port=port
    )
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=0, help="milliseconds before each yes")
    parser.add_argument("--refuse", type=float, default=0, help="share of mails answered with 451")
    parser.add_argument("--hang", type=float, default=0, help="share of mails never answered")
    options = parser.parse_args()
    asyncio.run(
        serve(
            options.port,
            Delivery(log=options.log, delay=options.delay, refuse=options.refuse, hang=options.hang),
        )
    )


if __name__ == "__main__":
    main()
