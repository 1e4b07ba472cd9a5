"""Letters from draft to dispatch: whom they address, what freezes them, which deadlines they meet."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from cases.intake.actions.register import register
from cases.letters.actions.writing import (
    EDITABLE,
    discard_letter,
    dispatch_letter,
    draft_letter,
    edit_letter,
    store_pdf,
)
from cases.models import Case, Document, Event, Letter
from cases.rules.kinds import Channel, Kind
from cases.rules.registration import PersonData
from cases.signing.actions import issue_letter, withdraw_letter
from cases.signing.reading.signers import text_hash
from cases.tasks import render_letters
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.models import Substitution, User
from tests import make
from tests.cast import TODAY, actor

FRIDAY = date(2026, 11, 20)
LAWYER = PersonData(salutation="mr", first_name="Otto", last_name="Recht", organisation="Kanzlei Recht",
                    street="Am Markt 1", postcode="10115", city="Berlin")  # fmt: skip

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def krm():
    return actor("pankow.krm")


def draft(by, case: Case, kind: str = Letter.Kind.ACKNOWLEDGEMENT) -> Letter:
    return draft_letter(by=by, case=case, kind=kind)


def issued(by, case: Case, kind: str = Letter.Kind.ACKNOWLEDGEMENT, dated_on: date = TODAY) -> Letter:
    letter = make.answer(by, case) if kind == Letter.Kind.FINAL else draft(by, case, kind)
    return make.signed(by, letter, dated_on=dated_on)


def sent(by, case: Case, kind: str = Letter.Kind.ACKNOWLEDGEMENT, on: date = TODAY) -> Letter:
    return dispatch_letter(by=by, letter=issued(by, case, kind, on), sent_on=on, way="post")


def deadlines(case: Case) -> dict[str, tuple]:
    return {d.kind: (d.met_on, d.cancelled_on) for d in case.deadlines.all()}


def test_a_draft_is_prefilled_with_address_salutation_and_contact_ger17(krm):
    letter = draft(krm, make.case(krm))
    assert {name: getattr(letter, name) for name in EDITABLE if name not in ("subject", "body")} == {
        "recipient": "Frau Erika Öztürk-Groß\nLindenstraße 7\n13187 Berlin",
        "salutation": "Sehr geehrte Frau Öztürk-Groß,",
        "contact_name": "Karin Ahrens",
        "contact_phone": krm.user.phone,
    }


def test_the_acknowledgement_promises_the_open_end_of_the_closure_deadline(krm):
    case = make.case(krm, received_on=FRIDAY)
    closure = case.deadlines.get(kind="closure")
    assert f"voraussichtlich bis zum {closure.due_on:%d.%m.%Y}" in draft(krm, case).body


def test_a_date_that_has_passed_is_not_promised(krm):
    case = make.case(krm, received_on=TODAY - timedelta(days=60))
    assert "voraussichtlich" not in draft(krm, case).body


def test_letters_go_to_the_representative_where_there_is_one_b4_7(krm):
    letter = draft(krm, make.case(krm, representative=LAWYER))
    assert (letter.recipient, letter.salutation) == (
        "Kanzlei Recht\nHerr Otto Recht\nAm Markt 1\n10115 Berlin",
        "Sehr geehrter Herr Recht,",
    )


def test_drafting_again_gives_the_same_letter(krm):
    case = make.case(krm)
    assert draft(krm, case).pk == draft(krm, case).pk
    assert case.letters.count() == 1


def test_nobody_anonymous_can_be_written_to(krm):
    case = make.case(krm, is_anonymous=True, person=None)
    with pytest.raises(NotAllowed, match="anonym"):
        draft(krm, case)


def test_without_an_address_there_is_no_letter(krm):
    case = make.case(krm, person=PersonData(last_name="Ohne", first_name="Adresse"))
    with pytest.raises(NotAllowed, match="Zu „Adresse Ohne“ fehlt die vollständige Anschrift"):
        draft(krm, case)


def test_a_letter_needs_a_telephone_number_of_the_krm_ger17(krm):
    User.objects.filter(username__startswith="pankow.krm").update(phone="")
    with pytest.raises(NotAllowed, match="Telefonnummer"):
        draft(actor("pankow.krm"), make.case(krm))


def test_a_leader_drafts_but_the_krm_stays_the_contact(krm):
    assert draft(actor("pankow.gf"), make.case(krm)).contact_name == "Karin Ahrens"


def test_who_acts_for_the_krm_signs_in_vertretung_pan14(krm):
    deputy = User.objects.get(username="pankow.expert")
    Substitution.objects.create(absent=krm.user, deputy=deputy, from_on=TODAY, until_on=TODAY)
    letter = issued(actor("pankow.expert"), make.case(krm))
    assert (letter.signature, letter.contact_name) == (
        "i. V. Elke Xander\nKundenreaktionsmanagement",
        "Elke Xander",
    )


def test_the_front_office_may_not_write(krm):
    with pytest.raises(NotAllowed, match="Schreiben entwerfen"):
        draft(actor("pankow.vz"), make.case(krm))


def test_strangers_cannot_reach_a_letter(krm):
    with pytest.raises(NotAllowed, match="nicht .mehr. zugänglich"):
        draft(actor("gera.krm"), make.case(krm))


def test_whoever_saves_second_sees_the_difference_and_nothing_is_written(krm):
    letter = draft(krm, make.case(krm))
    edit_letter(by=krm, letter=letter, expected_version=1, subject="Erste")
    with pytest.raises(ChangedMeanwhile) as refused:
        edit_letter(by=actor("pankow.krm2"), letter=letter, expected_version=1, subject="Zweite")
    assert refused.value.differences == {"Betreff": ("Erste", "Zweite")}
    letter.refresh_from_db()
    assert (letter.subject, letter.version) == ("Erste", 2)


def test_issuing_freezes_the_text(krm):
    letter = issued(krm, make.case(krm))
    assert (letter.text_hash, letter.dated_on, letter.issued_by) == (text_hash(letter), TODAY, krm.user)
    with pytest.raises(NotAllowed, match="schon ausgefertigt"):
        edit_letter(by=krm, letter=letter, expected_version=letter.version, subject="anders")
    with pytest.raises(NotAllowed, match="schon ausgefertigt"):
        discard_letter(by=krm, letter=letter)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"contact_phone": ""}, "Ansprechperson mit Telefonnummer"),
        ({"contact_name": ""}, "Ansprechperson mit Telefonnummer"),
        ({"recipient": ""}, "Die Anschrift braucht eine bis 6 Zeilen"),
        ({"recipient": "\n".join("abcdefg")}, "Die Anschrift braucht eine bis 6 Zeilen"),
        ({"body": ""}, "Das Schreiben hat keinen Text"),
        ({"subject": ""}, "Der Betreff fehlt"),
    ],
)
def test_an_incomplete_letter_is_not_issued(krm, changes, sentence):
    letter = edit_letter(by=krm, letter=draft(krm, make.case(krm)), expected_version=1, **changes)
    with pytest.raises(NotAllowed, match=sentence):
        issue_letter(by=krm, letter=letter, expected_version=letter.version, dated_on=TODAY)


def test_a_final_letter_with_words_missing_is_not_issued(krm):
    letter = draft(krm, make.case(krm), Letter.Kind.FINAL)
    with pytest.raises(NotAllowed, match="noch etwas zu ergänzen"):
        issue_letter(by=krm, letter=letter, expected_version=1, dated_on=TODAY)


@pytest.mark.parametrize("dated_on", [TODAY + timedelta(days=1), FRIDAY])
def test_a_letter_is_dated_between_eingang_and_today(krm, dated_on):
    letter = draft(krm, make.case(krm))
    with pytest.raises(NotAllowed, match="Datum"):
        issue_letter(by=krm, letter=letter, expected_version=1, dated_on=dated_on)


def test_a_text_changed_meanwhile_is_not_issued(krm):
    letter = draft(krm, make.case(krm))
    edit_letter(by=krm, letter=letter, expected_version=1, subject="neu")
    with pytest.raises(ChangedMeanwhile):
        issue_letter(by=krm, letter=letter, expected_version=1, dated_on=TODAY)


def test_an_issued_letter_can_be_taken_back_until_it_is_sent(krm):
    case = make.case(krm)
    letter = issued(krm, case)
    assert render_letters() == 1
    letter.refresh_from_db()
    letter = withdraw_letter(by=krm, letter=letter, note="Es fehlt etwas.")
    assert (letter.state, letter.text_hash, letter.pdf) == ("Entwurf", "", None)
    assert case.documents.get().category == Document.Category.INTERNAL
    sent_letter = sent(krm, make.case(krm))
    with pytest.raises(NotAllowed, match="schon am 23.11.2026 versandt"):
        withdraw_letter(by=krm, letter=sent_letter)


def test_a_discarded_draft_leaves_only_its_event(krm):
    case = make.case(krm)
    discard_letter(by=krm, letter=draft(krm, case))
    assert case.letters.count() == 0
    assert case.events.last().code == "letter.discarded"


def test_sending_the_acknowledgement_meets_its_deadline_k1(krm):
    case = make.case(krm, received_on=FRIDAY)
    sent(krm, case)
    case.refresh_from_db()
    assert deadlines(case) == {
        "acknowledgement": (TODAY, None),
        "closure": (None, None),
        "interim": (None, None),
    }
    assert (case.status, case.next_due_on) == ("new", case.deadlines.get(kind="interim").due_on)


def test_sending_the_final_letter_answers_the_case_and_ends_its_deadlines_k2(krm):
    case = make.case(krm, received_on=FRIDAY)
    sent(krm, case, Letter.Kind.FINAL)
    case.refresh_from_db()
    assert deadlines(case) == {
        "acknowledgement": (TODAY, None),
        "closure": (TODAY, None),
        "interim": (None, TODAY),
    }
    assert (case.status, case.answered_on, case.settlement, case.next_due_on) == ("answered", TODAY, "letter", None)


def test_an_acknowledgement_already_met_keeps_its_day_when_the_answer_goes_out(krm):
    case = make.case(krm, received_on=FRIDAY)
    sent(krm, case, on=FRIDAY)
    sent(krm, case, Letter.Kind.FINAL)
    assert deadlines(case)["acknowledgement"] == (FRIDAY, None)


def test_a_letter_is_sent_once(krm):
    case = make.case(krm)
    letter = issued(krm, case)
    dispatch_letter(by=krm, letter=letter, sent_on=TODAY, way="post")
    before = deadlines(case)
    with pytest.raises(NotAllowed, match="schon am 23.11.2026 versandt"):
        dispatch_letter(by=actor("pankow.krm2"), letter=letter, sent_on=TODAY, way="fax")
    assert deadlines(case) == before
    assert Event.objects.filter(case=case, code="letter.dispatched").count() == 1


def test_the_front_office_may_note_the_dispatch(krm):
    letter = dispatch_letter(by=actor("pankow.vz"), letter=issued(krm, make.case(krm)), sent_on=TODAY, way="post")
    assert (letter.sent_by.username, letter.way) == ("pankow.vz", "post")


@pytest.mark.parametrize(
    ("sent_on", "way", "sentence"),
    [
        (TODAY + timedelta(days=1), "post", "nicht in der Zukunft"),
        (FRIDAY, "post", "nicht vor dem Datum des Schreibens"),
        (TODAY, "taube", "Versandweg"),
    ],
)
def test_an_impossible_dispatch_is_refused(krm, sent_on, way, sentence):
    letter = issued(krm, make.case(krm, received_on=FRIDAY))
    with pytest.raises(NotAllowed, match=sentence):
        dispatch_letter(by=krm, letter=letter, sent_on=sent_on, way=way)


def test_a_draft_cannot_be_sent(krm):
    with pytest.raises(NotAllowed, match="noch ein Entwurf"):
        dispatch_letter(by=krm, letter=draft(krm, make.case(krm)), sent_on=TODAY, way="post")


def test_an_issued_letter_gets_its_pdf_once_however_often_the_work_runs(krm):
    case = make.case(krm)
    letter = issued(krm, case)
    draft(krm, case, Letter.Kind.FINAL)
    assert [render_letters(), render_letters()] == [1, 0]
    document = case.documents.get()
    letter.refresh_from_db()
    assert (letter.pdf, document.name, document.category) == (
        document,
        f"Eingangsbestätigung {case.reference}.pdf",
        "outgoing",
    )
    with document.file.open() as file:
        assert file.read()[:5] == b"%PDF-"


def test_a_pdf_that_comes_second_is_not_kept(krm):
    case = make.case(krm)
    letter = issued(krm, case)
    assert store_pdf(by=krm, letter=letter, pdf=b"%PDF-1")
    assert not store_pdf(by=krm, letter=letter, pdf=b"%PDF-2")
    assert case.documents.count() == 1


def test_a_pdf_of_an_older_text_is_not_kept(krm):
    case = make.case(krm)
    old = issued(krm, case)
    draft_again = withdraw_letter(by=krm, letter=old, note="Es fehlt etwas.")
    changed = edit_letter(by=krm, letter=draft_again, expected_version=draft_again.version, subject="neu")
    issue_letter(by=krm, letter=changed, expected_version=changed.version, dated_on=TODAY)
    assert not store_pdf(by=krm, letter=old, pdf=b"%PDF-1")


def test_one_letter_that_cannot_be_printed_does_not_hold_up_the_others(krm):
    broken, fine = issued(krm, make.case(krm)), issued(krm, make.case(krm))
    Letter.objects.filter(pk=broken.pk).update(recipient="")
    assert render_letters() == 1
    fine.refresh_from_db()
    broken.refresh_from_db()
    assert (broken.pdf, fine.pdf is None) == (None, False)


@pytest.mark.parametrize("channel", [c for c in Channel if c != Channel.OPINION_CARD])
@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.PRAISE, Kind.SUGGESTION])
def test_every_template_can_be_printed_as_it_is(krm, channel, kind):
    case = register(
        by=krm, office=make.Office.objects.get(slug="pankow"),
        registration=make.registration(make.Office.objects.get(slug="pankow"), channel=channel, kind=kind),
    )  # fmt: skip
    letter = issued(krm, case)
    assert letter.state == "ausgefertigt"


@pytest.mark.django_db(transaction=True)
def test_two_people_who_send_at_the_same_moment_send_once(transactional_db):
    by = actor("pankow.krm")
    case = make.case(by)
    letter = issued(by, case)
    start = threading.Barrier(2)

    def send(way: str) -> str:
        try:
            start.wait()
            return dispatch_letter(by=by, letter=letter, sent_on=TODAY, way=way).way
        except NotAllowed as refusal:
            return refusal.reason
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        answers = list(people.map(send, ["post", "fax"]))
    letter.refresh_from_db()
    assert sorted(answers) == sorted([letter.way, "Das Schreiben wurde schon am 23.11.2026 versandt."])
    assert Event.objects.filter(case=case, code="letter.dispatched").count() == 1
