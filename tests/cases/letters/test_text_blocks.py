"""Text blocks: kept by the desk with known placeholders only, put into drafts with the values of the case."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from cases.handling.actions.notes import add_note
from cases.letters.actions.blocks import insert_statement, insert_text_block, save_text_block
from cases.letters.actions.writing import EDITABLE, draft_letter
from cases.models import Case, Event, Letter, TextBlock
from cases.rules.placeholders import PLACEHOLDERS
from cases.statements.actions.asking import request_statement
from cases.statements.actions.way import edit_statement, hand_on, sign_statement
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.models import Office, User
from tests import make
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")
ALL = "\n".join(f"{name}: {{{name}}}" for name in PLACEHOLDERS)


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm)


@pytest.fixture
def client(krm) -> Client:
    client = Client()
    client.force_login(krm.user)
    return client


def block_with(text: str, **changes) -> TextBlock:
    office = changes.pop("office", None) or Office.objects.get(slug="pankow")
    return TextBlock.objects.create(office=office, name=changes.pop("name", "Probe"), text=text, **changes)


def draft_of(case: Case, krm, kind: str = Letter.Kind.FINAL) -> Letter:
    return draft_letter(by=krm, case=case, kind=kind)


class TestKeeping:
    def test_block_is_added_changed_and_retired(self, client):
        office = Office.objects.get(slug="pankow")
        client.post("/textbausteine/neu/", {"office": office.pk, "name": "Gruß", "text": "Guten Tag {name}"})
        block = TextBlock.objects.get(name="Gruß")
        client.post(
            f"/textbausteine/{block.pk}/",
            {"name": "Gruß", "kind": "final", "text": "Hallo {name}", "initial-text": "Guten Tag {name}"},
        )

        block.refresh_from_db()
        assert (block.office, block.text, block.kind, block.is_active) == (office, "Hallo {name}", "final", False)
        codes = Event.objects.order_by("pk").values_list("code", flat=True)
        assert list(codes) == ["text_block.added", "text_block.changed"]

    def test_unknown_placeholders_are_refused_by_name_at_the_field_and_nothing_is_lost(self, client):
        office = Office.objects.get(slug="pankow")
        typed = "Liebe {Name}, Ihre {{vorgangsnummer}}"
        response = client.post("/textbausteine/neu/", {"office": office.pk, "name": "Gruß", "text": typed})

        form = response.context["form"]
        assert response.status_code == 422
        assert form["text"].value() == typed
        (sentence,) = form.errors["text"]
        assert sentence.startswith("Diese Platzhalter gibt es nicht: {Name}, {{vorgangsnummer}}. Möglich sind: ")
        assert [name for name in PLACEHOLDERS if f"{{{name}}}" not in sentence] == []
        assert not TextBlock.objects.filter(name="Gruß").exists()

    def test_a_name_is_given_once_per_office(self, krm):
        block_with("Text")
        twin = TextBlock(office=Office.objects.get(slug="pankow"), name="Probe", text="Text")
        with pytest.raises(NotAllowed, match="gibt es schon"):
            save_text_block(by=krm, block=twin)
        elsewhere = TextBlock(office=Office.objects.get(slug="gera"), name="Probe", text="Text")
        assert save_text_block(by=actor("gera.krm"), block=elsewhere).pk

    def test_somebody_elses_change_is_shown_before_it_is_replaced(self, client):
        block = block_with("Alt")
        TextBlock.objects.filter(pk=block.pk).update(text="Von Jonas")
        data = {"name": "Probe", "text": "Von Karin", "is_active": "on", "initial-text": "Alt"}
        refused = client.post(f"/textbausteine/{block.pk}/", data)

        block.refresh_from_db()
        assert (refused.status_code, block.text) == (422, "Von Jonas")
        assert "Von Jonas" in refused.context["form"].errors["text"][0]
        shown = refused.content.decode()
        assert "Von Karin" in shown
        client.post(f"/textbausteine/{block.pk}/", data | {"initial-text": "Von Jonas"})
        block.refresh_from_db()
        assert block.text == "Von Karin"
        assert 'name="initial-text"' in shown

    @pytest.mark.parametrize("name", ["gf", "tl", "vz", "admin"])
    def test_only_the_desk_keeps_text_blocks(self, name):
        block, client = block_with("Text"), Client()
        client.force_login(User.objects.get(username=f"pankow.{name}"))

        assert client.get("/textbausteine/").status_code == 404
        with pytest.raises(NotAllowed, match="Ihre Rolle umfasst"):
            save_text_block(by=actor(f"pankow.{name}"), block=block)

    def test_a_block_of_another_office_is_not_there(self, client):
        block = block_with("Text", office=Office.objects.get(slug="gera"))
        assert client.get(f"/textbausteine/{block.pk}/").status_code == 404


class TestPreview:
    def test_it_is_filled_from_a_case_and_says_what_is_missing_in_words(self, client, case):
        block = block_with("Zu {vorgangsnummer} vom {schreiben_vom}, {ansprechperson}.")
        page = client.get(f"/textbausteine/{block.pk}/?vorgang={case.reference}").content.decode()

        assert f"Zu {case.reference} vom " in page
        assert '<mark class="krm-gap"><strong>fehlt</strong> [Bitte ergänzen: Schreiben vom]</mark>' in page
        assert "Karin Ahrens." in page

    @pytest.mark.parametrize("reference", ["PAN-2026-99999", "x'\"<", "GERA-2026-00001"])
    def test_cases_one_does_not_see_are_named_as_such(self, client, reference):
        make.case(actor("gera.krm"))
        block = block_with("Zu {vorgangsnummer}")
        response = client.get(f"/textbausteine/{block.pk}/", {"vorgang": reference})

        sentence = "Einen Vorgang mit dieser Nummer sehen Sie hier nicht."
        assert response.context["preview"].errors["vorgang"] == [sentence]

    def test_what_people_wrote_is_escaped(self, client, krm):
        case = make.case(krm, subject="<script>alert(1)</script> {name}")
        block = block_with("{betreff}")
        page = client.get(f"/textbausteine/{block.pk}/?vorgang={case.reference}").content.decode()

        assert "&lt;script&gt;alert(1)&lt;/script&gt; {name}" in page
        assert "<script>alert" not in page


class TestInLetters:
    def test_the_values_are_those_of_the_case_and_the_letter(self, krm, case):
        letter = draft_of(case, krm)
        block = block_with("{eingang}|{vorgangsnummer}|{anrede}|{ansprechperson}|{durchwahl}|{heute}|{name}")
        letter = insert_text_block(by=krm, letter=letter, block=block, expected_version=letter.version)

        filled = (
            f"23.11.2026|{case.reference}|Sehr geehrte Frau Öztürk-Groß,|Karin Ahrens|030 5550-101|23.11.2026|"
            "Erika Öztürk-Groß"
        )
        assert filled in letter.body.split("\n\n")

    def test_it_stands_before_the_closing_paragraph_and_what_was_typed_is_saved(self, client, krm, case):
        letter, block = draft_of(case, krm), block_with("Zu {vorgangsnummer}.")
        data = {name: getattr(letter, name) for name in EDITABLE}
        data |= {"subject": "Neu getippt", "body": "Eins.\r\n\r\nHaben Sie Fragen? Rufen Sie an.", "block": block.pk}
        for _ in range(2):  # a double click does one thing
            response = client.post(f"/schreiben/{letter.pk}/baustein/", data | {"version": letter.version})
            assert response.status_code == 302

        stored = Letter.objects.get(pk=letter.pk)
        assert stored.subject == "Neu getippt"
        assert stored.body == f"Eins.\n\nZu {case.reference}.\n\nHaben Sie Fragen? Rufen Sie an."

    def test_a_letter_with_a_missing_value_cannot_be_issued(self, client):
        today = timezone.localdate()
        krm = actor("pankow.krm", today=today)
        letter = draft_of(make.case(krm, received_on=today), krm, Letter.Kind.ACKNOWLEDGEMENT)
        block = block_with("Schreiben vom {schreiben_vom}")
        letter = insert_text_block(by=krm, letter=letter, block=block, expected_version=letter.version)
        typed = {name: getattr(letter, name) for name in EDITABLE}
        refused = client.post(
            f"/schreiben/{letter.pk}/ausfertigen/", typed | {"version": letter.version, "dated_on": today.isoformat()}
        )

        letter.refresh_from_db()
        assert "[Bitte ergänzen: Schreiben vom]" in letter.body
        assert "Im Text ist noch etwas zu ergänzen" in refused.content.decode()
        assert letter.issued_at is None

    def test_the_page_marks_what_is_missing(self, client, krm, case):
        page = client.get(f"/schreiben/{draft_of(case, krm).pk}/").content.decode()
        assert '<mark class="krm-gap"><strong>fehlt</strong> [Bitte ergänzen: Was ist geschehen?' in page

    def test_somebody_elses_change_is_not_overwritten(self, krm, case):
        letter, block = draft_of(case, krm), block_with("Baustein")
        Letter.objects.filter(pk=letter.pk).update(body="Von Jonas", version=letter.version + 1)
        with pytest.raises(ChangedMeanwhile):
            insert_text_block(by=krm, letter=letter, block=block, expected_version=letter.version, body="Von Karin")
        letter.refresh_from_db()
        assert letter.body == "Von Jonas"

    def test_only_blocks_of_the_office_for_this_kind_are_offered(self, client, krm, case):
        letter = draft_of(case, krm)
        others = [
            block_with("T", name="ruht", is_active=False),
            block_with("T", name="Zwischen", kind=Letter.Kind.INTERIM),
            block_with("T", office=Office.objects.get(slug="gera")),
        ]
        offered = client.get(f"/schreiben/{letter.pk}/").context["choose"].fields["block"].queryset
        assert not offered.filter(pk__in=[block.pk for block in others]).exists()
        for block in others:
            with pytest.raises(NotAllowed, match="nicht angeboten"):
                insert_text_block(by=krm, letter=letter, block=block, expected_version=letter.version)

    def test_without_a_choice_nothing_is_lost(self, client, krm, case):
        letter = draft_of(case, krm)
        response = client.post(f"/schreiben/{letter.pk}/baustein/", {"version": letter.version, "body": "Getippt"})

        assert response.context["choose"].errors["block"] == ["Bitte einen Textbaustein wählen."]
        assert response.context["form"]["body"].value() == "Getippt"

    @pytest.mark.parametrize("kind", [Letter.Kind.ACKNOWLEDGEMENT, Letter.Kind.FINAL])
    def test_no_internal_note_gets_into_a_letter_by_prefill_or_block(self, krm, case, kind):
        add_note(by=krm, case=case, kind="internal", text="Geheimwort Apfelbaum")
        add_note(by=krm, case=case, kind="contact", text="Geheimwort Birnbaum")
        letter = draft_of(case, krm, kind)
        letter = insert_text_block(by=krm, letter=letter, block=block_with(ALL), expected_version=letter.version)

        printed = "\n".join(str(getattr(letter, field.name)) for field in Letter._meta.concrete_fields)
        assert f"vorgangsnummer: {case.reference}" in printed
        assert "Geheimwort" not in printed


def test_an_approved_statement_goes_into_the_answer_word_for_word_and_nothing_else_does(krm, case):
    unit = case.office.units.get(number="711")
    approved, draft = (
        request_statement(by=krm, case=case, unit=unit, question=question, due_on=date(2026, 11, 30))[0]
        for question in ("Was war?", "Wie lange?")
    )
    text = "Der Antrag lag vor; {name} hat gewartet."
    edit_statement(by=actor("pankow.tl"), statement=approved, expected_version=1, text=text)
    hand_on(by=actor("pankow.tl"), statement=approved, expected_version=2)
    sign_statement(by=actor("pankow.bl"), statement=approved, expected_version=3)
    letter = draft_letter(by=krm, case=case, kind=Letter.Kind.FINAL)

    changed = insert_statement(by=krm, letter=letter, statement=approved, expected_version=letter.version)
    assert changed.body.split("\n\n")[-2] == text
    with pytest.raises(NotAllowed, match="nur eine freigegebene Stellungnahme"):
        insert_statement(by=krm, letter=changed, statement=draft, expected_version=changed.version)
