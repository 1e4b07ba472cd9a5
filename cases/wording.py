"""The wording of a case or an Abgabe stays as it came in; a correction is a further version (GERA-24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils import timezone

from cases.models import Case, Correction, Transfer
from cases.permissions import seats_for
from cases.rules.word_diff import Piece, word_diff
from cases.visibility import desk_offices
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor
from offices.roles import Permission

NO_REASON = "Bitte angeben, warum der Wortlaut berichtigt wird; der bisherige bleibt als frühere Fassung erhalten."


@dataclass(frozen=True)
class Version:
    """One wording with who wrote it down; the first has neither `reason` nor `differences` to the one before."""

    number: int
    text: str
    at: datetime
    by: User | None
    reason: str = ""
    differences: Sequence[Piece] = ()


def correct_wording(matter: Case | Transfer, text: str, *, reason: str, by: Actor) -> int:
    """Put another wording on a locked matter, which is not saved here, and keep the one it had.

    The number of the new version, from 2. NotAllowed at `correction_reason` without a reason.
    """
    if not reason.strip():
        raise NotAllowed(NO_REASON, "correction_reason")
    number = matter.corrections.count() + 2
    matter.corrections.create(
        number=number, text=matter.text, reason=reason.strip(), at=timezone.now(), by_id=by.user_id
    )
    matter.text = text
    return number


def sees_earlier_wordings(actor: Actor, matter: Case | Transfer) -> bool:
    """Whether somebody who sees the matter is also shown what was corrected in it (§ 35 SGB I).

    From a seat that reaches the case, or at the desk of the Abgabe; who was asked for a part or named for this one
    matter needs what stands now.
    """
    if isinstance(matter, Case):
        return bool(seats_for(actor, Permission.READ_CASES, matter, asked=False))
    return matter.office_id in desk_offices(actor)


def corrections_shown(actor: Actor, matter: Case | Transfer) -> list[Correction]:
    """The corrections without their texts for somebody who sees the matter, in order; one query at most."""
    if not sees_earlier_wordings(actor, matter):
        return []
    return list(matter.corrections.select_related("by").defer("text"))


def versions(matter: Case | Transfer) -> list[Version]:
    """All wordings, the last first, each with its differences to the one before; one query."""
    corrections = list(matter.corrections.select_related("by"))
    texts = [_lines(text) for text in (*(correction.text for correction in corrections), matter.text)]
    found = [Version(1, texts[0], matter.registered_at, matter.registered_by)]
    for correction, (before, after) in zip(corrections, pairwise(texts), strict=True):
        differences = word_diff(before, after)
        found.append(Version(correction.number, after, correction.at, correction.by, correction.reason, differences))
    return found[::-1]


def _lines(text: str) -> str:
    """With one kind of line ends: browsers send another than lists that are imported."""
    return text.replace("\r\n", "\n")
