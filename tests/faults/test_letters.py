"""The mail server of `make faults` counts whole letters only."""

import smtplib
from threading import Thread

import pytest

from faults.letters import mail_server

LETTER = "Subject: code\r\n\r\n..123"


def test_a_letter_is_counted_for_each_reader() -> None:
    with mail_server() as server, smtplib.SMTP("127.0.0.1", server.port, timeout=10) as client:
        client.sendmail("fair@example", ["a@example", "b@example"], LETTER)
        client.sendmail("fair@example", "a@example", LETTER)
        assert server.arrived == {"a@example": 2, "b@example": 1}


def test_a_silent_server_takes_the_connection_and_no_letter() -> None:
    with mail_server() as server:
        server.silent.set()
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            smtplib.SMTP("127.0.0.1", server.port, timeout=0.3)
        assert not server.arrived


def test_a_slow_server_takes_its_time_for_each_letter() -> None:
    with mail_server() as server, smtplib.SMTP("127.0.0.1", server.port, timeout=10) as client:
        server.seconds_a_letter = 0.2
        client.sendmail("fair@example", "a@example", LETTER)
        sender = Thread(target=client.sendmail, args=("fair@example", "b@example", LETTER))
        sender.start()
        assert server.arrived == {"a@example": 1}
        sender.join()
        assert server.arrived == {"a@example": 1, "b@example": 1}
