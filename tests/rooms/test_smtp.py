"""What is said to a mail server, and what its answers become: a server that reads from a script, on a real line."""

from __future__ import annotations

import smtplib
import socketserver
import threading
from collections.abc import Iterator

import pytest
from django.core.mail import EmailMultiAlternatives, mailers

from lysekil_trygghet.notifications.smtp import SilenceAfterMail, StagedBackend

GOOD = {"EHLO": "250-here\r\n250 PIPELINING", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", ".": "250 kept"}


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers = dict(GOOD)
        self.hangs_up_after = ""
        self.heard: list[str] = []
        self.mails: list[bytes] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.say("220 here")
        for line in iter(self.rfile.readline, b""):
            word = line.decode().strip().upper()[:4]
            self.server.heard.append(word)
            answer = self.server.answers.get(word, "250 ok")
            self.say(answer)
            if self.server.hangs_up_after == word or answer.startswith("421"):
                return
            if answer.startswith("354"):
                mail = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.mails.append(mail)
                if self.server.hangs_up_after == ".":
                    return
                self.say(self.server.answers["."])

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def line(server: Server, settings) -> Iterator[StagedBackend]:
    settings.MAILERS = {
        "default": {
            "BACKEND": "lysekil_trygghet.notifications.smtp.StagedBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": server.port, "timeout": 5},
        }
    }
    backend = mailers["default"]
    yield backend
    backend.close()


def letter(text: str = "Hej!\n.\n..två\nslut") -> EmailMultiAlternatives:
    return EmailMultiAlternatives("Uppdrag 1", text, "portalen@kommun.example", ["chef@kommun.example"])


@pytest.mark.parametrize("takes_groups", [True, False], ids=["in one breath", "one by one"])
def test_many_mails_go_over_one_line_and_dots_stay_dots(server, line, takes_groups):
    if not takes_groups:
        server.answers["EHLO"] = "250 here"
    line.open()
    assert line.send_messages([letter(), letter()]) == 2
    assert server.heard == ["EHLO", *(["MAIL", "RCPT", "DATA"] * 2)]
    assert [mail.endswith(b"Hej!\r\n..\r\n...tv\xc3\xa5\r\nslut\r\n") for mail in server.mails] == [True, True]


def test_who_takes_groups_gets_the_three_in_one_breath(server, line):
    line.open()
    line.connection.ehlo()
    said: list[bytes] = []
    whole = line.connection.sock.sendall

    class Listening:
        def __getattr__(self, name: str):
            return getattr(sock, name)

        def sendall(self, data: bytes) -> None:
            said.append(data)
            whole(data)

    sock = line.connection.sock
    line.connection.sock = Listening()
    line.send_messages([letter()])
    line.connection.sock = sock
    assert [one.count(b"\r\n") for one in said[:1]] == [3]
    assert said[0].startswith(b"mail FROM:<portalen@kommun.example>")
    assert len(said) == 2


REFUSALS = {
    "the sender": ("MAIL", "550 not you", smtplib.SMTPSenderRefused),
    "the recipient": ("RCPT", "550 nobody here", smtplib.SMTPRecipientsRefused),
    "the recipient for now": ("RCPT", "452 full", smtplib.SMTPRecipientsRefused),
    "the beginning": ("DATA", "451 not now", smtplib.SMTPDataError),
    "the mail": (".", "554 no", smtplib.SMTPDataError),
}


@pytest.mark.parametrize("takes_groups", [True, False], ids=["in one breath", "one by one"])
@pytest.mark.parametrize("what", REFUSALS)
def test_a_refusal_is_smtplibs_and_the_line_can_be_used_again(server, line, what, takes_groups):
    word, answer, error = REFUSALS[what]
    if not takes_groups:
        server.answers["EHLO"] = "250 here"
    server.answers[word] = answer
    line.open()
    with pytest.raises(error) as raised:
        line.send_messages([letter()])
    found = raised.value.recipients["chef@kommun.example"][0] if word == "RCPT" else raised.value.smtp_code
    assert found == int(answer[:3])
    server.answers = dict(GOOD)
    server.mails.clear()
    assert line.send_messages([letter()]) == 1
    assert len(server.mails) == 1


def test_a_server_that_takes_a_mail_to_nobody_gets_an_empty_one(server, line):
    """RFC 2920, 3.1: the server may say 354 though it knows no recipient."""
    server.answers["RCPT"] = "550 nobody here"
    line.open()
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        line.send_messages([letter()])
    assert server.mails == [b""]


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA", "."])
def test_a_server_that_goes_down_is_left(server, line, word):
    server.answers[word] = "421 going down"
    line.open()
    with pytest.raises(smtplib.SMTPException) as raised:
        line.send_messages([letter()])
    assert "421" in str(raised.value)
    assert not isinstance(raised.value, smtplib.SMTPServerDisconnected)
    assert line.connection.sock is None


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
def test_a_line_that_dies_before_the_mail_is_surely_not_sent(server, line, word):
    server.hangs_up_after = word
    server.answers["DATA"] = "250 what?"
    line.open()
    with pytest.raises(smtplib.SMTPException):
        line.send_messages([letter()])
    assert server.mails == []


def test_a_line_that_dies_after_the_mail_is_not_known(server, line):
    server.hangs_up_after = "."
    line.open()
    with pytest.raises(SilenceAfterMail):
        line.send_messages([letter()])


def test_an_unreadable_answer_to_the_mail_is_not_known(server, line):
    server.answers["."] = "hello?"
    line.open()
    with pytest.raises(SilenceAfterMail):
        line.send_messages([letter()])


def test_an_address_that_is_not_ordinary_is_left_to_the_library(server, line):
    line.open()
    odd = EmailMultiAlternatives("x", "y", "Portalen <portalen@kommun.example>", ['"två ord"@kommun.example'])
    with pytest.raises((ValueError, UnicodeError)):
        line.send_messages([odd])
    assert line.send_messages([letter()]) == 1
