"""The pages about statements: asking for one, and what each station finds on the one page."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Signature, Statement
from cases.rules.kinds import Kind
from cases.rules.registration import EmployeeData
from cases.statements.actions.asking import request_statement
from cases.statements.actions.way import edit_statement, hand_on, return_statement, sign_statement
from cases.statements.reading.page import statement_row
from offices.calendars import next_working_day
from offices.models import Office, Substitution, Unit, User
from offices.queries import Actor, actor_for, calendar_for
from tests import make
from tests.scene import PDF

pytestmark = pytest.mark.usefixtures("house")

TEXT = "Der Antrag lag vor, die Bearbeitung hat sich verzögert."


def person(name: str, slug: str = "pankow") -> User:
    return User.objects.get(username=f"{slug}.{name}")


def acting(name: str, slug: str = "pankow") -> Actor:
    return actor_for(person(name, slug), timezone.localdate())


def soon(slug: str = "pankow") -> date:
    return next_working_day(calendar_for(Office.objects.get(slug=slug)), timezone.localdate())


@pytest.fixture
def case(house) -> Case:
    return make.case(acting("krm"), received_on=timezone.localdate())


def asked(case: Case, slug: str = "pankow", **changes) -> Statement:
    unit = Unit.objects.get(office__slug=slug, number="711")
    values = {"unit": unit, "question": "Warum dauert es so lange?", "due_on": soon(slug)} | changes
    return request_statement(by=acting("krm", slug), case=case, **values)[0]


def version(statement: Statement) -> int:
    return Statement.objects.get(pk=statement.pk).version


def written(statement: Statement, text: str = TEXT) -> Statement:
    tl = acting("tl")
    edit_statement(by=tl, statement=statement, expected_version=version(statement), text=text)
    return hand_on(by=tl, statement=statement, expected_version=version(statement))


def url(name: str, statement: Statement, *more) -> str:
    return reverse(f"cases:{name}", args=[statement.pk, *more])


def page(client, who: str, statement: Statement) -> str:
    client.force_login(person(who))
    return client.get(url("statement", statement)).content.decode()


def test_the_desk_asks_in_arbeitstagen_and_with_co_signers(client, case):
    client.force_login(person("krm"))
    place = reverse("cases:statement_request", args=[case.reference])
    assert "wie üblich: die Leitung über der Einheit, sonst die Geschäftsführung" in client.get(place).content.decode()
    unit = Unit.objects.get(office__slug="pankow", number="711")
    data = {"unit": unit.pk, "question": "Warum?", "working_days": 1, "co_signers": [person("lgf").pk]}

    response = client.post(place, data)

    statement = Statement.objects.get()
    assert response.headers["Location"] == case.get_absolute_url()
    assert [s.user.username for s in statement.stations.all()] == ["pankow.tl", "pankow.lgf", "pankow.bl"]
    assert statement.deadline.due_on == soon()


@pytest.mark.parametrize("days", [{}, {"working_days": 2, "due_on": "2030-01-02"}])
def test_a_request_names_either_a_number_of_days_or_a_day(client, case, days):
    client.force_login(person("krm"))
    unit = Unit.objects.get(office__slug="pankow", number="711")
    place = reverse("cases:statement_request", args=[case.reference])

    response = client.post(place, {"unit": unit.pk, "question": "Warum?"} | days)

    assert response.status_code == 422
    assert "Bitte entweder eine Zahl von Arbeitstagen oder einen Tag angeben." in response.content.decode()


def test_a_refused_day_stands_at_its_field(client, case):
    client.force_login(person("krm"))
    unit = Unit.objects.get(office__slug="pankow", number="711")
    data = {"unit": unit.pk, "question": "Warum?", "due_on": "2027-01-03"}

    response = client.post(reverse("cases:statement_request", args=[case.reference]), data)

    assert response.status_code == 422
    assert "kein Arbeitstag" in str(response.context["form"].errors["due_on"])


def test_the_drafter_finds_question_reaction_and_a_form_to_hand_on(client, case):
    shown = page(client, "tl", asked(case))

    for words in ("Warum dauert es so lange?", case.text, "Zwischenspeichern", "Weitergeben", "Birgit Lorenz"):
        assert words in shown
    assert shown.count("kern-btn--primary") == 1
    assert "Freigeben" not in shown


def test_the_browser_asks_for_no_file_where_none_is_added(client, case):
    html = page(client, "tl", asked(case))
    (field,) = re.findall(r'<input type="file"[^>]*>', html)

    assert "required" not in field


def test_others_read_it_and_are_told_with_whom_it_lies(client, case):
    shown = page(client, "gf", asked(case))

    assert "Die Stellungnahme liegt bei Tobias Lindner (Entwurf)." in shown
    assert "Weitergeben" not in shown


def test_handing_on_saves_what_stands_in_the_form(client, case):
    statement = asked(case)
    client.force_login(person("tl"))

    response = client.post(url("statement_hand_on", statement), {"text": TEXT, "version": 1}, follow=True)

    assert "Stellungnahme liegt jetzt bei Birgit Lorenz (Freigabe)." in response.content.decode()
    assert statement.versions.get().text == TEXT


def test_nothing_typed_is_lost_when_somebody_saved_meanwhile(client, case):
    statement = asked(case)
    edit_statement(by=acting("tl"), statement=statement, expected_version=1, text="Von vorhin")
    client.force_login(person("tl"))

    response = client.post(url("statement", statement), {"text": "Von jetzt", "version": 1})

    shown = response.content.decode()
    assert response.status_code == 422
    assert "<del>Von vorhin</del>" in shown
    assert "<ins>Von jetzt</ins>" in shown
    again = client.post(url("statement", statement), {"text": "Von jetzt", "version": version(statement)})
    assert (again.status_code, Statement.objects.get().text) == (302, "Von jetzt")


def test_the_approver_finds_two_equal_buttons_each_with_its_consequence(client, case):
    statement = written(asked(case))
    shown = page(client, "bl", statement)

    assert "kern-btn--primary" not in shown
    for words in (
        "Freigeben", "Die Stellungnahme geht in genau dieser Fassung an das KRM",
        "Mit Hinweis zurückgeben", "Die Stellungnahme liegt wieder bei der gewählten Person",
    ):  # fmt: skip
        assert words in shown


def test_a_co_signer_is_told_who_comes_next(client, case):
    shown = page(client, "lgf", written(asked(case, co_signers=[person("lgf")])))

    assert "Mitzeichnen" in shown
    assert "geht in dieser Fassung weiter an Birgit Lorenz (Freigabe)." in shown


def test_approving_twice_by_double_click_is_one_approval(client, case):
    statement = written(asked(case))
    client.force_login(person("bl"))
    data = {"version": version(statement)}

    answers = [client.post(url("statement_sign", statement), data).status_code for _ in range(2)]

    assert answers == [302, 422]
    assert Signature.objects.filter(statement=statement).count() == 1


def test_a_text_that_changed_since_it_was_read_is_not_approved(client, case):
    statement = written(asked(case))
    seen = version(statement)
    return_statement(by=acting("bl"), statement=statement, to_position=1, note="Kürzer.")
    written(statement, "Kürzer.")
    client.force_login(person("bl"))

    response = client.post(url("statement_sign", statement), {"version": seen})

    assert response.status_code == 422
    assert "inzwischen von jemand anderem geändert" in response.content.decode()
    assert not Signature.objects.exists()


def test_a_return_needs_its_note_and_shows_it_as_internal(client, case):
    statement = written(asked(case))
    client.force_login(person("bl"))
    assert client.post(url("statement_return", statement), {"to_position": 1, "note": " "}).status_code == 422

    client.post(url("statement_return", statement), {"to_position": 1, "note": "Bitte die Dauer nennen."})

    shown = page(client, "tl", statement)
    assert "krm-note--internal" in shown
    assert "Bitte die Dauer nennen." in shown


def test_versions_show_word_by_word_what_changed(client, case):
    statement = written(asked(case))
    return_statement(by=acting("bl"), statement=statement, to_position=1, note="Bitte genauer.")
    written(statement, TEXT.replace("verzögert", "um 42 Tage verzögert"))

    shown = page(client, "bl", statement)
    assert '<ins><span class="kern-sr-only">neu: </span>um 42 Tage </ins>' in shown
    assert "Fassung 2" in shown


def test_what_a_deputy_signed_is_written_as_such(client, case):
    statement = written(asked(case))
    today = timezone.localdate()
    Substitution.objects.create(absent=person("bl"), deputy=person("tl2"), from_on=today, until_on=today)
    sign_statement(by=acting("tl2"), statement=statement, expected_version=version(statement))

    shown = page(client, "krm", statement)
    assert 'durch Tanja Liebig <abbr title="in Vertretung">i.&nbsp;V.</abbr>' in shown


def test_a_file_comes_and_goes_and_the_text_beside_it_is_kept(client, case):
    statement = asked(case)
    client.force_login(person("tl"))
    upload = SimpleUploadedFile("Auszug.pdf", PDF)

    client.post(url("statement_file", statement), {"text": "Halb", "version": 1, "files": upload})
    assert (Statement.objects.get().text, statement.files.get().name) == ("Halb", "Auszug.pdf")
    data = {"text": "Halb fertig", "version": version(statement)}
    client.post(url("statement_file_remove", statement, statement.files.get().pk), data)

    assert (Statement.objects.get().text, statement.files.count(), case.documents.count()) == ("Halb fertig", 0, 1)


def test_a_file_of_another_kind_is_refused_at_its_field_with_the_text_as_typed(client, case):
    statement = asked(case)
    client.force_login(person("tl"))
    upload = SimpleUploadedFile("a.exe", b"MZ\x00\x01")

    response = client.post(url("statement_file", statement), {"text": "Halb", "version": 1, "files": upload})

    assert response.status_code == 422
    assert "keine zulässige Datei" in str(response.context["upload"].errors["files"])
    assert ">\nHalb</textarea>" in response.content.decode()


def test_the_lead_gives_it_to_somebody_of_the_unit_and_the_desk_withdraws_it(client, case):
    statement = asked(case)
    client.force_login(person("tl"))
    client.post(url("statement_delegate", statement), {"user": person("ma").pk})
    assert "Zwischenspeichern" in page(client, "ma", statement)

    client.force_login(person("krm"))
    assert client.post(url("statement_withdraw", statement), {"reason": ""}).status_code == 422
    client.post(url("statement_withdraw", statement), {"reason": "Hat sich erledigt."})

    client.force_login(person("ma"))
    assert client.get(url("statement", statement)).status_code == 404


def test_an_approved_one_can_only_be_returned_by_the_desk(client, case):
    statement = written(asked(case))
    sign_statement(by=acting("bl"), statement=statement, expected_version=version(statement))

    assert "Mit Hinweis zurückgeben" in page(client, "krm", statement)
    assert "Mit Hinweis zurückgeben" not in page(client, "bl", statement)


def test_in_a_conduct_complaint_it_is_said_whose_words_they_are(client, house):
    krm, ma = acting("krm", "gera"), person("ma", "gera")
    case = make.case(
        krm,
        kind=Kind.CONDUCT_COMPLAINT,
        employees=(EmployeeData(user_id=ma.pk),),
        received_on=timezone.localdate(),
    )
    statement = asked(case, "gera")

    client.force_login(person("tl", "gera"))
    shown = client.get(url("statement", statement)).content.decode()
    assert "Hier stehen die Worte von <strong>Marta Adler</strong>" in shown
    client.force_login(ma)
    assert client.get(url("statement", statement)).status_code == 404
    assert [(it.kind, statement_row(it).with_whom) for it in case.statements.all()] == [
        ("employee", "Tobias Lindner"), ("assessment", "Tobias Lindner"),
    ]  # fmt: skip


def test_a_germersheim_team_lead_opens_the_statement_she_was_asked_for_and_no_other(client, house):
    krm, today = acting("krm", "germersheim"), timezone.localdate()
    mine, other = (make.case(krm, received_on=today) for _ in range(2))
    statement = asked(mine, "germersheim")
    elsewhere = request_statement(
        by=krm,
        case=other,
        unit=Unit.objects.get(office__slug="germersheim", number="712"),
        question="Was war?",
        due_on=soon("germersheim"),
    )[0]
    client.force_login(person("tl", "germersheim"))

    answers = [client.get(url("statement", each)).status_code for each in (statement, elsewhere)]
    assert answers == [200, 404]
