"""Keeping a half-filled registration, and throwing it away."""

from collections.abc import Mapping

from django.utils import timezone

from cases.models import RegistrationDraft
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission


@action
def save_draft(*, by: Actor, data: Mapping[str, list[str]]) -> RegistrationDraft:
    """The person's one draft is what the form holds now: field name -> list of values. Files are not part of it."""
    if not by.may(Permission.REGISTER):
        raise NotAllowed(f"Ihre Rolle umfasst nicht: {Permission.REGISTER.label}.")
    kept = {name: [value.replace("\x00", "") for value in values] for name, values in data.items()}  # NUL fits no JSON
    draft, _ = RegistrationDraft.objects.update_or_create(
        user=by.user, defaults={"data": kept, "saved_at": timezone.now()}
    )
    return draft


@action
def discard_draft(*, by: Actor) -> None:
    """Nothing half-filled is left of this person; harmless where there was none."""
    RegistrationDraft.objects.filter(user=by.user_id).delete()
