"""The mail server of `make faults` counts whole letters only."""

import smtplib

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
