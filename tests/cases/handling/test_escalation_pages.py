"""The pages of the ladder, the personal talk and the Lob, and ticking off what was asked."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.asking import ask
from cases.handling.actions.escalate import climb
from cases.handling.actions.praise import pass_on_praise
from cases.models import Case, Event
from cases.rules.assignments import AssignmentKind
from cases.rules.kinds import Channel, Kind
from offices.models import Membership, Unit, User
from tests import make
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def sign_on(client, house):
    def as_user(username):
        client.force_login(User.objects.get(username=username))
        return client

    return as_user


def today():
    return timezone.localdate()


def unit(slug: str, number: str = "711") -> Unit:
    return Unit.objects.get(office__slug=slug, number=number)


def new_case(slug: str, channel: Channel = Channel.PHONE, **changes) -> Case:
    krm = actor(f"{slug}.krm", today())
    return make.case(krm, received_on=today(), channel=channel, unit_id=unit(slug).pk, **changes)


def url(name: str, case: Case) -> str:
    return reverse(f"cases:{name}", args=[case.reference])


def up(case: Case, number: int) -> None:
    krm = actor(f"{case.office.slug}.krm", today())
    climb(by=krm, case=case, number=number, on=today(), way="phone", note="Erläutert, ohne Erfolg.")


def seat(username: str) -> int:
    return Membership.objects.get(user__username=username).pk


def sent(number: int, who: str | None, **changes) -> dict:
    values = {"number": number, "on": today().isoformat(), "way": "phone", "note": "Zweimal erläutert."}
    return values | ({"seat": seat(who)} if who else {}) | changes


def test_the_page_shows_the_ladder_and_proposes_the_lead_of_the_team(sign_on):
    case = new_case("pankow")
    response = sign_on("pankow.krm").get(url("escalate", case))
    page = response.content.decode()

    assert [field.name for field in response.context["form"].visible_fields()] == ["seat", "on", "way", "note"]
    assert response.context["form"]["seat"].value() == seat("pankow.tl")
    assert "Stufe 1 eintragen: Teamleitung als unmittelbare/r Vorgesetzte/r" in page
    assert "erlaubt kein Überspringen: Zuerst kommt Stufe 1" in page
    assert "Regelwerk K4" in page


def test_the_rung_is_entered_and_leads_back_to_the_case(sign_on):
    case = new_case("pankow")
    response = sign_on("pankow.krm").post(url("escalate", case), sent(1, "pankow.tl"))
    assert (response.status_code, response.url) == (302, case.get_absolute_url())
    assert case.escalations.get().person.username == "pankow.tl"


def test_who_hands_up_what_is_no_longer_theirs_comes_to_the_start_page(sign_on):
    case = new_case("germersheim")
    up(case, 1)
    case.assignments.update(cancelled_on=today())
    response = sign_on("germersheim.ma").post(url("escalate", case), sent(2, "germersheim.tl"))
    assert (response.status_code, response.url) == (302, "/")


def test_skipping_by_a_changed_address_is_refused_with_the_sentence(sign_on):
    case = new_case("pankow")
    response = sign_on("pankow.krm").post(url("escalate", case), sent(3, "pankow.gf"))
    assert response.status_code == 422
    assert "erlaubt kein Überspringen: Zuerst kommt Stufe 1" in response.context["form"].non_field_errors()[0]
    assert not case.escalations.exists()


def test_the_second_click_says_that_the_rung_is_reached(sign_on):
    case = new_case("pankow")
    client = sign_on("pankow.krm")
    client.post(url("escalate", case), sent(1, "pankow.tl"))
    response = client.post(url("escalate", case), sent(1, "pankow.tl"))
    assert (response.status_code, response.context["form"].non_field_errors()) == (422, ["Stufe 1 ist schon erreicht."])


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"note": ""}, "note", "Bitte festhalten, was versucht wurde und womit die Person unzufrieden bleibt."),
        ({"seat": ""}, "seat", "Bitte angeben, wer auf dieser Stufe übernimmt."),
        ({"on": "2100-01-01"}, "on", "Der Tag liegt in der Zukunft."),
    ],
)
def test_what_is_missing_stands_at_its_field(sign_on, changes, field, sentence):
    case = new_case("pankow")
    response = sign_on("pankow.krm").post(url("escalate", case), sent(1, "pankow.tl", **changes))
    assert (response.status_code, response.context["form"].errors) == (422, {field: [sentence]})


def test_where_rungs_may_be_skipped_the_others_are_offered(sign_on):
    case = new_case("germersheim")
    client = sign_on("germersheim.krm")
    assert [row.rung.number for row in client.get(url("escalate", case)).context["others"]] == [2, 3]

    response = client.get(f"{url('escalate', case)}?number=3")

    assert response.context["chosen"].rung.number == 3
    labels = [label for _, label in response.context["form"].fields["seat"].choices]
    assert labels == [
        "bitte wählen", "Ahrens, Karin (KRM-Beauftragte/r)", "Beck, Jonas (KRM-Beauftragte/r)",
        "Falk, Gudrun (Geschäftsführung)",
    ]  # fmt: skip


def test_a_rung_outside_the_house_asks_for_no_person(sign_on):
    case = new_case("berlin-nord")
    up(case, 1)
    client = sign_on("berlin-nord.krm")
    page = client.get(url("escalate", case)).content.decode()
    assert "Diese Stufe liegt außerhalb des Hauses" in page
    assert client.post(url("escalate", case), sent(2, None)).status_code == 302
    assert case.escalations.count() == 2


def test_where_the_ladder_does_not_hold_the_page_says_why_and_has_no_form(sign_on):
    case = new_case("gera", Channel.LETTER)
    response = sign_on("gera.krm").get(url("escalate", case))
    assert "gilt für persönlich oder telefonisch vorgetragene" in response.context["why_not"]
    assert response.context["form"] is None


def test_who_only_reads_the_case_reads_the_ladder(sign_on):
    response = sign_on("pankow.vz").get(url("escalate", new_case("pankow")))
    assert (response.status_code, response.context["form"]) == (200, None)
    assert response.context["why_not"] == "Ihre Rolle umfasst nicht: bearbeiten und zurückgeben."


# The personal talk


def test_gera_says_that_the_talk_comes_first(sign_on):
    page = sign_on("gera.krm").get(url("talk", new_case("gera"))).content.decode()
    assert "das persönliche Gespräch kommt zuerst" in page
    assert (
        "das persönliche Gespräch kommt zuerst"
        not in sign_on("pankow.krm").get(url("talk", new_case("pankow"))).content.decode()
    )


def test_the_talk_is_entered(sign_on):
    case = new_case("gera")
    values = {"talk": "held", "on": today().isoformat(), "note": "Alles erklärt."}
    response = sign_on("gera.krm").post(url("talk", case), values)
    case.refresh_from_db()
    assert (response.status_code, case.talk, case.talk_on) == (302, "held", today())


def test_a_talk_without_words_is_an_error_of_its_field(sign_on):
    response = sign_on("gera.krm").post(url("talk", new_case("gera")), {"talk": "held", "on": today().isoformat()})
    assert response.status_code == 422
    assert response.context["form"].errors == {"note": ["Bitte kurz festhalten, was besprochen wurde."]}


# The Lob


def test_the_lob_is_passed_on_by_unit(sign_on):
    case = new_case("pankow", kind=Kind.PRAISE)
    client = sign_on("pankow.krm")
    assert client.get(url("praise", case)).context["form"]["unit"].value() == unit("pankow").pk
    response = client.post(url("praise", case), {"unit": unit("pankow", "712").pk}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Das Lob liegt jetzt bei Tanja Liebig."]


def test_a_complaint_has_no_such_page(sign_on):
    assert sign_on("pankow.krm").get(url("praise", new_case("pankow"))).status_code == 409


def test_a_second_click_on_the_lob_says_who_has_it(sign_on):
    case = new_case("pankow", kind=Kind.PRAISE)
    client = sign_on("pankow.krm")
    client.post(url("praise", case), {"unit": unit("pankow").pk})
    response = client.post(url("praise", case), {"unit": unit("pankow").pk})
    assert response.status_code == 422
    assert response.context["form"].non_field_errors()[0].startswith("Tobias Lindner hat das Lob seit dem")


# Ticking off


def test_the_management_ticks_and_the_lead_has_it(sign_on):
    case = new_case("germersheim", kind=Kind.PRAISE)
    first = pass_on_praise(by=actor("germersheim.krm", today()), case=case, unit=unit("germersheim"))
    done = reverse("cases:assignment_done", args=[first.pk])

    assert sign_on("germersheim.tl").post(done).status_code == 404
    assert sign_on("germersheim.krm").post(done).status_code == 409
    response = sign_on("germersheim.gf").post(done)

    assert (response.status_code, response.url) == (302, case.get_absolute_url())
    second = case.assignments.get(user__username="germersheim.tl")
    assert sign_on("germersheim.tl").post(reverse("cases:assignment_done", args=[second.pk])).status_code == 302
    assert Event.objects.filter(case=case, code="assignment.done").count() == 2


def test_ticking_twice_does_one_thing(sign_on):
    case = new_case("pankow")
    asked = ask(case, AssignmentKind.TAKE_NOTE, User.objects.get(username="pankow.tl"), by=actor("pankow.krm", today()))
    client, done = sign_on("pankow.tl"), reverse("cases:assignment_done", args=[asked.pk])
    assert [client.post(done).status_code for _ in range(2)] == [302, 409]
    assert Event.objects.filter(case=case, code="assignment.done").count() == 1


def test_what_ends_with_its_own_action_is_not_ticked(sign_on):
    case = new_case("pankow")
    up(case, 1)
    response = sign_on("pankow.tl").post(
        reverse("cases:assignment_done", args=[case.assignments.get(kind="take_rung").pk])
    )
    assert response.status_code == 409
    assert "endet, wenn er ausgeführt ist" in response.content.decode()
