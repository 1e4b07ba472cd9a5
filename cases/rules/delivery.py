"""What the answer of a mail server means for a mail, and how long to wait after it.

Whether a 5xx is about the address or about everything we send decides who has to act: an address is corrected by
whoever keeps the account, the server by whoever runs it.
"""

import re
import smtplib
from datetime import timedelta
from enum import Enum, auto

NOT_NOW = 421  # the server closes the connection (RFC 5321, 3.8)
ABOUT_THE_ADDRESS = frozenset({550, 551, 552, 553, 556})  # at RCPT (RFC 5321, 4.3.2; RFC 7504)
STATUS_OF_ADDRESS = re.compile(r"5\.[12]\.\d+|5\.4\.1\b")  # RFC 3463; Exchange says 5.4.1 for an unknown mailbox
GIVE_UP_AFTER, LEAST_ATTEMPTS = timedelta(days=5), 40  # as long as mail servers themselves try (RFC 5321, 4.5.4.1)
STATUS = re.compile(r"5\.\d{1,3}\.\d{1,3}")


class Fault(Enum):
    """Why a mail was not taken.

    SERVER: nothing will be taken now. LATER: this mail not now. ADDRESS: nobody is reached there. UNCLEAR: this mail
    for good, which may be the address, or a server that takes nothing from us.
    """

    SERVER = auto()
    LATER = auto()
    ADDRESS = auto()
    UNCLEAR = auto()


def fault_of(error: Exception) -> Fault:
    """Reads an exception raised while connecting or sending one mail to one recipient."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _of_answer(*_answer(error), at_recipient=True)
    if isinstance(error, smtplib.SMTPDataError):
        return _of_answer(*_answer(error), at_recipient=False)
    return Fault.SERVER if isinstance(error, OSError) else Fault.LATER


def is_put_off_for_good(error: Exception, attempts: int, waited: timedelta) -> bool:
    """Whether a mailbox that always says „not now“ has been asked long enough: nobody reads there."""
    answered = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    return answered and attempts >= LEAST_ATTEMPTS and waited >= GIVE_UP_AFTER


def name_of(error: Exception) -> str:
    """Kind of error and code, never the address: „SMTPRecipientsRefused 550“."""
    code = _answer(error)[0] or getattr(error, "errno", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def pause(attempts: int, first: timedelta, longest: timedelta) -> timedelta:
    """The wait after the n-th failed attempt: doubled each time, at most `longest`."""
    return min(first * 2 ** min(attempts - 1, 16), longest)


def pause_of_outage(lasted: timedelta, first: timedelta, longest: timedelta) -> timedelta:
    """The wait while the server takes nothing: as long as it has lasted, so it doubles too."""
    return max(first, min(lasted, longest))


def _answer(error: Exception) -> tuple[int, str]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()), (0, b""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    return code, text.decode("ascii", "replace") if isinstance(text, bytes) else str(text)


def _of_answer(code: int, text: str, *, at_recipient: bool) -> Fault:
    if code == NOT_NOW:
        return Fault.SERVER
    if code < 500:
        return Fault.LATER
    if STATUS.match(text):
        return Fault.ADDRESS if STATUS_OF_ADDRESS.match(text) else Fault.UNCLEAR
    return Fault.ADDRESS if at_recipient and code in ABOUT_THE_ADDRESS else Fault.UNCLEAR
