"""The Dokumentationsblatt: what the unit tells the KRM after settlement (GERA-9)."""

from io import BytesIO

import pdfplumber
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cases.closing.actions import close, reopen
from cases.directives.reading.sheets import documentation, documentation_pdf
from cases.handling.actions.assign import hand_to_unit, return_to_krm
from cases.handling.actions.notes import add_note
from cases.models import Case, Note, Statement
from cases.rules.registration import EmployeeData
from offices.models import Unit, User
from offices.queries import actor_for
from tests import make

pytestmark = pytest.mark.usefixtures("house")


def acting(username: str):
    return actor_for(User.objects.get(username=username), timezone.localdate())


def unit(number: str) -> Unit:
    return Unit.objects.get(office__slug="pankow", number=number)


@pytest.fixture
def krm(house):
    return acting("pankow.krm")


@pytest.fixture
def returned(krm) -> Case:
    """Handed to team 711, talked over, given back by its lead."""
    case = make.seen(krm, received_on=krm.today)
    hand_to_unit(by=krm, case=case, unit=unit("711"))
    return_to_krm(
        by=acting("pankow.tl"), case=case, note="Der Antrag ist bewilligt; Bescheid liegt bei.",
        talk="held", talk_note="Persönlich um Entschuldigung gebeten.",
    )  # fmt: skip
    return Case.objects.get(pk=case.pk)


def pages_of(case: Case) -> list[str]:
    with pdfplumber.open(BytesIO(documentation_pdf(case, acting("pankow.krm")))) as pdf:
        return [" ".join(page.extract_text().split()) for page in pdf.pages]


def html_of(case: Case) -> str:
    return " ".join(
        render_to_string("letters/documentation_sheet.html", documentation(case, acting("pankow.krm"))).split()
    )


def test_the_sheet_tells_who_wrote_what_was_done_and_by_whom_gera9(returned):
    text = " ".join(pages_of(returned))
    wanted = [
        f"Dokumentationsblatt {returned.reference}", "Intern, nicht zur Herausgabe", "Erika Öztürk-Groß",
        returned.subject, str(returned.unit), "hat stattgefunden", "Persönlich um Entschuldigung gebeten.",
        "Der Antrag ist bewilligt; Bescheid liegt bei.", str(acting("pankow.tl").user), "noch nicht abgeschlossen",
        "Teamleitung: Datum, Unterschrift", "KRM: Datum, Unterschrift",
    ]  # fmt: skip
    assert [part for part in wanted if part not in text] == []


def test_every_page_is_marked_as_internal(returned, krm):
    add_note(by=krm, case=returned, kind=Note.Kind.CONTACT, text="Noch einmal besprochen. " * 400)
    pages = pages_of(returned)
    assert len(pages) > 1
    assert [number for number, page in enumerate(pages, 1) if "Intern, nicht zur Herausgabe" not in page] == []


def test_an_approved_statement_stands_there_in_full_an_open_one_only_by_name(returned, krm):
    asked = {"case": returned, "unit": unit("711"), "question": "?", "requested_at": timezone.now(),
             "requested_by": krm.user}  # fmt: skip
    Statement.objects.create(
        text="Der Zugang ist belegt.", approved_at=timezone.now(), approved_by=acting("pankow.bl").user, **asked
    )
    Statement.objects.create(text="Noch im Entwurf.", kind="assessment", **asked)
    Statement.objects.create(text="Zurückgezogen.", withdrawn_on=krm.today, **asked)
    html = html_of(returned)
    assert [part in html for part in ("Der Zugang ist belegt.", "Noch im Entwurf.", "Zurückgezogen.")] == [
        True, False, False,
    ]  # fmt: skip
    assert f"von {acting('pankow.bl').user}" in html


def test_the_result_with_its_alternatives_stands_there_once_the_case_is_closed_ger22(returned, krm):
    add_note(by=krm, case=returned, kind=Note.Kind.WAIVER, text="Keine Antwort gewünscht.")
    case = close(
        by=krm, case=returned, outcome="not_upheld", outcome_reason="Die Frist war eingehalten.",
        settlement="waived", alternatives="Ratenzahlung angeboten.",
    )  # fmt: skip
    html = html_of(case)
    wanted = ["unberechtigt", "Die Frist war eingehalten.", "Ratenzahlung angeboten.", "Verzicht auf Antwort"]
    assert [part for part in wanted if part not in html] == []


def test_a_new_round_starts_an_empty_sheet(returned, krm):
    add_note(by=krm, case=returned, kind=Note.Kind.WAIVER, text="Keine Antwort gewünscht.")
    closed = close(by=krm, case=returned, outcome="upheld", outcome_reason="Ja.", settlement="waived")
    html = html_of(reopen(by=krm, case=closed, reason="Neue Unterlagen."))
    assert ("Durchgang 2" in html, "Bescheid liegt bei" in html, "noch nichts vermerkt" in html) == (True, False, True)


def test_internal_notes_that_tell_no_work_stay_off_the_sheet(returned, krm):
    add_note(by=krm, case=returned, kind=Note.Kind.INTERNAL, text="Nur für den Schreibtisch.")
    assert "Nur für den Schreibtisch." not in html_of(returned)


def test_who_is_complained_about_does_not_get_the_sheet_b4_8(client, krm):
    about = (EmployeeData(user_id=User.objects.get(username="pankow.bl").pk),)
    case = make.case(krm, received_on=krm.today, employees=about, unit_id=unit("711").pk)
    address = reverse("cases:documentation_sheet", args=[case.reference])
    client.force_login(User.objects.get(username="pankow.bl"))
    assert client.get(address).status_code == 404
    client.force_login(User.objects.get(username="pankow.tl"))
    assert client.get(address).content.startswith(b"%PDF")
