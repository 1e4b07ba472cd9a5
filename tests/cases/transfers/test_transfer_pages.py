"""The pages of the Kein-KRM desk: first why, then what, then hand over with proof."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.intake.actions.drafts import save_draft
from cases.letters.actions.writing import dispatch_letter, draft_letter
from cases.models import Case, Letter, RegistrationDraft, Transfer
from cases.rules.lifecycle import Status
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions.triage import hand_over, register_transfer, split_off
from offices.models import User
from offices.queries import actor_for
from tests import make

DESK, NEW = "/kein-krm/", "/kein-krm/neu/"


def now(username="pankow.krm"):
    """The person as she acts today: pages take the day from the clock."""
    return actor_for(User.objects.get(username=username), timezone.localdate())


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def sign_on(client, house):
    def as_user(username):
        client.force_login(now(username).user)
        return client

    return as_user


@pytest.fixture
def krm(sign_on):
    return sign_on("pankow.krm")


def register(house, number=1, **changes) -> Transfer:
    values = {"reason": Reason.OBJECTION, "subject": f"Widerspruch {number}", "received_on": timezone.localdate()}
    return register_transfer(by=now(), office=house["pankow"], data=TransferData(**values | changes))


def sent(today, **changes) -> dict:
    return {
        "proposed_for": "objection",
        "reason": "objection",
        "recipient": "Rechtsbehelfsstelle 791/792",
        "channel": "letter",
        "received_on": today.isoformat(),
        "written_on": "",
        "decision_on": "",
        "subject": "Widerspruch gegen Minderung",
        "text": "Ich widerspreche.",
        "salutation": "",
        "accessible_form": "",
    } | changes


# The list


def references(response) -> list[str]:
    return [row["transfer"].reference for row in response.context["rows"]]


def test_the_desk_shows_what_is_still_here_with_the_shortest_period_first(krm, house, today):
    without = register(house, 1)
    later = register(house, 2, decision_on=today - timedelta(days=5))
    sooner = register(house, 3, decision_on=today - timedelta(days=25))
    gone = hand_over(by=now(), transfer=register(house, 4), way="Hauspost")
    response = krm.get(DESK)
    assert references(response) == [sooner.reference, later.reference, without.reference]
    assert (response.context["open_count"], response.context["all_count"]) == (3, 4)
    assert gone.reference in references(krm.get(f"{DESK}?stand=alle"))


def test_the_period_runs_on_the_list_only_while_the_matter_is_here(krm, house, today):
    transfer = register(house, decision_on=today - timedelta(days=5))
    (row,) = krm.get(DESK).context["rows"]
    days = (transfer.objection_until - today).days
    assert (row["signal"].text, row["is_short"]) == (f"noch {days} Tage", False)
    hand_over(by=now(), transfer=transfer, way="Hauspost")
    (row,) = krm.get(f"{DESK}?stand=alle").context["rows"]
    assert row["signal"] is None


def test_the_last_five_days_of_a_period_are_marked_on_the_list(krm, house):
    transfer = register(house)
    Transfer.objects.filter(pk=transfer.pk).update(objection_until=timezone.localdate() + timedelta(days=5))
    (row,) = krm.get(DESK).context["rows"]
    assert (row["signal"].text, row["is_short"]) == ("noch 5 Tage", True)


def test_the_list_can_be_narrowed_to_a_reason(krm, house):
    inquiry = register(house, 1, reason=Reason.INQUIRY)
    register(house, 2, reason=Reason.LAWSUIT)
    response = krm.get(f"{DESK}?grund=inquiry")
    assert references(response) == [inquiry.reference]
    assert response.context["reasons"] == [("inquiry", "fachliche Anfrage", 1), ("lawsuit", "wie eine Klage", 1)]
    assert len(references(krm.get(f"{DESK}?grund=quatsch"))) == 2


def test_the_list_is_paged(krm, house):
    for number in range(26):
        register(house, number)
    assert (len(references(krm.get(DESK))), len(references(krm.get(f"{DESK}?page=2")))) == (25, 1)


@pytest.mark.parametrize("query", ["", "?stand=alle"])
def test_one_row_costs_as_many_queries_as_thirty(krm, house, today, query):
    register(house, decision_on=today - timedelta(days=5))
    with CaptureQueriesContext(
        connection,
    ) as one:
        krm.get(DESK + query)
    for number in range(29):
        register(house, number + 2, decision_on=today - timedelta(days=5))
    with CaptureQueriesContext(connection) as thirty:
        response = krm.get(DESK + query)
    assert response.context["page_obj"].paginator.count == 30
    assert len(thirty) == len(one)


# Entering


def test_first_the_reasons_with_the_rules_of_the_office(krm):
    proposals = krm.get(NEW).context["proposals"]
    assert [reason for reason, *_ in proposals] == list(Reason)
    assert {reason: proposal.recipient for reason, _, proposal in proposals}[Reason.LAWSUIT] == "SGG-Stelle"


def test_the_form_proposes_the_recipient_and_names_the_rule(krm):
    response = krm.get(f"{NEW}?reason=objection")
    assert response.context["form"]["recipient"].value() == "Rechtsbehelfsstelle 791/792"
    assert response.context["proposal"].rule == "K10; GER-4, PAN-10"
    assert response.context["is_case_here"] is False


def test_what_is_a_case_in_this_office_is_said_to_be_one(krm):
    assert krm.get(f"{NEW}?reason=conduct_complaint").context["is_case_here"] is True


def test_entered_it_leads_to_the_page_where_it_is_handed_over(krm, today):
    person = {"first_name": "Erika", "last_name": "Muster", "street": "Weg 1", "postcode": "13187", "city": "Berlin"}
    decision_on = today - timedelta(days=10)
    response = krm.post(f"{NEW}?reason=objection", sent(today, decision_on=decision_on.isoformat(), **person))
    transfer = Transfer.objects.get()
    assert (response.status_code, response.url) == (302, f"/kein-krm/{transfer.reference}/")
    assert (transfer.subject, transfer.decision_on, transfer.persons.get().last_name) == (
        "Widerspruch gegen Minderung",
        decision_on,
        "Muster",
    )


def test_the_scanned_letter_comes_along(krm, today):
    scan = SimpleUploadedFile("widerspruch.txt", b"Ich widerspreche.", "text/plain")
    krm.post(f"{NEW}?reason=objection", sent(today, files=[scan]))
    document = Transfer.objects.get().documents.get()
    assert (document.name, document.size, document.content_type) == ("widerspruch.txt", 17, "text/plain")
    assert krm.get(f"/unterlagen/{document.pk}/").getvalue() == b"Ich widerspreche."


def test_a_file_that_may_not_be_kept_is_an_error_at_its_field(krm, today):
    page = SimpleUploadedFile("brief.html", b"<html><script>1</script></html>", "text/html")
    response = krm.post(f"{NEW}?reason=objection", sent(today, files=[page]))
    assert list(response.context["form"].errors) == ["files"]
    assert Transfer.objects.count() == 0


def test_another_reason_brings_its_own_recipient_to_be_checked_first(krm, today):
    response = krm.post(f"{NEW}?reason=objection", sent(today, reason="data_protection"))
    assert Transfer.objects.count() == 0
    assert response.context["reason_changed"] is True
    form = response.context["form"]
    assert (form["recipient"].value(), form["text"].value()) == ("Datenschutzbeauftragte/r", "Ich widerspreche.")
    confirmed = {"reason": "data_protection", "proposed_for": "data_protection", "recipient": "DSB"}
    krm.post(f"{NEW}?reason=objection", sent(today, **confirmed))
    assert (Transfer.objects.get().reason, Transfer.objects.get().recipient) == (Reason.DATA_PROTECTION, "DSB")


@pytest.mark.parametrize(
    ("field", "value"),
    [("received_on", "2999-01-01"), ("decision_on", "2999-01-01"), ("written_on", "31.02.2026"), ("subject", "")],
)
def test_what_cannot_be_is_an_error_at_its_field_and_nothing_is_lost(krm, today, field, value):
    response = krm.post(f"{NEW}?reason=objection", sent(today, **{field: value}))
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["text"].value() == "Ich widerspreche."
    assert Transfer.objects.count() == 0


def test_an_address_without_a_name_is_an_error_at_the_name(krm, today):
    response = krm.post(f"{NEW}?reason=objection", sent(today, street="Weg 1"))
    assert list(response.context["person_form"].errors) == ["last_name"]
    assert Transfer.objects.count() == 0


def test_the_same_form_sent_twice_is_entered_once(krm, today):
    krm.post(f"{NEW}?reason=objection", sent(today))
    response = krm.post(f"{NEW}?reason=objection", sent(today))
    reference = Transfer.objects.get().reference
    assert response.context["form"].non_field_errors() == [f"Das ist soeben schon erfasst worden: {reference}."]


def test_what_was_begun_on_the_page_for_registering_is_taken_over(krm, today):
    typed = {"subject": ["Gegen den Bescheid"], "text": ["Ich widerspreche."], "last_name": ["Muster"], "city": []}
    save_draft(by=now(), data=typed | {"channel": ["fax"], "received_on": ["2026-11-20"]})
    response = krm.get(f"{NEW}?reason=objection")
    form, person_form = response.context["form"], response.context["person_form"]
    values = [form[name].value() for name in ("subject", "text", "channel", "received_on")]
    assert values == ["Gegen den Bescheid", "Ich widerspreche.", "fax", "2026-11-20"]
    assert person_form["last_name"].value() == "Muster"
    krm.post(f"{NEW}?reason=objection", sent(today))
    assert RegistrationDraft.objects.count() == 0


# A registered case


def test_a_case_leaves_whole_from_its_page(krm, house):
    case = make.case(now(), received_on=timezone.localdate())
    url = f"{NEW}?case={case.reference}&reason=objection"
    form = krm.get(url).context["form"]
    assert (form["extent"].value(), form["recipient"].value()) == ("whole", "Rechtsbehelfsstelle 791/792")
    fields = {"proposed_for": "objection", "reason": "objection", "recipient": "791", "extent": "whole", "text": ""}
    krm.post(url, fields)
    assert Case.objects.get().status == Status.TRANSFERRED
    assert (Transfer.objects.get().case, Transfer.objects.get().recipient) == (case, "791")


def test_data_protection_is_proposed_as_a_part_and_the_part_needs_words(krm, house):
    case = make.case(now(), received_on=timezone.localdate())
    url = f"{NEW}?case={case.reference}&reason=data_protection"
    assert krm.get(url).context["form"]["extent"].value() == "part"
    reason = {"proposed_for": "data_protection", "reason": "data_protection", "recipient": "DSB", "extent": "part"}
    response = krm.post(url, reason)
    assert list(response.context["form"].errors) == ["text"]
    krm.post(url, reason | {"text": "Die Akte lag offen."})
    assert (Transfer.objects.get().text, Case.objects.get().is_open) == ("Die Akte lag offen.", True)


def test_a_case_somebody_cannot_see_is_not_found(sign_on, house):
    case = make.case(now(), received_on=timezone.localdate())
    assert sign_on("gera.krm").get(f"{NEW}?case={case.reference}").status_code == 404


# One matter


def test_the_page_shows_the_running_period_and_why_it_ends_then(krm, house, today):
    transfer = register(house, decision_on=today - timedelta(days=10))
    context = krm.get(transfer.get_absolute_url()).context
    assert (context["period"].ends_on, context["is_over"], context["kept"]) == (transfer.objection_until, False, True)
    assert context["period"].due.sentence in krm.get(transfer.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("days_ago", "pressing"), [(5, False), (60, True)])
def test_a_short_or_past_period_is_a_warning(krm, house, today, days_ago, pressing):
    transfer = register(house, decision_on=today - timedelta(days=days_ago))
    assert krm.get(transfer.get_absolute_url()).context["pressing"] is pressing


def test_an_objection_without_its_bescheid_still_says_that_the_period_runs(krm, house):
    page = krm.get(register(house).get_absolute_url()).content.decode()
    assert "Die Widerspruchsfrist läuft weiter." in page


def test_handing_over_is_one_click_and_then_there_is_the_beleg(krm, house):
    transfer = register(house, person=make.PERSON)
    assert krm.get(f"{transfer.get_absolute_url()}beleg.pdf").status_code == 409
    response = krm.post(f"{transfer.get_absolute_url()}abgeben/", {"way": "Hauspost"})
    assert (response.status_code, response.url) == (302, transfer.get_absolute_url())
    transfer.refresh_from_db()
    assert (transfer.way, transfer.handed_over_by) == ("Hauspost", now().user)
    receipt = krm.get(f"{transfer.get_absolute_url()}beleg.pdf")
    assert (receipt["Content-Type"], receipt.content[:5]) == ("application/pdf", b"%PDF-")
    assert receipt["Content-Disposition"] == f'inline; filename="Abgabe-Beleg-{transfer.reference}.pdf"'


def test_a_second_click_hands_nothing_over_again(krm, house):
    transfer = register(house)
    krm.post(f"{transfer.get_absolute_url()}abgeben/", {"way": "Hauspost"})
    assert krm.post(f"{transfer.get_absolute_url()}abgeben/", {"way": "Fax"}).status_code == 409
    assert Transfer.objects.get().way == "Hauspost"
    assert transfer.events.filter(code="transfer.handed_over").count() == 1


def test_without_a_way_nothing_is_handed_over(krm, house):
    transfer = register(house)
    krm.post(f"{transfer.get_absolute_url()}abgeben/", {"way": "Brieftaube"})
    assert Transfer.objects.pending().count() == 1


def test_the_letter_to_the_person_is_drafted_once(krm, house):
    transfer = register(house, person=make.PERSON)
    responses = [krm.post(f"{transfer.get_absolute_url()}abgabenachricht/") for _ in range(2)]
    letter = Letter.objects.get()
    assert [r.url for r in responses] == [f"/schreiben/{letter.pk}/"] * 2
    assert (letter.transfer, letter.kind) == (transfer, Letter.Kind.TRANSFER)


def test_without_an_address_the_page_says_why_there_is_no_letter(krm, house):
    context = krm.get(register(house).get_absolute_url()).context
    assert context["may_not_write"] == "Ohne vollständige Anschrift kann keine Abgabenachricht geschrieben werden."


def test_the_vorzimmer_reads_and_is_told_who_hands_over(sign_on, house):
    context = sign_on("pankow.vz").get(register(house).get_absolute_url()).context
    assert context["may_not_hand_over"] == "Ihre Rolle umfasst nicht: über KRM oder Kein KRM entscheiden."


def test_the_vorzimmer_cannot_enter_anything(sign_on):
    assert sign_on("pankow.vz").get(NEW).status_code == 409


# Strangers


@pytest.mark.parametrize("who", ["pankow.ma", "pankow.tl", "pankow.revision", "pankow.admin"])
def test_the_desk_does_not_exist_for_others(sign_on, who):
    client = sign_on(who)
    assert [client.get(url).status_code for url in (DESK, NEW)] == [404, 404]


@pytest.mark.parametrize("who", ["pankow.ma", "gera.krm"])
@pytest.mark.parametrize(
    ("method", "end"), [("get", ""), ("post", "abgeben/"), ("get", "beleg.pdf"), ("post", "abgabenachricht/")]
)
def test_a_matter_does_not_exist_for_strangers(sign_on, house, who, method, end):
    url = register(house, person=make.PERSON).get_absolute_url() + end
    assert getattr(sign_on(who), method)(url, {"way": "Fax"}).status_code == 404
    assert (Transfer.objects.pending().count(), Letter.objects.count()) == (1, 0)


def test_what_left_a_sealed_case_is_not_found_by_the_rest_of_the_desk(sign_on, house):
    case = make.case(now(), received_on=timezone.localdate(), is_sealed=True)
    transfer = split_off(by=now(), case=case, reason=Reason.DATA_PROTECTION, text="Daten einer Beschäftigten.")
    statuses = {who: sign_on(f"pankow.{who}").get(transfer.get_absolute_url()).status_code for who in ("krm", "gf")}
    assert statuses == {"krm": 200, "gf": 404}


def test_the_desk_says_which_letters_are_signed_and_wait_for_dispatch(sign_on, house, today):
    krm = now()
    data = TransferData(
        reason=Reason.OBJECTION, subject="Bescheid", text="Nein.", received_on=today, person=make.PERSON
    )
    transfer = register_transfer(by=krm, office=house["pankow"], data=data)
    letter = draft_letter(by=krm, transfer=transfer, kind=Letter.Kind.TRANSFER)
    words = f"Abgabenachricht, {transfer.reference}"
    assert words not in sign_on("pankow.krm").get(DESK).content.decode()
    make.signed(krm, letter)
    assert [words in sign_on(who).get(DESK).content.decode() for who in ("pankow.krm", "gera.krm")] == [True, False]
    dispatch_letter(by=krm, letter=letter, sent_on=today, way=Letter.Way.POST)
    assert words not in sign_on("pankow.krm").get(DESK).content.decode()


def test_the_day_of_the_bescheid_is_proposed_from_the_words_of_the_case(krm, house):
    received = timezone.localdate()
    words = f"Gegen Ihren Bescheid vom {received:%d.%m.%Y} lege ich Widerspruch ein."
    case = make.case(now(), received_on=received, text=words)
    page = krm.get(f"{NEW}?case={case.reference}&reason=objection")
    assert page.context["form"]["decision_on"].value() == received
    assert krm.get(f"{NEW}?case={case.reference}&reason=inquiry").context["form"]["decision_on"].value() is None


@pytest.mark.parametrize(("channel", "kept"), [("letter", True), ("phone", False)])
def test_the_page_says_whether_the_form_is_kept(krm, house, today, channel, kept):
    transfer = register(house, channel=channel, decision_on=today)
    text = " ".join(krm.get(transfer.get_absolute_url()).content.decode().split())
    assert ("wahrt die Frist (§ 84 Abs. 2 SGG)" in text) == kept
    assert ("Ein Anruf wahrt die Form nicht" in text) != kept
