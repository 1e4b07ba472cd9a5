"""The writes of this app: rule sets from presets, new versions of them, deputies, closings.

Each is atomic and keyword-only. Who may do it and the entry in the event log are the business of the caller in
cases/actions (rule_sets.py, people.py, substitutions.py), because the log belongs to the app above.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from offices.errors import NotAllowed
from offices.models import Instruction, Office, RuleSet, User
from offices.rules import presets
from offices.rules.parameters import Parameters

NO_OCCASION = "Bitte den Anlass der neuen Fassung angeben."


@transaction.atomic
def register_instruction(*, preset: presets.Preset) -> Instruction:
    """Enter a published instruction with everything it revokes or declares lapsed (H-1, H-3); idempotent."""
    about = preset.about
    instruction, _ = Instruction.objects.get_or_create(
        issuer=about.issuer,
        reference=about.reference,
        title=about.title,
        defaults={
            "valid_from": about.valid_from,
            "valid_until": about.valid_until,
            "legal_areas": ", ".join(area.label for area in about.legal_areas),
            "force": about.binding.value,
            "note": about.note,
        },
    )
    for entry, word in [(e, "aufgehoben") for e in about.revokes] + [(e, "gegenstandslos") for e in about.lapsed]:
        revoked, _ = Instruction.objects.get_or_create(
            issuer=about.issuer,
            reference=entry,
            title="",
            defaults={"valid_until": about.valid_from - timedelta(days=1), "note": f"{word} durch {about.title}"},
        )
        instruction.revokes.add(revoked)
    return instruction


@transaction.atomic
def adopt_preset(*, office: Office, slug: str) -> RuleSet:
    """The office's first rule set, taken from a published one with its validity (H-2, H-17)."""
    preset = presets.load(slug)
    return RuleSet.objects.create(
        office=office,
        instruction=register_instruction(preset=preset),
        version=_next_version(office),
        title=preset.about.title,
        preset=slug,
        valid_from=preset.about.valid_from,
        valid_until=preset.about.valid_until,
        review_on=preset.about.review_on,
        participation=[{"body": p.body, "on": p.on.isoformat() if p.on else None} for p in preset.about.participation],
        document=preset.parameters.to_dict(),
        reason="Übernahme der veröffentlichten Regelung",
        created_at=timezone.now(),
    )


@transaction.atomic
def new_version(
    *,
    base: RuleSet,
    parameters: Parameters,
    valid_from: date,
    reason: str,
    user: User,
    today: date,
    review_on: date | None = None,
    participation: list[dict] | None = None,
) -> RuleSet:
    """A later version with other parameters; `base` ends the day before. What is in force is never edited.

    A new day of review alone is a version too: the rules were looked at and kept (PAN-42). `participation` lists who
    took part in this version, nobody by default (H-17). NotAllowed when the new version would begin in the past or
    before `base`, or when nothing changed.
    """
    if valid_from < today:
        raise NotAllowed("Eine neue Fassung kann nicht rückwirkend gelten; bitte heute oder später wählen.")
    if valid_from <= base.valid_from:
        raise NotAllowed(f"Die neue Fassung muss nach dem {base.valid_from:%d.%m.%Y} beginnen.")
    if parameters.to_dict() == base.parameters.to_dict() and review_on == base.review_on:
        raise NotAllowed("Es wurde nichts geändert.")
    if not reason.strip():
        raise NotAllowed(NO_OCCASION)
    if base.valid_until is None or base.valid_until >= valid_from:
        base.valid_until = valid_from - timedelta(days=1)
        base.save(update_fields=["valid_until"])
    return RuleSet.objects.create(
        office=base.office,
        instruction=base.instruction,
        version=_next_version(base.office),
        title=base.title,
        preset=base.preset,
        valid_from=valid_from,
        review_on=review_on,
        participation=participation or [],
        document=parameters.to_dict(),
        reason=reason,
        created_at=timezone.now(),
        created_by=user,
    )


def _next_version(office: Office) -> int:
    last = office.rule_sets.order_by("-version").values_list("version", flat=True).first()
    return (last or 0) + 1


def save_checked(instance) -> None:
    """Validate with the model's constraints and save; NotAllowed with the first German sentence."""
    try:
        instance.full_clean()
    except ValidationError as error:
        raise NotAllowed(error.messages[0]) from error
    instance.save()
