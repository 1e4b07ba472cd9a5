"""What answers of a mail server mean, and how the pauses grow."""

import smtplib
from datetime import timedelta

import pytest

from cases.rules.delivery import Fault, fault_of, name_of, pause, pause_of_outage

MINUTE = timedelta(minutes=1)


def at_recipient(code: int, text: str) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"ma@pankow.example": (code, text.encode())})


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ConnectionRefusedError(111, "Connection refused"), Fault.SERVER),
        (TimeoutError("timed out"), Fault.SERVER),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), Fault.SERVER),
        (smtplib.SMTPConnectError(554, b"no service"), Fault.SERVER),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 wrong"), Fault.SERVER),
        (smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."), Fault.SERVER),
        (smtplib.SMTPSenderRefused(451, b"4.7.1 slower", "krm@pankow.example"), Fault.SERVER),
        (smtplib.SMTPSenderRefused(554, b"5.7.1 not you", "krm@pankow.example"), Fault.SERVER),
        (at_recipient(421, "4.4.2 closing"), Fault.SERVER),
        (smtplib.SMTPDataError(421, b"4.4.2 closing"), Fault.SERVER),
        (at_recipient(450, "4.2.0 greylisted"), Fault.LATER),
        (smtplib.SMTPDataError(452, b"4.3.1 disk full"), Fault.LATER),
        (ValueError("a header with a line break"), Fault.LATER),
        (at_recipient(550, "5.1.1 unknown"), Fault.ADDRESS),
        (at_recipient(550, "unknown here"), Fault.ADDRESS),
        (at_recipient(553, "not allowed"), Fault.ADDRESS),
        (at_recipient(552, "5.2.2 mailbox full"), Fault.ADDRESS),
        (at_recipient(550, "5.4.1 Recipient address rejected"), Fault.ADDRESS),
        (smtplib.SMTPDataError(550, b"5.1.1 unknown"), Fault.ADDRESS),
        (at_recipient(550, "5.7.1 relaying denied"), Fault.UNCLEAR),
        (at_recipient(554, "5.7.1 relay access denied"), Fault.UNCLEAR),
        (at_recipient(530, "authenticate first"), Fault.UNCLEAR),
        (smtplib.SMTPDataError(550, b"we do not like it"), Fault.UNCLEAR),
    ],
)
def test_what_an_answer_means(error, fault):
    assert fault_of(error) == fault


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (at_recipient(550, "5.1.1 ma@pankow.example unknown"), "SMTPRecipientsRefused 550"),
        (smtplib.SMTPSenderRefused(554, b"no", "krm@pankow.example"), "SMTPSenderRefused 554"),
        (ConnectionRefusedError(111, "Connection refused"), "ConnectionRefusedError 111"),
        (smtplib.SMTPServerDisconnected("gone"), "SMTPServerDisconnected"),
        (TimeoutError("timed out"), "TimeoutError"),
    ],
)
def test_an_error_is_named_without_the_address(error, name):
    assert name_of(error) == name


def test_pauses_double_up_to_the_longest():
    minutes = [pause(attempts, MINUTE, 30 * MINUTE) / MINUTE for attempts in (1, 2, 3, 4, 5, 6, 7, 32767)]
    assert minutes == [1, 2, 4, 8, 16, 30, 30, 30]


def test_in_an_outage_the_pause_is_as_long_as_it_has_lasted():
    lasted = [0, 1, 2, 4, 29, 31, 600]
    assert [pause_of_outage(n * MINUTE, MINUTE, 30 * MINUTE) / MINUTE for n in lasted] == [1, 1, 2, 4, 29, 30, 30]
