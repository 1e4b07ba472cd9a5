"""The page of a letter by person and state, and the desk where one signs after the other."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.letters.actions.writing import EDITABLE, draft_letter
from cases.models import Case, Letter
from cases.signing.actions import co_sign_letter
from krm.demo.letters import submitted
from offices.models import Office, User
from offices.queries import actor_for
from tests import make

pytestmark = pytest.mark.usefixtures("house")


def person(username):
    return actor_for(User.objects.get(username=username), timezone.localdate())


@pytest.fixture
def as_(client, house):
    def sit_down(username):
        client.force_login(User.objects.get(username=username))
        return client

    return sit_down


def case_of(office: str) -> Case:
    unit = Office.objects.get(slug=office).units.get(number="711")
    return make.case(person(f"{office}.krm"), received_on=timezone.localdate(), unit_id=unit.pk)


def answer(office: str, case: Case | None = None) -> Letter:
    return make.answer(person(f"{office}.krm"), case or case_of(office))


def to_sign(office: str = "pankow") -> Letter:
    return submitted(person(f"{office}.krm"), answer(office))


def url(name: str, letter: Letter) -> str:
    return reverse(f"cases:{name}", args=[letter.pk])


def typed(letter: Letter, **changes) -> dict:
    return {name: getattr(letter, name) for name in EDITABLE} | {"version": letter.version} | changes


def primary(response) -> list[str]:
    """The labels of the prominent buttons."""
    parts = response.content.decode().split("kern-btn--primary")[1:]
    return [part.split('<span class="kern-label">')[1].split("</span>")[0] for part in parts]


def test_each_person_sees_the_one_button_that_is_theirs(as_):
    letter = answer("germersheim")
    found = {"draft": primary(as_("germersheim.krm").get(url("letter", letter)))}
    letter = submitted(person("germersheim.krm"), letter)
    found["asked to co-sign"] = primary(as_("germersheim.tl").get(url("letter", letter)))
    found["signs after that"] = primary(as_("germersheim.krm").get(url("letter", letter)))
    co_sign_letter(by=person("germersheim.tl"), letter=letter, expected_version=letter.version)
    found["signs"] = primary(as_("germersheim.krm").get(url("letter", letter)))
    found["looks"] = primary(as_("germersheim.gf").get(url("letter", letter)))
    assert found == {
        "draft": ["Zur Zeichnung geben"],
        "asked to co-sign": ["Mitzeichnen"],
        "signs after that": [],
        "signs": ["Zeichnen"],
        "looks": [],
    }


def test_who_may_sign_alone_has_one_step(as_):
    assert primary(as_("gera.krm").get(url("letter", answer("gera")))) == ["Ausfertigen"]


def test_the_page_names_for_whom_the_letter_waits_and_since_when(as_):
    page = as_("pankow.krm").get(url("letter", to_sign())).content.decode()
    text = " ".join(page.split())
    assert "<strong>Schlusszeichnung:</strong> Gudrun Falk" in text
    assert f"{timezone.localdate():%d.%m.%Y}" in text


def test_without_a_verfuegung_the_button_says_why_it_is_dead(as_):
    krm = person("pankow.krm")
    letter = draft_letter(by=krm, case=case_of("pankow"), kind=Letter.Kind.FINAL)
    page = as_("pankow.krm").get(url("letter", letter)).content.decode()
    assert "Die Verfügung muss nennen, wer zeichnet (K21)." in page
    assert f'formaction="{url("letter_submit", letter)}"' not in page


def test_giving_to_signature_saves_what_stands_in_the_form(as_):
    letter = answer("germersheim")
    fachkraft = User.objects.get(username="germersheim.ma")
    as_("germersheim.krm").post(
        url("letter_submit", letter), typed(letter, body="zuletzt getippt.", specialist=fachkraft.pk)
    )
    letter.refresh_from_db()
    assert (letter.body, letter.state) == ("zuletzt getippt.", "zur Zeichnung")
    assert letter.assignments.open().get().user == fachkraft


def test_a_missing_ruecksprache_is_an_error_at_its_box(as_):
    letter = make.answer(person("gera.krm"), case_of("gera"), consulted=False)
    today = timezone.localdate().isoformat()
    response = as_("gera.krm").post(url("letter_issue", letter), typed(letter, dated_on=today))
    assert list(response.context["form"].errors) == ["consulted"]
    response = as_("gera.krm").post(
        url("letter_issue", letter), typed(letter, dated_on=today, version=response.context["version"], consulted="on")
    )
    letter.refresh_from_db()
    assert letter.state == "ausgefertigt"


def test_a_changed_text_empties_the_box_of_the_ruecksprache_and_says_so_gera5(as_):
    letter = make.answer(person("gera.krm"), case_of("gera"))
    data = typed(letter, body="ganz anders.", consulted="on")
    page = as_("gera.krm").post(url("letter_issue", letter), data | {"dated_on": timezone.localdate().isoformat()})
    assert ("neu" in page.content.decode(), page.context["form"]["consulted"].value()) == (True, False)
    assert "seit der Rücksprache geändert" in page.content.decode()


def test_an_interim_letter_asks_for_the_day_of_the_answer(as_):
    krm = person("gera.krm")
    letter = draft_letter(by=krm, case=case_of("gera"), kind=Letter.Kind.INTERIM)
    today = timezone.localdate().isoformat()
    response = as_("gera.krm").post(url("letter_issue", letter), typed(letter, dated_on=today, expected_on=""))
    assert list(response.context["form"].errors) == ["expected_on"]


def test_an_interim_letter_is_begun_from_the_case(as_):
    case = case_of("gera")
    response = as_("gera.krm").post(reverse("cases:letter_draft", args=[case.reference, "interim"]))
    assert response.url == url("letter", case.letters.get(kind="interim"))


def test_co_signing_says_which_text_was_read(as_):
    letter = submitted(person("germersheim.krm"), answer("germersheim"))
    tl = as_("germersheim.tl")
    assert (
        f'<input type="hidden" name="version" value="{letter.version}">'
        in tl.get(url("letter", letter)).content.decode()
    )
    tl.post(url("letter_co_sign", letter), {"version": letter.version - 1})
    assert letter.signatures.count() == 0
    tl.post(url("letter_co_sign", letter), {"version": letter.version})
    assert letter.signatures.count() == 1


def test_returning_needs_a_note_and_keeps_it(as_):
    letter = to_sign()
    gf = as_("pankow.gf")
    refused = gf.post(url("letter_return", letter), {"note": ""})
    assert (refused.status_code, refused.context["send_back"].errors) == (
        422, {"note": ["Bitte schreiben, was zu ändern ist."]},
    )  # fmt: skip
    gf.post(url("letter_return", letter), {"note": "Bitte freundlicher."})
    letter.refresh_from_db()
    assert (letter.state, letter.case.notes.last().text) == ("Entwurf", "Bitte freundlicher.")


def test_the_desk_shows_one_after_the_other_and_goes_on_after_signing(as_):
    first, second = to_sign(), to_sign()
    gf = as_("pankow.gf")
    desk = gf.get(reverse("cases:sign_desk"))
    assert (desk.context["letter"], desk.context["place"], primary(desk)) == (first, "1 von 2", ["Zeichnen"])
    other = gf.get(reverse("cases:sign_desk"), {"nr": 2})
    assert (other.context["letter"], other.context["next_number"]) == (second, 1)
    response = gf.post(url("letter_sign", first), {"version": first.version, "desk": "1"})
    assert response.url == reverse("cases:sign_desk")
    desk = gf.get(response.url)
    assert (desk.context["letter"], desk.context["place"]) == (second, "1 von 1")
    gf.post(url("letter_sign", second), {"version": second.version, "desk": "1"})
    assert "Gerade liegt nichts zur Zeichnung bei Ihnen." in gf.get(reverse("cases:sign_desk")).content.decode()


def test_the_desk_tells_the_case_in_five_lines_and_the_name_that_will_stand_below(as_):
    to_sign()
    desk = as_("pankow.gf").get(reverse("cases:sign_desk"))
    assert [label for label, _ in desk.context["lines"]] == [
        "Von", "Worum es geht", "Art und Anliegen", "Eingang", "Zuständig",
    ]  # fmt: skip
    assert desk.context["page"].signature_lines == ("Gudrun Falk", "Geschäftsführung")


def test_the_desk_of_somebody_who_was_not_asked_is_empty(as_):
    to_sign()
    assert as_("pankow.tl").get(reverse("cases:sign_desk")).context["count"] == 0


def test_a_second_click_on_sign_is_told_so(as_):
    letter = to_sign()
    gf = as_("pankow.gf")
    answers = [gf.post(url("letter_sign", letter), {"version": letter.version}).status_code for _ in range(2)]
    assert (answers, letter.signatures.count()) == ([302, 409], 1)


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "9" * 40])
def test_no_number_breaks_the_desk(as_, number):
    to_sign()
    assert as_("pankow.gf").get(reverse("cases:sign_desk"), {"nr": number}).status_code == 200
