"""The page for registering: what it shows, keeps, refuses and where it leads; also without JavaScript."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.intake.actions.drafts import save_draft
from cases.models import Case, RegistrationDraft, Topic
from offices.models import Membership, Office, User
from offices.roles import Role
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
ENTRY = "0b8f6c1e-4a57-4c0e-9a3e-5d1c8f1f2a3b"
URL, DRAFT = "/erfassen/", "/erfassen/entwurf/"


@pytest.fixture(autouse=True)
def a_monday(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sign(client):
    def as_person(username):
        client.force_login(User.objects.get(username=username))
        return client

    return as_person


def topic(name="Bearbeitungsdauer", office="pankow"):
    return str(Topic.objects.get(office__slug=office, name=name).pk)


def filled(office="pankow", **changes):
    values = {
        "office": office,
        "entry": ENTRY,
        "channel": "letter",
        "kind": "complaint",
        "legal_area": "sgb2",
        "written_on": "2026-11-18",
        "received_on": "2026-11-20",
        "reached_krm_on": "23.11.2026",
        "last_name": "Öztürk-Groß",
        "first_name": "Erika",
        "subject": "Lange Bearbeitung",
        "text": "Seit sechs Wochen höre ich nichts.",
        "concern-0-topic": topic(office=office),
        "then": "case",
    } | changes
    return {name: value for name, value in values.items() if value is not None}


def problems(response):
    assert response.status_code == 200
    assert Case.objects.count() == 0
    return {name: list(errors) for form in response.context["forms"].all for name, errors in form.errors.items()}


def test_the_empty_page_proposes_today_and_the_legal_area_of_the_office(sign):
    response = sign("pankow.krm").get(URL)
    initial = response.context["forms"].matter.initial
    assert (initial["received_on"], initial["reached_krm_on"], initial["legal_area"]) == (TODAY, TODAY, "sgb2")
    assert sign("berlin-nord.krm").get(URL).context["forms"].matter.initial["legal_area"] == "sgb3"


def test_an_officer_comes_to_the_case(sign):
    response = sign("pankow.krm").post(URL, filled())
    case = Case.objects.get()
    assert (response.status_code, response.url) == (302, case.get_absolute_url())
    assert (case.written_on, case.received_on, case.reached_krm_on) == (
        date(2026, 11, 18),
        date(2026, 11, 20),
        TODAY,
    )
    assert [(c.nature, c.topic.name) for c in case.concerns.all()] == [("matter", "Bearbeitungsdauer")]
    assert [p.last_name for p in case.persons.all()] == ["Öztürk-Groß"]


def test_an_employee_learns_the_number_and_that_the_krm_has_it_now(sign):
    client = sign("pankow.ma")
    response = client.post(URL, filled())
    assert response.url == "/erfassen/erfasst/PAN-2026-00001/"
    page = client.get(response.url).content.decode()
    assert "PAN-2026-00001" in page
    assert "liegt jetzt beim KRM" in page
    assert sign("pankow.ma2").get(response.url).status_code == 404


def test_saving_and_going_on_keeps_the_way_and_the_days_of_eingang(sign):
    client = sign("pankow.ma")
    response = client.post(URL, filled(channel="email", then="next"), follow=True)
    [(address, _)] = response.redirect_chain
    assert parse_qs(urlsplit(address).query) == {
        "office": ["pankow"],
        "channel": ["email"],
        "received_on": ["2026-11-20"],
        "reached_krm_on": ["23.11.2026"],
    }
    form = response.context["forms"].matter
    assert [form[name].value() for name in ("channel", "received_on", "written_on", "subject", "text")] == [
        "email",
        "2026-11-20",
        None,
        None,
        None,
    ]
    assert form["entry"].value() != ENTRY
    assert [str(m) for m in response.context["messages"]] == ["PAN-2026-00001 ist erfasst und liegt jetzt beim KRM."]


def test_the_same_page_sent_twice_registers_once(sign):
    client = sign("pankow.krm")
    first, second = client.post(URL, filled()), client.post(URL, filled())
    assert Case.objects.count() == 1
    assert first.url == second.url


def test_everything_the_page_asks_arrives(sign):
    office = Office.objects.get(slug="pankow")
    unit = office.units.get(number="721")
    about = User.objects.get(username="pankow.ma")
    changes = {
        "channel": "phone",
        "kind": "suggestion",
        "wants_acknowledgement": "on",
        "unit": unit.pk,
        "street": "Lindenstraße 7",
        "email": "erika@example.org",
        "accessible_form": "large_print",
        "language": "Türkisch",
        "rep-last_name": "Rechtmann",
        "rep-organisation": "Kanzlei",
        "concern-0-nature": "conduct",
        "concern-1-topic": topic("Freundlichkeit"),
        "concern-1-summary": "am Telefon",
        "concern-1-unit": unit.pk,
        "employee-0-user": about.pk,
        "employee-2-name": "Frau Meier",
        "files": [SimpleUploadedFile("a.txt", b"eins"), SimpleUploadedFile("b.txt", b"zwei")],
    }
    sign("pankow.krm").post(URL, filled(**changes))
    case = Case.objects.get()
    assert (case.channel, case.kind, case.wants_acknowledgement, case.unit) == ("phone", "suggestion", True, unit)
    assert [(p.capacity, p.last_name, p.language, p.accessible_form) for p in case.persons.all()] == [
        ("complainant", "Öztürk-Groß", "Türkisch", "large_print"),
        ("representative", "Rechtmann", "", ""),
    ]
    assert [(c.nature, c.topic.name, c.summary, c.unit) for c in case.concerns.all()] == [
        ("conduct", "Bearbeitungsdauer", "", None),
        ("conduct", "Freundlichkeit", "am Telefon", unit),
    ]
    assert [(e.user, e.name) for e in case.complained_about.all()] == [(about, ""), (None, "Frau Meier")]
    assert [(d.name, d.content_type) for d in case.documents.all()] == [
        ("a.txt", "text/plain"),
        ("b.txt", "text/plain"),
    ]


def test_a_customer_who_works_here_seals_the_case(sign):
    sign("pankow.krm").post(URL, filled(is_sealed="on"))
    seen = [who for who in ("pankow.krm", "pankow.gf") if Case.objects.visible_to(actor(who)).exists()]
    assert seen == ["pankow.krm"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"received_on": "2026-11-24"}, {
            "received_on": ["Das Datum liegt in der Zukunft."],
            "reached_krm_on": ["Der Eingang beim KRM liegt vor dem Eingang im Haus."],
        }),
        ({"received_on": "31.11.2026"}, {"received_on": ["Dieses Datum gibt es nicht. Bitte als TT.MM.JJJJ angeben."]}),
        ({"received_on": ""}, {"received_on": ["Bitte ein Datum angeben."]}),
        ({"written_on": "2026-11-21"}, {"written_on": ["Das Schreiben trägt ein Datum nach dem Eingang im Haus."]}),
        ({"subject": " "}, {"subject": ["Bitte einen Betreff angeben."]}),
        ({"text": ""}, {"text": ["Bitte den Wortlaut oder eine kurze Zusammenfassung eintragen."]}),
        ({"text": "", "channel": "phone"}, {
            "text": ["Bitte den Inhalt des Gesprächs festhalten; die Gesprächsnotiz ist Pflicht."]
        }),
        ({"concern-0-topic": ""}, {"topic": ["Bitte ein Thema wählen."]}),
        ({"concern-1-summary": "noch etwas"}, {"topic": ["Bitte ein Thema wählen."]}),
        ({"concern-0-topic": "999999"}, {"topic": ["Diese Auswahl gibt es hier nicht."]}),
        ({"unit": "999999"}, {"unit": ["Diese Auswahl gibt es hier nicht."]}),
        ({"last_name": "", "first_name": ""}, {"last_name": ["Bitte die Person angeben oder „anonym“ wählen."]}),
        ({"last_name": ""}, {"last_name": ["Bitte den Nachnamen oder eine Organisation angeben."]}),
        ({"is_anonymous": "on"}, {
            "is_anonymous": ["„Anonym“ heißt: keine Angaben zur Person. Bitte den Haken oder die Angaben entfernen."]
        }),
        ({"channel": "opinion_card", "last_name": "", "first_name": "", "rep-last_name": "R"}, {
            "last_name": ["Bitte die Person angeben oder „anonym“ wählen."]
        }),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_the_field(sign, changes, expected):
    assert problems(sign("pankow.krm").post(URL, filled(**changes))) == expected


def test_a_topic_of_another_office_is_not_offered(sign):
    response = sign("pankow.krm").post(URL, filled(**{"concern-0-topic": topic(office="gera")}))
    assert problems(response) == {"topic": ["Diese Auswahl gibt es hier nicht."]}


def test_a_refused_file_is_named_and_nothing_typed_is_lost(sign):
    files = [SimpleUploadedFile("seite.html", b"<html>"), SimpleUploadedFile("gut.txt", b"gut")]
    response = sign("pankow.krm").post(URL, filled(files=files))
    kinds = "Möglich sind PDF, PNG, JPEG, TIFF, TXT, EML, DOCX, XLSX und ODT."
    assert problems(response) == {"files": [f"„seite.html“ ist keine zulässige Datei. {kinds}"]}
    assert "Die Anlagen bitte noch einmal auswählen" in response.content.decode()
    assert response.context["forms"].matter["text"].value() == "Seit sechs Wochen höre ich nichts."


def test_an_opinion_card_and_an_anonymous_letter_need_no_name(sign):
    nobody = {"last_name": None, "first_name": None}
    sign("pankow.krm").post(URL, filled(channel="opinion_card", **nobody))
    sign("pankow.krm").post(URL, filled(is_anonymous="on", entry=ENTRY.replace("0", "1"), **nobody))
    assert Case.objects.filter(persons=None).count() == 2


def test_a_refusal_of_the_rules_stands_at_its_field_with_the_way_out_beside_it(sign):
    response = sign("germersheim.krm").post(URL, filled("germersheim", kind="conduct_complaint"))
    assert problems(response) == {
        "kind": [
            "Dienstaufsichtsbeschwerden werden hier nicht als Vorgang geführt (K7); bitte als Kein KRM abgeben an: "
            "Geschäftsführung."
        ]
    }
    assert [h.label for h in response.context["hints"]] == ["Dienstaufsichtsbeschwerde"]


def test_who_may_not_register_is_told_so(sign):
    client = sign("pankow.revision")
    for answer in (client.get(URL), client.post(URL, filled()), client.post(DRAFT, filled())):
        assert answer.status_code == 409
        assert "Ihre Rolle umfasst nicht: Kundenreaktionen erfassen." in answer.content.decode()
    assert (Case.objects.count(), RegistrationDraft.objects.count()) == (0, 0)


def test_somebody_of_two_offices_chooses_and_gets_the_topics_of_the_chosen(sign):
    user, gera = User.objects.get(username="pankow.krm"), Office.objects.get(slug="gera")
    Membership.objects.create(user=user, office=gera, role=Role.KRM_OFFICER, from_on=date(2020, 1, 1))
    client = sign("pankow.krm")
    assert [o.slug for o in client.get(URL).context["offices"]] == ["pankow", "gera"]
    assert client.get(URL, {"office": "gera"}).context["office"] == gera
    client.post(URL, filled("gera"))
    assert Case.objects.get().office == gera


def test_an_office_of_others_is_never_used(sign):
    assert sign("pankow.krm").get(URL, {"office": "gera"}).context["office"].slug == "pankow"


def test_a_half_filled_form_survives_a_reload(sign):
    client = sign("pankow.krm")
    typed = filled(received_on="31.11.2026", is_anonymous="on", subject="Halb", **{"rep-last_name": "Rechtmann"})
    answer = client.post(DRAFT, typed, headers={"HX-Request": "true"})
    assert answer.content.decode().startswith("zwischengespeichert um ")
    response = client.get(URL)
    forms = response.context["forms"]
    assert [forms.matter[n].value() for n in ("subject", "received_on", "is_anonymous", "entry")] == [
        "Halb", "31.11.2026", "on", ENTRY,
    ]  # fmt: skip
    assert forms.representative["last_name"].value() == "Rechtmann"
    assert forms.concerns[0]["topic"].value() == topic()
    assert (forms.opens_representative, forms.opens_concerns, forms.opens_employees) == (True, False, False)
    assert "Angefangene Erfassung vom " in response.content.decode()
    assert "error" not in response.content.decode()


def test_a_draft_holds_what_was_typed_and_nothing_else(sign):
    sign("pankow.krm").post(DRAFT, filled(subject="Halb", csrfmiddlewaretoken="x"))
    data = RegistrationDraft.objects.get().data
    assert data["subject"] == ["Halb"]
    assert set(data) == set(filled()) - {"then"}


def test_a_draft_is_kept_by_button_and_belongs_to_one_person(sign):
    response = sign("pankow.krm").post(DRAFT, filled())
    assert response.url == URL
    assert sign("pankow.krm2").get(URL).context["draft"] is None


def test_a_draft_ends_with_the_case(sign):
    client = sign("pankow.krm")
    client.post(DRAFT, filled())
    client.post(URL, filled())
    assert RegistrationDraft.objects.count() == 0


def test_an_autosave_that_comes_after_the_case_is_not_offered_again(sign):
    client = sign("pankow.krm")
    client.post(URL, filled())
    client.post(DRAFT, filled())
    assert client.get(URL).context["draft"] is None
    assert RegistrationDraft.objects.count() == 0


def test_a_draft_is_thrown_away_on_demand(sign):
    client = sign("pankow.krm")
    client.post(DRAFT, filled())
    assert client.post("/erfassen/verwerfen/").url == URL
    assert RegistrationDraft.objects.count() == 0
    assert client.get("/erfassen/verwerfen/").status_code == 405


def test_a_draft_of_an_office_one_has_left_falls_back_to_ones_own(sign):
    save_draft(by=actor("pankow.krm"), data={"office": ["gera"], "subject": ["Halb"]})
    response = sign("pankow.krm").get(URL)
    assert response.context["office"].slug == "pankow"
    assert response.context["forms"].matter["office"].value() == "pankow"


OBJECTION = "Ich lege Widerspruch ein."


def test_hints_name_the_words_the_rule_and_the_recipient_of_the_office(sign):
    texts = {}
    for who, office in (("pankow.krm", "pankow"), ("germersheim.krm", "germersheim")):
        response = sign(who).post("/erfassen/hinweise/", {"office": office, "subject": "", "text": OBJECTION})
        assert [h.hint.words for h in response.context["hints"]] == [("lege Widerspruch",)]
        texts[office] = response.content.decode()
    assert "Rechtsbehelfsstelle 791/792" in texts["pankow"]
    assert "Widerspruchsstelle / Sachgebiet SGG" in texts["germersheim"]
    assert "(K10, Konzept März 2019, 2.6)" in texts["pankow"]


def test_only_the_desk_is_offered_to_hand_over_and_only_what_is_no_case_here(sign):
    def buttons(who, text):
        page = sign(who).post("/erfassen/hinweise/", {"text": text}).content.decode()
        return page.count('name="reason"')

    assert buttons("pankow.krm", OBJECTION) == 1
    assert buttons("pankow.ma", OBJECTION) == 0
    assert buttons("pankow.krm", "Ich wurde angeschrien.") == 0
    assert buttons("germersheim.krm", "Ich wurde angeschrien.") == 1


def test_without_javascript_the_text_is_checked_by_a_button(sign):
    client = sign("pankow.krm")
    response = client.post(DRAFT, filled(text=OBJECTION, then="check"))
    assert response.url == f"{URL}#hinweise"
    assert [h.hint.words for h in client.get(URL).context["hints"]] == [("lege Widerspruch",)]


def test_handing_over_takes_what_is_typed_along(sign):
    client = sign("pankow.krm")
    response = client.post(DRAFT, filled(text=OBJECTION, reason="objection"))
    assert response.url == f"{reverse('cases:transfer_new')}?reason=objection&office=pankow"
    page = client.get(response.url).content.decode()
    assert OBJECTION in page
    assert "Öztürk-Groß" in page


def test_earlier_cases_are_listed_without_judgement(sign):
    case = make.case(actor("pankow.krm"), received_on=date(2026, 11, 2))
    asked = {"last_name": "öztürk-groß", "first_name": "ERIKA", "organisation": "", "customer_number": ""}
    response = sign("pankow.krm").post("/erfassen/fruehere/", asked)
    assert response.context["earlier"] == [case]
    assert "Mo 02.11.2026" in response.content.decode()
    assert sign("pankow.ma").post("/erfassen/fruehere/", asked).context["earlier"] == []


@pytest.mark.parametrize("path", ["/erfassen/hinweise/", "/erfassen/fruehere/", DRAFT])
def test_what_is_sent_while_typing_is_sent_by_post_only(sign, path):
    assert sign("pankow.krm").get(path).status_code == 405


def test_the_page_takes_the_same_queries_however_much_the_office_offers(sign):
    client = sign("pankow.krm")
    client.post(DRAFT, filled())
    make.case(actor("pankow.krm"))
    with CaptureQueriesContext(connection) as before:
        client.get(URL)
    office = Office.objects.get(slug="pankow")
    Topic.objects.bulk_create(Topic(office=office, group="Neu", name=f"Thema {n}") for n in range(30))
    for _ in range(3):
        make.case(actor("pankow.krm"))
    with CaptureQueriesContext(connection) as after:
        client.get(URL)
    assert len(after) == len(before) < 20


def test_address_of_the_page_fills_in_nothing_about_a_person(sign):
    asked = {"channel": "phone", "last_name": "Öztürk", "text": "Sie hat angerufen.", "is_sealed": "on"}
    page = sign("pankow.krm").get(reverse("cases:register"), asked)
    forms = page.context["forms"]

    assert forms.matter["channel"].value() == "phone"
    filled_in = [forms.person["last_name"], forms.matter["text"], forms.matter["is_sealed"]]
    assert [field.value() for field in filled_in] == [None] * 3


def test_the_hint_while_typing_knows_the_way_it_came(sign):
    client = sign("pankow.krm")
    page = client.get(URL).content.decode()
    assert page.count('hx-params="subject,text,kind,channel,office"') == 2
    assert "change from:#id_channel" in page
    asked = {"office": "pankow", "subject": "", "text": OBJECTION, "channel": "phone"}
    assert "Ein Anruf wahrt die Form nicht" in client.post("/erfassen/hinweise/", asked).content.decode()
