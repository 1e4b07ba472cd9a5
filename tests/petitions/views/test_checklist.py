"""The pages of the checklist: filled in at the check, and kept by who changes the rules of the office."""

import pytest
from django.urls import reverse

from offices.models import User
from petitions.models import CheckedItem, ChecklistItem, Station
from petitions.rules.checklist import DEFAULTS
from petitions.rules.vocabulary import StationRole
from tests.petitions import walk

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def check() -> Station:
    return walk.until(walk.started(), StationRole.CHECK, "krm")


@pytest.fixture
def as_user(client):
    def sign_in(name: str):
        client.force_login(User.objects.get(username=name))
        return client

    return sign_in


def page(station: Station) -> str:
    return reverse("petitions:checklist", args=[station.pk])


def found(value: str = "ok", note: str = "") -> dict[str, str]:
    items = ChecklistItem.objects.filter(office__slug="pankow")
    return {f"punkt-{item.pk}-{name}": text for item in items for name, text in (("found", value), ("note", note))}


@pytest.mark.parametrize(
    ("name", "status", "fills_in"),
    [
        ("pankow.krm2", 200, True),
        ("pankow.gf", 200, False),
        ("pankow.tl2", 200, False),
        ("pankow.ma", 404, False),
        ("gera.krm", 404, False),
        ("berlin-nord.krm", 404, False),
    ],
)
def test_the_desk_fills_it_in_who_sees_the_petition_reads_it(check, as_user, name, status, fills_in):
    client = as_user(name)
    answer = client.get(page(check))
    assert (answer.status_code, b'type="radio"' in answer.content) == (status, fills_in)
    sent = client.post(page(check), found())
    assert sent.status_code == (302 if fills_in else {200: 422, 404: 404}[status])
    assert CheckedItem.objects.exists() == fills_in


def test_what_was_found_is_kept_half_done_too_and_the_page_says_what_is_missing(check, as_user):
    client = as_user("pankow.krm")
    answer = client.post(page(check), found("note"), follow=True)
    assert "Was nicht in Ordnung ist, braucht einen Hinweis." in answer.content.decode()
    first = f"punkt-{ChecklistItem.objects.filter(office__slug='pankow').first().pk}-found"
    answer = client.post(page(check), found() | {first: ""}, follow=True)
    assert "Noch nicht geprüft ist „Das Aktenzeichen" in answer.content.decode()
    answer = client.post(page(check), found() | {first: "quatsch"})
    assert answer.status_code == 422
    answer = client.post(page(check), found("note", "Stimmt so nicht."), follow=True)
    assert "Alles ist geprüft." in answer.content.decode()
    walk.one_step(check)
    said = client.get(page(check)).content.decode()
    assert ("Hier ist geprüft." in said, "Stimmt so nicht." in said) == (True, False)
    assert "in Ordnung" in said


def test_where_nothing_is_checked_there_is_no_list(check, as_user):
    draft = check.request.stations.get(role=StationRole.DRAFT)
    assert as_user("pankow.krm").get(page(draft)).status_code == 404


# The office's own list


@pytest.mark.parametrize(("name", "status"), [("pankow.krm", 200), ("pankow.gf", 404), ("pankow.tl", 404)])
def test_the_list_is_kept_by_who_changes_the_rules(as_user, name, status):
    client, item = as_user(name), ChecklistItem.objects.filter(office__slug="pankow").first()
    for url in ("petitions:checklist_items", "petitions:checklist_item_new"):
        assert client.get(reverse(url)).status_code == status
    assert client.get(reverse("petitions:checklist_item", args=[item.pk])).status_code == status
    other = ChecklistItem.objects.filter(office__slug="gera").first()
    assert client.get(reverse("petitions:checklist_item", args=[other.pk])).status_code == 404


def test_a_point_is_added_changed_and_retired(as_user):
    client, office = as_user("pankow.krm"), ChecklistItem.objects.filter(office__slug="pankow").first().office_id
    new = reverse("petitions:checklist_item_new")
    sent = {"office": office, "area": "form", "text": "Zwei Unterschriften.", "position": 3}
    assert client.post(new, sent).url == reverse("petitions:checklist_items")
    again = client.post(new, sent)
    assert (again.status_code, "gibt es in der Prüfliste schon" in again.content.decode()) == (422, True)
    item = ChecklistItem.objects.get(text="Zwei Unterschriften.")
    url = reverse("petitions:checklist_item", args=[item.pk])
    assert client.post(url, {"area": "form", "text": DEFAULTS[0][1], "position": 3}).status_code == 422
    assert client.post(url, {"area": "clarity", "text": "Eine Unterschrift.", "position": 3}).status_code == 302
    item.refresh_from_db()
    assert (item.area, item.text, item.is_active) == ("clarity", "Eine Unterschrift.", False)
    assert "nicht mehr geprüft" in client.get(reverse("petitions:checklist_items")).content.decode()
