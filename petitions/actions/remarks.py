"""What is said at a station beside passing on and giving back."""

from django.utils import timezone

from cases.permissions import why_may_not
from cases.recording import record
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission
from petitions.holding import held_at
from petitions.models import Remark, Station
from petitions.permissions import stands_in_for, why_not_act

EMPTY = "Bitte schreiben, was anzumerken ist."
OVER = "Anmerken kann, wer die Sache gerade hat."


@action
def remark(*, by: Actor, station: Station, text: str) -> Remark:
    """Said at a station, by who acts there while it has its turn, and by the house at any time.

    NotAllowed for others, and without words.
    """
    held, current = held_at(station, by=by)
    acts = why_not_act(by, current, held.case) is None and current.is_open and not held.request.withdrawn_on
    if not acts and why_may_not(by, Permission.NOTE, held.case):
        raise NotAllowed(OVER)
    if not text.strip():
        raise NotAllowed(EMPTY, "text")
    said = Remark.objects.create(station=current, text=text.strip(), at=timezone.now(), by_id=by.user_id)
    record(
        "petition.remarked",
        by=by,
        in_place_of=stands_in_for(by, current, held.case) if acts else None,
        office_id=held.case.office_id,
        case=held.case,
        request=held.request.pk,
        station=str(current),
        remark=said.pk,
    )
    return said
