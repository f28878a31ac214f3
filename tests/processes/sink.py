"""The mail server of the process tests. It writes what it got before it says yes, as a careful server does.

Beside the deliveries, in `refused.tsv`, stand the recipients it did not take: code and address.
"""

from __future__ import annotations

import argparse
import asyncio
import email
import os
import random
import re
from collections import Counter
from email.message import Message
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Delivery:
    """What happens to a mail: delivered, delayed, refused for now or for good, or never answered."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.file = options.log.open("ab", buffering=0)
        self.refusals = options.log.with_name("refused.tsv").open("ab", buffering=0)
        self.delay, self.refuse, self.hang = options.delay / 1000, options.refuse, options.hang
        self.drop, self.drop_late, self.mute = options.drop, options.drop_late, options.mute
        self.unknown, self.full, self.full_times = options.unknown, options.full, options.full_times
        self.asked = Counter[str]()
        self.one_by_one = options.one_by_one

    async def handle_EHLO(self, server, session, envelope, hostname, responses) -> list[str]:
        """As nearly every mail server in use, it takes commands in groups (RFC 2920)."""
        session.host_name = hostname
        return responses if self.one_by_one else [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if self.unknown and re.search(self.unknown, address):
            return self.not_taken("550 5.1.1 no such mailbox", address)
        if self.full and re.search(self.full, address) and self.asked[address] < self.full_times:
            self.asked[address] += 1
            return self.not_taken("452 4.2.2 mailbox full", address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def not_taken(self, answer: str, address: str) -> str:
        self.refusals.write(f"{answer[:3]}\t{address}\n".encode())
        return answer

    async def handle_DATA(self, server, session, envelope) -> str:
        if random.random() < self.refuse:
            return "451 try again later"
        if random.random() < self.hang:
            await asyncio.sleep(3600)
        mail = email.message_from_bytes(envelope.content)
        is_first = not self.asked[mail["Message-ID"]]
        self.asked[mail["Message-ID"]] += 1
        if is_first and goes_to(self.drop, mail):
            await self.hang_up(server)
        await asyncio.sleep(self.delay)
        line = "\t".join([mail["Message-ID"], mail["Date"], ",".join(envelope.rcpt_tos)])
        self.file.write(line.encode() + b"\n")
        os.fdatasync(self.file.fileno())
        if is_first and goes_to(self.drop_late, mail):
            await self.hang_up(server)
        if goes_to(self.mute, mail):
            await asyncio.sleep(3600)
        return "250 accepted"

    async def hang_up(self, server: SMTP) -> None:
        """The line goes dead in the middle of the conversation."""
        server.transport.abort()
        await asyncio.sleep(3600)


def goes_to(pattern: str, mail: Message) -> bool:
    return bool(pattern) and re.search(pattern, str(mail["To"])) is not None


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
    parser.add_argument("--one-by-one", action="store_true", help="does not take commands in groups")
    parser.add_argument("--delay", type=float, default=0, help="milliseconds before each yes")
    parser.add_argument("--refuse", type=float, default=0, help="share of mails answered with 451")
    parser.add_argument("--hang", type=float, default=0, help="share of mails never answered")
    parser.add_argument("--drop", default="", help="recipients (pattern) whose first mail is lost with the connection")
    parser.add_argument("--drop-late", default="", help="recipients (pattern) whose first mail is kept, line lost")
    parser.add_argument("--mute", default="", help="recipients (pattern) whose mails are kept, never answered")
    parser.add_argument("--unknown", default="", help="recipients (pattern) answered with 550")
    parser.add_argument("--full", default="", help="recipients (pattern) whose mailbox is full at first: 452")
    parser.add_argument("--full-times", type=int, default=2, help="how often such a mailbox is full")
    options = parser.parse_args()
    asyncio.run(serve(options.port, Delivery(options)))


if __name__ == "__main__":
    main()
