"""Letters of a case or a transfer: who may see them, and from the row to the PDF."""

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from cases.contributing import part_of
from cases.models import Case, Deadline, Letter, Person, Transfer
from cases.permissions import check_may, check_may_in
from cases.rule_lines import RuleLine
from cases.rules.kinds import Channel
from cases.rules.lifecycle import Status, check_is_open
from cases.rules.retention import file_reference
from cases.visibility import desk_offices, dpo_offices
from offices.errors import NotAllowed
from offices.letterhead import Letterhead, LetterPage, render_letter
from offices.models import Office
from offices.queries import Actor
from offices.roles import Permission

WHO_ANSWERS_DATA_PROTECTION = "Die Antwort zum Datenschutz entwirft die oder der Datenschutzbeauftragte oder das KRM."
DUTY_OF = {
    Letter.Kind.ACKNOWLEDGEMENT: Deadline.Kind.ACKNOWLEDGEMENT,
    Letter.Kind.INTERIM: Deadline.Kind.INTERIM,
}
DRAFT_DATE = "(Datum der Ausfertigung)"


def visible_letters(actor: Actor) -> QuerySet[Letter]:
    """The letters of the cases and transfers this actor sees."""
    cases = Case.objects.visible_to(actor).filter(pk=OuterRef("case"))
    transfers = Transfer.objects.visible_to(actor).filter(pk=OuterRef("transfer"))
    return Letter.objects.filter(Exists(cases) | Exists(transfers)).select_related(
        "case__office", "case__rule_set", "transfer__office", "pdf", "issued_by", "sent_by"
    )


def letter_in_sight(actor: Actor, pk: int, *, contributors: bool = True) -> Letter:
    """A letter of a case or transfer the actor sees; who contributes to a case sees those that are theirs (K18).

    Http404 otherwise; without `contributors` for whoever sees only a part of the case.
    """
    letter = visible_letters(actor).filter(pk=pk).first()
    if letter is None:
        raise Http404
    part = part_of(actor, letter.case) if letter.case else None
    if part and not (contributors and part.opens(letter)):
        raise Http404
    return letter


def why_not(actor: Actor, permission: Permission, letter: Letter) -> str | None:
    """The sentence why this person may not do it with this letter's case or transfer; None where they may."""
    try:
        if letter.case:
            check_is_open(Status(letter.case.status))
            check_may(actor, permission, letter.case)
        else:
            check_on_transfer(actor, permission, letter.transfer, letter.kind)
    except NotAllowed as refusal:
        return refusal.reason
    return None


def check_on_transfer(actor: Actor, permission: Permission, transfer: Transfer, kind: str) -> None:
    """Raises NotAllowed for roles without the permission, and for who writes but not this kind of letter.

    The desk writes what goes out about an Abgabe; the DPO the answer to the Datenschutz and nothing else; somebody
    who was only asked about it, nothing (K11).
    """
    check_may_in(actor, permission, transfer.office_id)
    answers = kind == Letter.Kind.DATA_PROTECTION and transfer.office_id in dpo_offices(actor)
    if permission == Permission.WRITE_LETTERS and not answers and transfer.office_id not in desk_offices(actor):
        raise NotAllowed("Dieses Schreiben entwirft das KRM.")


def rule_behind(letter: Letter) -> RuleLine | None:
    """In one line which rule asks for this letter and until when; None for transfers, where none does (K1 to K3)."""
    case = letter.case
    if case is None:
        return None
    kind = DUTY_OF.get(Letter.Kind(letter.kind), Deadline.Kind.CLOSURE)
    if deadline := case.deadlines.filter(round=letter.round, kind=kind).first():
        due = f"{deadline.due_on:%d.%m.%Y}"
        moved = "" if due in deadline.rule else f" Jetzt fällig am {due}."
        return RuleLine(f"Regelwerk {deadline.rule_key}: {deadline.rule}{moved}", deadline.rule_key)
    if kind == Deadline.Kind.INTERIM:
        return RuleLine("Regelwerk K3: Eine Zwischennachricht ist für diesen Eingang nicht vorgeschrieben.", "K3")
    if kind == Deadline.Kind.CLOSURE:
        return RuleLine("Regelwerk K2: Für diesen Eingang ist keine Frist bestimmt.", "K2")
    duty = case.rule_set.parameters.acknowledgement.duty_for(Channel(case.channel))
    said = duty.label if duty else "nicht vorgeschrieben"
    return RuleLine(f"Regelwerk K1: Eingangsbestätigung {said}, ohne Frist.", "K1")


def addressee(matter: Case | Transfer) -> Person | None:
    """To whom letters go: the Bevollmächtigte where there is one, else the person (§ 13 SGB X, B4-7)."""
    by_capacity = {person.capacity: person for person in matter.persons.all()}
    return by_capacity.get(Person.Capacity.REPRESENTATIVE) or by_capacity.get(Person.Capacity.COMPLAINANT)


def address_lines(person: Person) -> list[str]:
    """The Anschrift without blank lines, at most five of the six that DIN 5008 allows."""
    title = person.get_salutation_display() if person.salutation else ""
    name = " ".join(part for part in (title, person.first_name, person.last_name) if part) if person.last_name else ""
    country = person.country.upper() if person.country.casefold() not in ("", "deutschland") else ""
    lines = [person.organisation, name, person.street, f"{person.postcode} {person.city}", country]
    return [line.strip() for line in lines if line.strip()]


def letterhead_of(office: Office) -> Letterhead:
    place = f"{office.postcode} {office.city}"
    return Letterhead(
        office_name=office.name,
        sender_line=f"{office.name} · {office.street} · {place}",
        street=office.street,
        postcode_city=place,
        phone=office.phone,
        fax=office.fax,
        email=office.email,
        opening_hours=tuple(line for line in office.opening_hours.splitlines() if line.strip()),
    )


def letter_page(letter: Letter) -> LetterPage:
    """The letter as it will be printed; marked as a draft until it is issued."""
    matter = letter.case or letter.transfer
    office = matter.office
    earlier = matter.written_on or matter.received_on
    return LetterPage(
        letterhead=letterhead_of(office),
        recipient=tuple(letter.recipient.splitlines()),
        info=(
            ("Ihre Nachricht vom", f"{earlier:%d.%m.%Y}"),
            ("Mein Zeichen", our_reference(letter)),
            ("Name", letter.contact_name),
            ("Durchwahl", letter.contact_phone),
            ("Telefax", office.fax),
            ("E-Mail", office.email),
            ("Datum", f"{letter.dated_on:%d.%m.%Y}" if letter.dated_on else DRAFT_DATE),
        ),
        subject=letter.subject,
        salutation=letter.salutation,
        body=paragraphs(letter.body),
        signature_lines=tuple(line for line in letter.signature.splitlines() if line.strip()),
        title=f"{letter.get_kind_display()} {matter.reference}",
        draft=letter.issued_at is None,
    )


def paragraphs(body: str) -> tuple[str, ...]:
    """Paragraphs are parted by blank lines; single line ends stay."""
    text = "\n".join(line.rstrip() for line in body.strip().splitlines())
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def our_reference(letter: Letter) -> str:
    """„Mein Zeichen“: the Aktenzeichen of the plan with the case's number; a transfer has only its number (PAN-37)."""
    case = letter.case
    if case is None:
        return letter.transfer.reference
    return file_reference(case.rule_set.parameters.file_plan, case.kind, case.reference, is_card=case.is_card)


def letter_pdf(letter: Letter) -> bytes:
    """PDF bytes of the letter as it stands; raises offices.letterhead.LetterError where it cannot be printed."""
    return render_letter(letter_page(letter))
