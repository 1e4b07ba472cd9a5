"""A letter on its way through the house: given to signature, co-signed, signed at the right level, returned."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO

import pdfplumber
import pytest
from django.db import connection

from cases.access import grant, seal
from cases.handling.actions.assign import hand_to_unit
from cases.letters.actions.writing import discard_letter, dispatch_letter, draft_letter, edit_letter
from cases.letters.reading.paper import letter_pdf
from cases.models import Assignment, Case, ConcernedEmployee, Event, Letter, Signature
from cases.recusal.actions.complained_about import name_employee
from cases.rules.assignments import AssignmentKind
from cases.rules.directives import PointData, PointKind
from cases.rules.kinds import Kind
from cases.rules.registration import EmployeeData
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.signing.actions import co_sign_letter, issue_letter, return_letter, submit_letter, withdraw_letter
from cases.signing.reading.sign_desk import choices
from cases.signing.reading.signers import content_hash, specialists, text_hash
from cases.transfers.actions.triage import register_transfer
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.models import Membership, Office, Substitution, User
from offices.roles import Role
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")


def person(username: str) -> User:
    return User.objects.get(username=username)


def unit(office: str, number: str = "711"):
    return Office.objects.get(slug=office).units.get(number=number)


def case_of(office: str, **changes) -> Case:
    krm = actor(f"{office}.krm")
    return make.case(krm, unit_id=unit(office).pk, **changes)


def answer(office: str, *, level: Role | None = None, case: Case | None = None, **changes) -> Letter:
    """The draft of a final letter, by the KRM; in Pankow after a Verfügung that names `level`."""
    krm, case = actor(f"{office}.krm"), case or case_of(office)
    if level:
        make.directed(krm, case, level)
    return make.answer(krm, case, **changes)


def submitted(letter: Letter, by: str = "", **changes) -> Letter:
    who = actor(by or letter.drafted_by.username)
    return submit_letter(by=who, letter=letter, expected_version=letter.version, **changes)


def sign(letter: Letter, username: str, **changes) -> Letter:
    return issue_letter(by=actor(username), letter=letter, expected_version=letter.version, dated_on=TODAY, **changes)


def co_sign(letter: Letter, username: str) -> Letter:
    return co_sign_letter(by=actor(username), letter=letter, expected_version=letter.version)


def asked(letter: Letter) -> dict[str, str]:
    """Kind -> username of what is open on a letter."""
    return {a.kind: a.user.username for a in letter.assignments.open().select_related("user")}


def words_of(letter: Letter) -> str:
    with pdfplumber.open(BytesIO(letter_pdf(letter))) as file:
        return "\n".join(page.extract_text() for page in file.pages)


def stand_in(absent: str, deputy: str) -> None:
    Substitution.objects.create(absent=person(absent), deputy=person(deputy), from_on=TODAY, until_on=TODAY)


# Who signs


@pytest.mark.parametrize(
    ("level", "who", "others"),
    [
        (Role.TEAM_LEAD, "pankow.tl", ["pankow.tl2", "pankow.bl", "pankow.gf", "pankow.krm"]),
        (Role.DIVISION_LEAD, "pankow.bl", ["pankow.tl", "pankow.gf", "pankow.krm"]),
        (Role.MANAGEMENT, "pankow.gf", ["pankow.tl", "pankow.bl", "pankow.lgf", "pankow.krm"]),
    ],
)
def test_in_pankow_the_answer_is_signed_at_the_level_of_the_verfuegung_pan23(level, who, others):
    letter = submitted(answer("pankow", level=level))
    assert asked(letter) == {"sign_letter": who}
    for other in others:
        with pytest.raises(NotAllowed):
            sign(letter, other)
    signed = sign(letter, who)
    signature = signed.signatures.get()
    assert (signature.kind, signature.role, signature.by.username, signature.text_hash) == (
        "final", level, who, text_hash(signed),
    )  # fmt: skip


def test_the_wrong_level_is_told_who_signs():
    letter = submitted(answer("pankow", level=Role.MANAGEMENT))
    with pytest.raises(NotAllowed, match=r"^Dieses Schreiben zeichnet: Geschäftsführung\.$"):
        sign(letter, "pankow.krm")


def test_without_a_verfuegung_nobody_in_pankow_signs_the_answer():
    krm, case = actor("pankow.krm"), case_of("pankow")
    letter = draft_letter(by=krm, case=case, kind=Letter.Kind.FINAL)
    letter = edit_letter(by=krm, letter=letter, expected_version=1, body="wir helfen ab.")
    for action in (submitted, lambda letter: sign(letter, "pankow.krm")):
        with pytest.raises(NotAllowed, match=r"Die Verfügung muss nennen, wer zeichnet \(K21\)"):
            action(letter)


@pytest.mark.parametrize("office", ["gera", "berlin-nord"])
def test_in_gera_and_sgb3_the_krm_signs_the_answer_in_one_step(office):
    letter = sign(answer(office), f"{office}.krm")
    assert (letter.state, letter.signatures.get().role) == ("ausgefertigt", Role.KRM_OFFICER)


def test_in_gera_the_teamleitung_may_sign_too_but_no_other_team():
    letter = answer("gera")
    with pytest.raises(NotAllowed, match="nicht .mehr. zugänglich"):
        sign(letter, "gera.tl2")
    assert sign(letter, "gera.tl").signatures.get().role == Role.TEAM_LEAD


@pytest.mark.parametrize("kind", [Kind.PETITION, Kind.SUBMISSION])
def test_in_gera_petitions_and_eingaben_wait_for_the_geschaeftsfuehrung(kind):
    letter = submitted(answer("gera", case=case_of("gera", kind=kind)))
    assert asked(letter) == {"sign_letter": "gera.gf"}
    with pytest.raises(NotAllowed, match="zeichnet: Geschäftsführung"):
        sign(letter, "gera.krm")


@pytest.mark.parametrize("office", ["pankow", "germersheim", "gera", "berlin-nord"])
def test_the_krm_signs_the_acknowledgement_it_drafted_everywhere(office):
    krm = actor(f"{office}.krm")
    letter = draft_letter(by=krm, case=case_of(office), kind=Letter.Kind.ACKNOWLEDGEMENT)
    assert sign(letter, f"{office}.krm").state == "ausgefertigt"


def test_a_complaint_against_the_geschaeftsfuehrung_is_answered_by_the_krm_alone_pan7():
    case = case_of("pankow", kind=Kind.CONDUCT_COMPLAINT)
    Case.objects.filter(pk=case.pk).update(against_management=True)
    case.refresh_from_db()
    letter = answer("pankow", case=case, level=Role.KRM_OFFICER)
    with pytest.raises(NotAllowed, match="nicht .mehr. zugänglich"):
        sign(letter, "pankow.gf")
    assert sign(letter, "pankow.krm").signatures.get().role == Role.KRM_OFFICER


def against_management(office: str) -> Case:
    about = (EmployeeData(user_id=person(f"{office}.gf").pk),)
    return case_of(office, employees=about)


@pytest.mark.parametrize(
    ("office", "kind"),
    [("germersheim", "final"), ("gera", "final"), ("berlin-nord", "final"), ("pankow", "interim")],
)
def test_against_the_geschaeftsfuehrung_the_krm_signs_without_asking_any_leader_or_fachkraft_pan7(office, kind):
    krm, case = actor(f"{office}.krm"), against_management(office)
    letter = draft_letter(by=krm, case=case, kind=kind)
    if kind == "final":
        letter = edit_letter(by=krm, letter=letter, expected_version=1, body=make.ANSWER)
    letter = sign(letter, f"{office}.krm")
    assert (letter.state, letter.consulted, case.assignments.count()) == ("ausgefertigt", False, 0)


def test_a_verfuegung_from_before_it_was_known_asks_no_leader_to_co_sign_pan7():
    krm, case = actor("pankow.krm"), case_of("pankow")
    named = [PointData(PointKind.CO_SIGN, person_id=person(f"pankow.{who}").pk) for who in ("tl", "ma")]
    make.directed(krm, case, Role.MANAGEMENT, points=(*named, PointData(PointKind.FILE)))
    name_employee(by=krm, case=case, user=person("pankow.gf"))
    letter = submitted(make.answer(krm, Case.objects.get(pk=case.pk)))
    assert asked(letter) == {"agree_letter": "pankow.ma"}


def test_who_is_complained_about_is_not_asked_to_sign_b4_8():
    about = (EmployeeData(user_id=person("pankow.tl").pk),)
    letter = answer("pankow", level=Role.TEAM_LEAD, case=case_of("pankow", employees=about))
    with pytest.raises(NotAllowed, match=r"Für die Schlusszeichnung \(Teamleitung\) ist niemand da"):
        submitted(letter)


def test_nobody_signs_from_the_seat_of_who_is_complained_about_b4_8():
    stand_in("pankow.tl", "pankow.tl2")
    about = (EmployeeData(user_id=person("pankow.tl").pk),)
    letter = answer("pankow", level=Role.TEAM_LEAD, case=case_of("pankow", employees=about))
    with pytest.raises(NotAllowed, match="zeichnet: Teamleitung"):
        sign(letter, "pankow.tl2")


def test_a_sealed_case_is_signed_by_a_person_with_a_grant():
    krm, case = actor("gera.krm"), case_of("gera", kind=Kind.PETITION)
    seal(by=krm, case=case)
    letter = answer("gera", case=case)
    with pytest.raises(NotAllowed, match="ist niemand da"):
        submitted(letter)
    grant(by=krm, case=case, user=person("gera.gf"))
    assert sign(submitted(letter), "gera.gf").state == "ausgefertigt"


def test_whoever_wrote_at_the_answer_co_signs_it_no_more_ger21():
    letter = answer("germersheim")
    tl = actor("germersheim.tl")
    hand_to_unit(by=actor("germersheim.krm"), case=letter.case, unit=unit("germersheim"))
    body = f"{letter.body} Ich bedaure das."
    letter = edit_letter(by=tl, letter=letter, expected_version=letter.version, body=body)

    assert tl.user not in specialists(letter, TODAY)
    with pytest.raises(NotAllowed, match="kann diese Antwort nicht abgestimmt werden"):
        submitted(letter, specialist=tl.user)


def test_nor_in_place_of_who_was_asked_ger21():
    letter = answer("germersheim")
    tl2 = actor("germersheim.tl2")
    letter.authors.add(tl2.user)
    letter = submitted(letter, specialist=person("germersheim.tl"))
    stand_in("germersheim.tl", "germersheim.tl2")
    with pytest.raises(NotAllowed, match="Wer an dem Schreiben geschrieben hat"):
        co_sign_letter(by=actor("germersheim.tl2"), letter=letter, expected_version=letter.version)
    assert not choices(actor("germersheim.tl2"), letter).may_co_sign


# What stands above the name


@pytest.mark.parametrize(
    ("level", "who", "line"),
    [
        (Role.MANAGEMENT, "pankow.gf", "Gudrun Falk\nGeschäftsführung"),
        (Role.TEAM_LEAD, "pankow.tl", "i. A. Tobias Lindner\nTeamleitung"),
    ],
)
def test_the_printed_name_is_the_signers_not_the_drafters_b5(level, who, line):
    letter = sign(submitted(answer("pankow", level=level)), who)
    text = words_of(letter)
    assert (letter.signature, line in text, "Entwurf" in text) == (line, True, False)


def test_the_deputy_of_the_geschaeftsfuehrung_signs_in_vertretung_on_paper_and_in_the_log():
    stand_in("pankow.gf", "pankow.bl")
    letter = sign(submitted(answer("pankow", level=Role.MANAGEMENT)), "pankow.bl")
    signature = letter.signatures.get()
    assert "i. V. Birgit Lorenz\nGeschäftsführung" in words_of(letter)
    assert (signature.role, signature.by.username, signature.for_user.username) == (
        Role.MANAGEMENT, "pankow.bl", "pankow.gf",
    )  # fmt: skip
    assert Event.objects.get(code="letter.issued").for_user.username == "pankow.gf"


def test_a_deputy_of_yesterday_does_not_sign_today():
    yesterday = TODAY - timedelta(days=1)
    Substitution.objects.create(
        absent=person("pankow.gf"), deputy=person("pankow.bl"), from_on=yesterday, until_on=yesterday
    )
    letter = submitted(answer("pankow", level=Role.MANAGEMENT))
    with pytest.raises(NotAllowed, match="zeichnet: Geschäftsführung"):
        sign(letter, "pankow.bl")


def test_the_krm_signs_im_auftrag():
    letter = sign(answer("gera"), "gera.krm")
    assert "i. A. Karin Ahrens\nKundenreaktionsmanagement" in words_of(letter)


# The text that was signed


def test_what_lies_for_signature_cannot_be_edited_or_discarded():
    letter = submitted(answer("pankow", level=Role.MANAGEMENT))
    krm = actor("pankow.krm")
    for refused in (
        lambda: edit_letter(by=krm, letter=letter, expected_version=letter.version, body="anders"),
        lambda: discard_letter(by=krm, letter=letter),
        lambda: submitted(letter),
    ):
        with pytest.raises(NotAllowed, match="liegt schon zur Zeichnung"):
            refused()


def test_a_comma_changed_after_the_signature_needs_a_new_one():
    letter = sign(submitted(answer("pankow", level=Role.MANAGEMENT, body="Ja wir helfen.")), "pankow.gf")
    first = letter.signatures.get()
    krm = actor("pankow.krm")
    letter = withdraw_letter(by=krm, letter=letter, note="Es fehlt etwas.")
    first.refresh_from_db()
    assert (letter.state, letter.signature, first.voided_at is None) == ("Entwurf", "", False)
    letter = edit_letter(by=krm, letter=letter, expected_version=letter.version, body="Ja, wir helfen.")
    with pytest.raises(NotAllowed, match="noch ein Entwurf"):
        dispatch_letter(by=krm, letter=letter, sent_on=TODAY, way="post")
    letter = sign(submitted(letter), "pankow.gf")
    second = letter.signatures.valid().get()
    assert (second.pk == first.pk, second.text_hash == first.text_hash) == (False, False)


@pytest.mark.parametrize(
    ("who", "is_theirs"), [("krm", True), ("krm2", True), ("gf", True), ("tl", False), ("bl", False)]
)
def test_signer_submitter_and_krm_take_back_what_is_signed_and_say_why(who, is_theirs):
    letter = sign(submitted(answer("pankow", level=Role.MANAGEMENT)), "pankow.gf")
    by = actor(f"pankow.{who}")
    if not is_theirs:
        with pytest.raises(NotAllowed, match="wer es gezeichnet oder dazu gegeben hat, oder das KRM"):
            withdraw_letter(by=by, letter=letter, note="Zu lang.")
        return
    with pytest.raises(NotAllowed, match="Bitte schreiben, warum") as refusal:
        withdraw_letter(by=by, letter=letter, note=" ")
    assert refusal.value.field == "note"
    letter = withdraw_letter(by=by, letter=letter, note="Zu lang.")

    event = Event.objects.get(code="letter.withdrawn")
    told = letter.case.assignments.filter(kind="read_mention", note=event.note)
    assert (event.note.text, [a.user.username for a in told]) == ("Zu lang.", [] if who == "gf" else ["pankow.gf"])


def test_co_signatures_fall_with_the_text_too():
    letter = submitted(answer("germersheim"))
    letter = co_sign(letter, "germersheim.tl")
    letter = withdraw_letter(by=actor("germersheim.krm"), letter=letter)
    assert (letter.signatures.valid().count(), asked(letter)) == (0, {})
    with pytest.raises(NotAllowed, match="braucht eine Mitzeichnung"):
        sign(letter, "germersheim.krm")


def test_a_co_signature_under_another_text_does_not_count():
    letter = co_sign(submitted(answer("germersheim")), "germersheim.tl")
    Letter.objects.filter(pk=letter.pk).update(body="ganz etwas anderes")
    letter.refresh_from_db()
    with pytest.raises(NotAllowed, match="Bitte die Fachkraft wählen"):
        sign(letter, "germersheim.krm")


# Co-signatures


def test_in_germersheim_the_answer_is_agreed_with_the_lead_of_the_unit_before_it_is_signed_ger21():
    letter = submitted(answer("germersheim"))
    assert asked(letter) == {"agree_letter": "germersheim.tl"}
    with pytest.raises(NotAllowed, match=r"Es fehlt noch die Mitzeichnung: Tobias Lindner\."):
        sign(letter, "germersheim.krm")
    letter = co_sign(letter, "germersheim.tl")
    signature = letter.signatures.get()
    assert (signature.kind, signature.role, signature.text_hash) == (
        "co_signature", Role.TEAM_LEAD, content_hash(letter),
    )  # fmt: skip
    assert asked(letter) == {"sign_letter": "germersheim.krm"}
    assert sign(letter, "germersheim.krm").state == "ausgefertigt"


def test_another_fachkraft_of_the_unit_can_be_chosen_and_sees_the_case_then():
    letter = submitted(answer("germersheim"), specialist=person("germersheim.ma"))
    assert asked(letter) == {"agree_letter": "germersheim.ma"}
    letter = co_sign(letter, "germersheim.ma")
    assert letter.signatures.get().role == Role.EMPLOYEE


@pytest.mark.parametrize("who", ["germersheim.ma2", "germersheim.vz"])
def test_a_fachkraft_of_another_unit_is_refused(who):
    with pytest.raises(NotAllowed, match="kann diese Antwort nicht abgestimmt werden"):
        submitted(answer("germersheim"), specialist=person(who))


def test_without_a_unit_the_fachkraft_has_to_be_named():
    letter = answer("germersheim", case=make.case(actor("germersheim.krm")))
    with pytest.raises(NotAllowed, match="Bitte die Fachkraft wählen"):
        submitted(letter)
    assert asked(submitted(letter, specialist=person("germersheim.ma2"))) == {"agree_letter": "germersheim.ma2"}


def about(username: str) -> Letter:
    named = EmployeeData(user_id=person(username).pk)
    return answer("germersheim", case=case_of("germersheim", employees=(named,)))


@pytest.mark.parametrize("who", ["germersheim.tl", "germersheim.ma"])
def test_nobody_of_the_unit_co_signs_about_its_lead_but_the_lead_above(who):
    letter = about("germersheim.tl")
    with pytest.raises(NotAllowed, match="kann diese Antwort nicht abgestimmt werden"):
        submitted(letter, specialist=person(who))
    assert asked(submitted(letter)) == {"agree_letter": "germersheim.bl"}


@pytest.mark.parametrize("who", ["germersheim.tl", "germersheim.ma"])
def test_nobody_below_co_signs_about_the_lead_of_the_division(who):
    assert person(who) not in specialists(about("germersheim.bl"), TODAY)


def test_nobody_co_signs_who_stands_in_for_a_person_complained_about():
    letter = about("germersheim.ma")
    stand_in("germersheim.ma", "germersheim.tl")

    assert person("germersheim.tl") not in specialists(letter, TODAY)


def test_who_was_asked_does_not_co_sign_once_the_superior_is_named():
    letter = submitted(answer("germersheim"), specialist=person("germersheim.ma"))
    ConcernedEmployee.objects.create(case=letter.case, user=person("germersheim.tl"))
    with pytest.raises(NotAllowed, match="unterstellt"):
        co_sign(letter, "germersheim.ma")


def test_who_drafted_it_does_not_co_sign():
    case = hand_to_unit(by=actor("germersheim.krm"), case=case_of("germersheim"), unit=unit("germersheim"))
    letter = draft_letter(by=actor("germersheim.tl"), case=case, kind=Letter.Kind.FINAL)
    letter = edit_letter(by=actor("germersheim.tl"), letter=letter, expected_version=1, body="wir helfen.")
    with pytest.raises(NotAllowed, match="kann diese Antwort nicht abgestimmt werden"):
        submitted(letter, specialist=person("germersheim.tl"))


def test_the_deputy_of_a_co_signer_who_drafted_it_does_not_co_sign_either():
    stand_in("germersheim.tl", "germersheim.krm")
    letter = submitted(answer("germersheim"))
    with pytest.raises(NotAllowed, match="kann es nicht selbst mitzeichnen"):
        co_sign(letter, "germersheim.krm")


def test_who_read_an_older_text_does_not_co_sign_the_new_one():
    letter = submitted(answer("germersheim"))
    read = letter.version
    letter = withdraw_letter(by=actor("germersheim.krm"), letter=letter)
    letter = edit_letter(
        by=actor("germersheim.krm"), letter=letter, expected_version=letter.version, body="wir lehnen ab."
    )
    letter = submitted(letter)
    with pytest.raises(ChangedMeanwhile):
        co_sign_letter(by=actor("germersheim.tl"), letter=letter, expected_version=read)
    assert letter.signatures.count() == 0


def co_signed_by_unit(number: str, **changes) -> Letter:
    """The answer of a Pankow case whose Verfügung lets a unit co-sign."""
    krm, case = actor("pankow.krm"), case_of("pankow", **changes)
    point = PointData(PointKind.CO_SIGN, unit_id=unit("pankow", number).pk)
    make.directed(krm, case, points=(point, PointData(PointKind.FILE)))
    return make.answer(krm, case)


def test_the_next_lead_above_co_signs_for_a_unit_whose_lead_is_complained_about_b4_8():
    letter = co_signed_by_unit("711", employees=(EmployeeData(user_id=person("pankow.tl").pk),))
    assert asked(submitted(letter)) == {"agree_letter": "pankow.bl"}


def test_the_next_lead_above_co_signs_for_a_unit_whose_lead_wrote_at_it_ger21():
    letter = co_signed_by_unit("711")
    letter.authors.add(person("pankow.tl"))
    assert asked(submitted(letter)) == {"agree_letter": "pankow.bl"}


def test_a_mitzeichnung_is_not_left_out_because_nobody_leads_the_unit_any_more():
    letter = co_signed_by_unit("711")
    Membership.objects.filter(role__in=(Role.TEAM_LEAD, Role.DIVISION_LEAD, Role.LGF)).delete()
    with pytest.raises(NotAllowed, match="niemand mehr da; bitte neu verfügen"):
        submitted(letter)
    with pytest.raises(NotAllowed, match="braucht eine Mitzeichnung"):
        sign(letter, "pankow.gf")


def test_only_who_was_asked_co_signs_and_only_once():
    letter = submitted(answer("germersheim"))
    co_sign(letter, "germersheim.tl")
    for who, sentence in (("germersheim.tl", "zugänglich"), ("germersheim.krm", r"nicht \(mehr\) erbeten")):
        with pytest.raises(NotAllowed, match=sentence):
            co_sign(letter, who)
    assert Signature.objects.filter(letter=letter).count() == 1


def test_the_verfuegung_names_co_signers_by_person_and_by_unit():
    krm, case = actor("pankow.krm"), case_of("pankow")
    one = PointData(PointKind.CO_SIGN, person_id=person("pankow.ma").pk)
    other = PointData(PointKind.CO_SIGN, unit_id=unit("pankow", "712").pk)
    make.directed(krm, case, points=(one, other, PointData(PointKind.FILE)))
    letter = submitted(make.answer(krm, case))
    found = letter.assignments.open().filter(kind=AssignmentKind.AGREE_LETTER)
    assert {a.user.username for a in found} == {"pankow.ma", "pankow.tl2"}
    letter = co_sign(letter, "pankow.ma")
    with pytest.raises(NotAllowed, match=r"Es fehlt noch die Mitzeichnung: Tanja Liebig\."):
        sign(letter, "pankow.gf")
    letter = co_sign(letter, "pankow.tl2")
    assert asked(letter) == {"sign_letter": "pankow.gf"}


# The case goes along, and back


def test_the_case_lies_with_the_signer_until_the_answer_is_signed():
    letter = answer("pankow", level=Role.MANAGEMENT)
    stations = [Case.objects.get(pk=letter.case_id).status]
    letter = submitted(letter)
    stations.append(Case.objects.get(pk=letter.case_id).status)
    sign(letter, "pankow.gf")
    stations.append(Case.objects.get(pk=letter.case_id).status)
    assert stations == ["with_krm", "in_signature", "with_krm"]
    assert letter.assignments.open().count() == 0


def test_a_returned_letter_is_a_draft_again_with_the_note_and_without_signatures():
    letter = co_sign(submitted(answer("germersheim")), "germersheim.tl")
    with pytest.raises(NotAllowed, match="Bitte schreiben, was zu ändern ist"):
        return_letter(by=actor("germersheim.krm"), letter=letter, note=" ")
    letter = return_letter(by=actor("germersheim.krm2"), letter=letter, note="Bitte freundlicher.")
    case = Case.objects.get(pk=letter.case_id)
    event = case.events.get(code="letter.returned")
    assert (letter.state, case.status, event.note.text, letter.signatures.valid().count()) == (
        "Entwurf", "with_krm", "Bitte freundlicher.", 0,
    )  # fmt: skip
    assert asked(letter) == {}
    assert Assignment.objects.get(kind="read_mention").user.username == "germersheim.krm"


@pytest.mark.parametrize("who", ["pankow.krm", "pankow.tl", "pankow.lgf", "pankow.vz"])
def test_only_who_signs_or_co_signs_returns(who):
    letter = submitted(answer("pankow", level=Role.MANAGEMENT))
    with pytest.raises(NotAllowed, match="zeichnet: Geschäftsführung"):
        return_letter(by=actor(who), letter=letter, note="Anders.")


def test_a_case_at_the_unit_can_be_answered_by_its_teamleitung_and_signed_above():
    krm, case = actor("pankow.krm"), case_of("pankow")
    make.directed(krm, case, Role.DIVISION_LEAD)
    hand_to_unit(by=krm, case=case, unit=unit("pankow"))
    letter = submitted(make.answer(actor("pankow.tl"), case), by="pankow.tl")
    assert asked(letter) == {"sign_letter": "pankow.bl"}
    assert sign(letter, "pankow.bl").drafted_by.username == "pankow.tl"


def test_acknowledgements_and_interim_letters_go_out_while_the_answer_waits_for_its_signature():
    krm, letter = actor("pankow.krm"), submitted(answer("pankow", level=Role.MANAGEMENT))
    case = Case.objects.get(pk=letter.case_id)
    for kind, changes in ((Letter.Kind.ACKNOWLEDGEMENT, {}), (Letter.Kind.INTERIM, {"consulted": True})):
        draft = draft_letter(by=krm, case=case, kind=kind)
        draft = edit_letter(by=krm, letter=draft, expected_version=1, **changes)
        dispatch_letter(by=krm, letter=sign(draft, "pankow.krm"), sent_on=TODAY, way="post")
    case.refresh_from_db()
    assert case.status == "in_signature"


# The answer to a Datenschutz matter


def data_protection_answer() -> Letter:
    krm, office = actor("pankow.krm"), Office.objects.get(slug="pankow")
    data = TransferData(
        reason=Reason.DATA_PROTECTION, subject="Meine Daten", text="Wer hat sie?", received_on=TODAY, person=make.PERSON
    )
    transfer = make.handed_over(krm, register_transfer(by=krm, office=office, data=data))
    dpo = actor("pankow.dsb")
    letter = draft_letter(by=dpo, transfer=transfer, kind=Letter.Kind.DATA_PROTECTION)
    return edit_letter(by=dpo, letter=letter, expected_version=1, body="niemand außer uns.")


def test_the_signer_of_a_letter_on_an_abgabe_learns_why_it_was_taken_back():
    letter = sign(submitted(data_protection_answer()), "pankow.gf")
    withdraw_letter(by=actor("pankow.dsb"), letter=letter, note="Ein Empfänger fehlt.")
    told = letter.assignments.get(kind="take_note")
    assert (told.user, told.task) == (person("pankow.gf"), "Ein Empfänger fehlt.")


def test_the_answer_about_data_protection_is_drafted_by_the_dpo_and_signed_by_the_geschaeftsfuehrung_k11():
    letter = data_protection_answer()
    for who in ("pankow.dsb", "pankow.krm"):
        with pytest.raises(NotAllowed):
            sign(letter, who)
    letter = submitted(letter)
    assert asked(letter) == {"sign_letter": "pankow.gf"}
    letter = sign(letter, "pankow.gf")
    assert (letter.signature, letter.contact_name) == ("Gudrun Falk\nGeschäftsführung", "Dirk Schubert")
    sent_letter = dispatch_letter(by=actor("pankow.krm"), letter=letter, sent_on=TODAY, way="post")
    assert (sent_letter.state, asked(letter)) == ("versandt", {})


def test_a_returned_answer_about_data_protection_is_a_draft_of_the_dpo_again():
    letter = submitted(data_protection_answer())
    with pytest.raises(NotAllowed, match="höchstens 200 Zeichen"):
        return_letter(by=actor("pankow.gf"), letter=letter, note="lang " * 41)
    letter = return_letter(by=actor("pankow.gf"), letter=letter, note="Kürzer.")
    assert (letter.state, asked(letter)) == ("Entwurf", {"take_note": "pankow.dsb"})
    assert letter.assignments.open().get().to_do == "Kürzer."


def test_nobody_else_drafts_the_answer_about_data_protection():
    transfer = data_protection_answer().transfer
    transfer.letters.all().delete()
    with pytest.raises(NotAllowed, match="entwirft die oder der Datenschutzbeauftragte oder das KRM"):
        draft_letter(by=actor("pankow.gf"), transfer=transfer, kind=Letter.Kind.DATA_PROTECTION)


# Interim letters


def interim(office: str, case: Case | None = None, **changes) -> Letter:
    krm, case = actor(f"{office}.krm"), case or case_of(office)
    letter = draft_letter(by=krm, case=case, kind=Letter.Kind.INTERIM)
    return edit_letter(by=krm, letter=letter, expected_version=letter.version, **changes)


def test_an_interim_letter_proposes_and_names_the_day_of_the_answer_gera13():
    letter = interim("gera")
    assert (letter.expected_on, "voraussichtlich bis zum 07.12.2026" in letter.body) == (date(2026, 12, 7), True)


def test_another_day_promised_stands_in_the_text_at_once():
    letter = interim("gera", expected_on=date(2026, 12, 9))
    assert ("09.12.2026" in letter.body, "07.12.2026" in letter.body) == (True, False)


@pytest.mark.parametrize(
    ("expected_on", "sentence"),
    [
        (None, "bis wann die Antwort voraussichtlich kommt"),
        (TODAY, "erst nach dem heutigen Tag"),
        (date(2026, 12, 6), r"kein Arbeitstag \(Sonntag\). Möglich wäre: Freitag, 04.12.2026"),
    ],
)
def test_the_day_of_an_interim_letter_is_an_arbeitstag_ahead_gera13(expected_on, sentence):
    letter = interim("gera", expected_on=expected_on)
    with pytest.raises(NotAllowed, match=sentence):
        sign(letter, "gera.krm")


def test_a_day_the_text_does_not_name_is_not_promised():
    letter = interim("gera", body="es dauert noch.")
    with pytest.raises(NotAllowed, match="Der Text nennt den 07.12.2026 nicht"):
        sign(letter, "gera.krm")


def test_where_k3_asks_for_no_day_an_interim_letter_may_leave_it_open():
    assert sign(interim("germersheim", expected_on=None, body="es dauert noch."), "germersheim.krm").state


def test_in_pankow_teamleitung_and_bereichsleitung_are_consulted_before_an_interim_letter_pan17():
    letter = interim("pankow")
    with pytest.raises(NotAllowed, match="Rücksprache mit Teamleitung und Bereichsleitung ist gehalten"):
        sign(letter, "pankow.krm")
    krm = actor("pankow.krm")
    letter = edit_letter(by=krm, letter=letter, expected_version=letter.version, consulted=True)
    assert sign(letter, "pankow.krm").state == "ausgefertigt"


def test_in_gera_the_answer_waits_for_the_ruecksprache_with_the_teamleitung_gera5():
    letter = answer("gera", consulted=False)
    with pytest.raises(NotAllowed, match="Rücksprache mit Teamleitung ist gehalten"):
        sign(letter, "gera.krm")


def test_a_ruecksprache_holds_for_the_text_it_was_about_gera5():
    letter = answer("gera")
    krm = actor("gera.krm")
    letter = edit_letter(by=krm, letter=letter, expected_version=letter.version, subject="Ihre Beschwerde")
    assert letter.consulted
    changes = {"body": f"{letter.body} Es tut uns leid.", "consulted": True}
    letter = edit_letter(by=krm, letter=letter, expected_version=letter.version, **changes)
    assert not letter.consulted
    letter = edit_letter(by=krm, letter=letter, expected_version=letter.version, consulted=True)
    assert sign(letter, "gera.krm").state == "ausgefertigt"


def sent(letter: Letter, by: str) -> Letter:
    return dispatch_letter(by=actor(by), letter=sign(letter, by), sent_on=TODAY, way="post")


def test_sending_an_interim_letter_meets_its_deadline_and_moves_the_closure_gera13():
    case = case_of("gera")
    before = {d.kind: d.due_on for d in case.deadlines.all()}
    sent(interim("gera", case, expected_on=date(2026, 12, 18)), "gera.krm")
    interim_deadline, closure = (case.deadlines.get(kind=kind) for kind in ("interim", "closure"))
    extension = closure.extensions.get()
    case.refresh_from_db()
    assert (interim_deadline.met_on, closure.due_on, closure.met_on) == (TODAY, date(2026, 12, 18), None)
    assert (extension.old_due_on, extension.new_due_on, extension.reason) == (
        before["closure"], date(2026, 12, 18), "Zwischennachricht vom 23.11.2026",
    )  # fmt: skip
    assert case.next_due_on == date(2026, 12, 18)


def test_an_earlier_day_moves_no_deadline():
    case = case_of("gera")
    sent(interim("gera", case, expected_on=date(2026, 12, 1)), "gera.krm")
    assert case.deadlines.get(kind="closure").extensions.count() == 0


@pytest.mark.parametrize(("office", "met_on"), [("germersheim", TODAY), ("pankow", None)])
def test_in_germersheim_an_interim_letter_stands_for_the_acknowledgement_ger18(office, met_on):
    case = case_of(office)
    sent(interim(office, case, consulted=True), f"{office}.krm")
    assert case.deadlines.get(kind="acknowledgement").met_on == met_on


def test_interim_letters_follow_one_another_in_a_round():
    case = case_of("gera")
    first = interim("gera", case)
    assert interim("gera", case).pk == first.pk
    sent(interim("gera", case), "gera.krm")
    assert interim("gera", case).pk != first.pk


def test_an_answered_case_gets_no_interim_letter():
    case = case_of("gera")
    make.answered(actor("gera.krm"), case)
    with pytest.raises(NotAllowed, match="nicht mehr gebraucht"):
        interim("gera", Case.objects.get(pk=case.pk))


# Twice, and at the same moment


def test_signing_twice_signs_once():
    letter = submitted(answer("pankow", level=Role.MANAGEMENT))
    sign(letter, "pankow.gf")
    with pytest.raises(NotAllowed, match="schon ausgefertigt"):
        sign(letter, "pankow.gf")
    assert Signature.objects.filter(letter=letter).count() == 1


def test_a_page_from_before_the_return_does_not_sign():
    letter = submitted(answer("pankow", level=Role.MANAGEMENT))
    old = Letter.objects.get(pk=letter.pk)
    letter = return_letter(by=actor("pankow.gf"), letter=letter, note="Kürzer.")
    submitted(letter, by="pankow.krm")
    with pytest.raises(ChangedMeanwhile):
        sign(old, "pankow.gf")


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_the_same_moment_sign_once(transactional_db):
    letter = submitted(answer("pankow", level=Role.MANAGEMENT))
    second = User.objects.create(username="pankow.gf2", first_name="Greta", last_name="Fink")
    Membership.objects.create(user=second, office=letter.case.office, role=Role.MANAGEMENT, from_on=TODAY)
    start = threading.Barrier(2)

    def attempt(username: str) -> str:
        try:
            start.wait()
            return sign(Letter.objects.get(pk=letter.pk), username).issued_by.username
        except NotAllowed as refusal:
            return refusal.reason
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        answers = list(people.map(attempt, ["pankow.gf", "pankow.gf2"]))
    letter.refresh_from_db()
    assert sorted(answers) == sorted([letter.issued_by.username, "Das Schreiben ist schon ausgefertigt."])
    assert Signature.objects.filter(letter=letter).count() == 1
