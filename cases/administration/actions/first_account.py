"""How a real installation begins: its first office, with rules from a preset, and its first administrator."""

from cases.administration.actions.accounts import make_link
from cases.recording import record
from cases.unit_of_work import action
from offices.actions import adopt_preset, save_checked
from offices.errors import NotAllowed
from offices.models import Membership, Office, User
from offices.queries import Actor
from offices.roles import Role
from offices.rules import presets

THERE_ALREADY = (
    "Es gibt schon ein Konto oder eine Dienststelle. Weitere Personen legt die technische Administration "
    "unter „Personen“ an."
)


@action
def open_house(*, by: Actor, office: Office, preset: str, person: User) -> str:
    """The first office and the first Technische Administration, who enters everybody else; returns the one-time link.

    Without a password, and without the demo's people. NotAllowed where there is an account or an office already, and
    for what the fields do not allow. `by` is whoever runs the machine: nobody with an account.
    """
    if User.objects.exists() or Office.objects.exists():
        raise NotAllowed(THERE_ALREADY)
    if preset not in presets.slugs():
        raise NotAllowed(f"Dieses Regelwerk gibt es nicht: {preset}. Zur Wahl stehen {', '.join(presets.slugs())}.")
    save_checked(office)
    adopt_preset(office=office, slug=preset)
    person.set_unusable_password()
    save_checked(person)
    save_checked(Membership(user=person, office=office, role=Role.SYSADMIN, from_on=by.today))
    link = make_link(by=by, person=person, office_ids=[office.pk], is_shown=True)
    record("person.created", by=by, office_id=office.pk, user=person.pk)
    record(
        "membership.added",
        by=by,
        office_id=office.pk,
        user=person.pk,
        role=Role.SYSADMIN.label,
        from_on=by.today.isoformat(),
    )
    return link
