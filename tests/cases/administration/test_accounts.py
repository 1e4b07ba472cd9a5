"""Passwords are the person's own: one-time links, the choice of a password, and what people are told of it."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail as django_mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import access_links
from cases.administration.actions.accounts import change_password, use_link
from cases.administration.actions.people import change_person, renew_access
from cases.models import Event, Mail
from cases.notices.actions.settings import new_calendar_address
from cases.notices.reading.calendar_feed import holder_of
from cases.outbox.actions.mailing import compose, untried
from cases.outbox.actions.queue import try_again
from cases.outbox.actions.sending import send_due
from offices.errors import NotAllowed
from offices.models import Membership, User
from offices.roles import Role
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
PASSWORD, OTHER = "sieben blaue Stühle", "acht grüne Tische"
CHOSEN = {"new_password1": PASSWORD, "new_password2": PASSWORD}
ENDED = "Link gilt nicht mehr"


@pytest.fixture
def admin():
    return actor("pankow.admin")


def user(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def without_address(name: str) -> User:
    person = user(name)
    person.email = ""
    person.save()
    return person


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(user(name))
    return client


def link_for(admin, name: str) -> str:
    """The path of a link handed over on paper."""
    return urlsplit(renew_access(by=admin, person=without_address(name))).path


def link_in(mail: Mail) -> str:
    return next(urlsplit(line).path for line in mail.text.splitlines() if "/zugang/" in line)


def last_event() -> Event:
    return Event.objects.order_by("pk").last()


def signs_in(name: str, password: str) -> bool:
    return Client().login(username=f"pankow.{name}", password=password)


class TestLink:
    def test_whoever_has_it_chooses_a_password_and_signs_in_with_it(self, admin):
        client, path = Client(), link_for(admin, "ma")

        form = client.get(path, follow=True)
        assert "pankow.ma" in form.content.decode()
        assert path.split("/")[-2] not in form.request["PATH_INFO"]  # the token does not stay in the address
        done = client.post(form.request["PATH_INFO"], CHOSEN)
        assert (done.status_code, done.url) == (302, "/anmelden/")
        assert signs_in("ma", PASSWORD)
        event = last_event()
        assert (event.code, event.by, event.data) == ("person.password_set", user("ma"), {"user": user("ma").pk})

    def test_used_one_holds_no_longer(self, admin):
        path = link_for(admin, "ma")
        client = Client()
        client.post(client.get(path).url, CHOSEN)

        assert ENDED in Client().get(path).content.decode()
        again = {"new_password1": OTHER, "new_password2": OTHER}
        assert ENDED in client.post(path, again).content.decode()
        assert signs_in("ma", PASSWORD)

    def test_of_two_browsers_with_the_same_one_the_first_wins(self, admin):
        path, first, second = link_for(admin, "ma"), Client(), Client()
        forms = [first.get(path).url, second.get(path).url]

        first.post(forms[0], CHOSEN)
        late = second.post(forms[1], {"new_password1": OTHER, "new_password2": OTHER})
        assert ENDED in late.content.decode()
        assert (signs_in("ma", PASSWORD), signs_in("ma", OTHER)) == (True, False)

    def test_action_itself_refuses_a_used_one(self, admin):
        token = link_for(admin, "ma").split("/")[-2]
        use_link(by=actor("pankow.ma"), token=token, password=PASSWORD)

        with pytest.raises(NotAllowed, match="gilt nicht mehr"):
            use_link(by=actor("pankow.ma"), token=token, password=OTHER)

    @pytest.mark.parametrize(("hours", "holds"), [(71, True), (73, False)])
    def test_it_holds_for_three_days(self, admin, monkeypatch, hours, holds):
        path = link_for(admin, "ma")
        later = datetime.now() + timedelta(hours=hours)  # noqa: DTZ005 - as Django's own
        monkeypatch.setattr(access_links.LINKS, "_now", lambda: later)

        assert (Client().get(path).status_code == 302) is holds

    def test_a_newer_one_ends_it(self, admin):
        older, newer = link_for(admin, "ma"), link_for(admin, "ma")

        assert ENDED in Client().get(older).content.decode()
        assert Client().get(newer).status_code == 302

    def test_closed_account_has_none(self, admin):
        path, person = link_for(admin, "ma"), user("ma")
        person.is_active = False
        change_person(by=admin, person=person, changed=["Konto ist offen"])

        assert ENDED in Client().get(path).content.decode()
        with pytest.raises(NotAllowed, match="geschlossen"):
            renew_access(by=admin, person=person)

    def test_link_of_one_person_is_of_no_use_for_another(self, admin):
        mine, theirs = (link_for(admin, name).split("/") for name in ("ma", "ma2"))

        assert ENDED in Client().get("/".join([*theirs[:-2], mine[-2], ""])).content.decode()

    @pytest.mark.parametrize("uid", ["MQ", "!!!", "%00", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "_" * 300])
    @pytest.mark.parametrize("token", ["set-password", "x", "c0ffee-" + "0" * 32])
    def test_made_up_ones_open_nothing(self, uid, token):
        for answer in (Client().get(f"/zugang/{uid}/{token}/"), Client().post(f"/zugang/{uid}/{token}/", CHOSEN)):
            assert ENDED in answer.content.decode()

    @pytest.mark.parametrize(
        ("password", "sentence"),
        [
            ("kurz", "Dieses Passwort ist zu kurz. Es muss mindestens 12 Zeichen enthalten."),
            ("123412341234567", "Dieses Passwort ist komplett numerisch"),
            ("qwerty123456", "Dieses Passwort ist zu üblich."),
            ("pankow.ma.pankow", "Das Passwort ist zu ähnlich zu"),
        ],
    )
    def test_too_simple_password_is_refused_with_a_german_sentence(self, admin, password, sentence):
        client, path = Client(), link_for(admin, "ma")
        answer = client.post(client.get(path).url, {"new_password1": password, "new_password2": password})

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not user("ma").has_usable_password()

    def test_two_different_passwords_are_refused(self, admin):
        client, path = Client(), link_for(admin, "ma")
        answer = client.post(client.get(path).url, CHOSEN | {"new_password2": OTHER})

        assert (answer.status_code, user("ma").has_usable_password()) == (422, False)

    def test_whoever_was_signed_in_at_this_screen_is_signed_out(self, admin):
        client, path = client_of("krm"), link_for(admin, "ma")
        client.post(client.get(path).url, CHOSEN)

        assert client.get("/fristenrechner/").status_code == 302


class TestCalendar:
    """The address of somebody's calendar opens their dates without a password: a reset ends it too."""

    def address(self, name: str) -> str:
        return new_calendar_address(by=actor(f"pankow.{name}"))

    def test_a_reset_by_the_administration_ends_it_and_says_so(self, admin):
        token, other = self.address("ma"), self.address("tl")
        renew_access(by=admin, person=user("ma"))

        assert (holder_of(token), holder_of(other)) == (None, user("tl"))
        assert "Auch die geheime Adresse Ihres Kalenders gilt nicht mehr" in Mail.objects.get(to=user("ma")).text
        assert "Kalenderadresse beendet" in last_event().sentence

    def test_the_mail_says_nothing_of_an_address_there_was_not(self, admin):
        renew_access(by=admin, person=user("ma"))

        assert "Kalender" not in Mail.objects.get(to=user("ma")).text

    def test_who_gets_the_link_on_paper_reads_it_where_it_leads(self, admin):
        self.address("ma")
        client_of("ma")  # who has signed in before

        assert "Die Adresse Ihres Kalenders" in Client().get(link_for(admin, "ma"), follow=True).text

    def test_the_address_itself_answers_no_more(self, admin):
        token = self.address("ma")
        url = reverse("cases:calendar_feed", args=[token])
        assert Client().get(url).status_code == 200

        link_for(admin, "ma")
        assert Client().get(url).status_code == 404

    def test_a_change_of_ones_own_password_keeps_it_and_says_where_to_end_it(self, admin):
        token, person = self.address("ma"), user("ma")
        person.set_password(PASSWORD)
        person.save()
        change_password(by=actor("pankow.ma"), old=PASSWORD, new=OTHER)

        assert holder_of(token) == person
        text = Mail.objects.get(to=person).text
        assert "Adresse Ihres Kalenders gilt weiter" in text
        assert reverse("cases:notice_settings") in text

    def test_without_one_the_mail_about_the_new_password_says_nothing_of_it(self, admin):
        person = user("ma")
        person.set_password(PASSWORD)
        person.save()
        change_password(by=actor("pankow.ma"), old=PASSWORD, new=OTHER)

        assert "Kalender" not in Mail.objects.get(to=person).text


class TestAdministration:
    def test_sessions_and_the_password_until_now_end_at_once(self, admin):
        client, before = client_of("ma"), user("ma")
        assert client.get("/fristenrechner/").status_code == 200
        renew_access(by=admin, person=before)

        assert client.get("/fristenrechner/").status_code == 302
        assert not user("ma").has_usable_password()
        assert (last_event().code, last_event().data) == ("person.link_made", {"user": before.pk})

    def test_where_there_is_an_address_the_link_goes_there_and_the_administration_never_sees_it(self):
        answer = client_of("admin").post(f"/personen/{user('ma').pk}/zugangslink/", follow=True)
        mail = Mail.objects.get(to=user("ma"))

        assert mail.address == "ma@pankow.example"
        assert "zurückgesetzt" in mail.text
        assert "/zugang/" not in answer.content.decode()
        assert "per E-Mail an ma@pankow.example" in answer.content.decode()
        assert Client().get(link_in(mail)).status_code == 302

    def test_without_an_address_it_is_shown_once(self):
        person, client = without_address("ma"), client_of("admin")
        url = f"/personen/{person.pk}/zugangslink/"
        shown = client.post(url)

        assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
        assert shown.context["link"] in shown.content.decode()
        assert "/zugang/" not in client.get(url).content.decode()
        assert not Mail.objects.exists()

    @pytest.mark.parametrize("url", ["/personen/neu/", "/personen/{}/", "/personen/{}/zugangslink/"])
    def test_no_form_of_the_administration_takes_a_password(self, url):
        page = client_of("admin").get(url.format(user("ma").pk)).content.decode()

        assert 'type="password"' not in page

    @pytest.mark.parametrize("name", ["krm", "gf", "revision", "ma"])
    def test_nobody_else_makes_one(self, name):
        with pytest.raises(NotAllowed, match="Ihre Rolle umfasst"):
            renew_access(by=actor(f"pankow.{name}"), person=user("ma2"))

    def test_account_that_serves_two_offices_keeps_its_password_from_one_administration(self, admin):
        office = User.objects.get(username="gera.krm").memberships.get().office
        Membership.objects.create(user=user("ma"), office=office, role=Role.EMPLOYEE, from_on=TODAY)
        before = user("ma").password

        with pytest.raises(NotAllowed, match="gehört auch zu einer anderen Dienststelle"):
            renew_access(by=admin, person=user("ma"))
        assert user("ma").password == before

    def test_another_address_ends_the_link_and_the_old_one_hears_of_it(self, admin):
        renew_access(by=admin, person=user("ma"))
        path, person = link_in(Mail.objects.get()), user("ma")
        person.email = "fremd@pankow.example"
        change_person(by=admin, person=person, changed=["E-Mail"])

        assert ENDED in Client().get(path).content.decode()
        first, told = Mail.objects.order_by("pk")
        assert (first.state, first.text, first.address) == (Mail.State.DROPPED, "", "ma@pankow.example")
        assert (told.address, told.subject) == ("ma@pankow.example", "KRM: Ihre E-Mail-Adresse wurde geändert")


@pytest.mark.django_db(transaction=True)
class TestMail:
    def test_goes_out_at_once_and_leaves_no_link_behind(self, admin):
        renew_access(by=admin, person=user("ma"))
        send_due(timezone.now())

        assert len(django_mail.outbox) == 1
        assert "/zugang/" in django_mail.outbox[0].body
        mail = Mail.objects.get()
        assert (mail.state, mail.text) == (Mail.State.SENT, "")

    def test_does_not_go_out_once_the_link_has_ended(self, admin):
        renew_access(by=admin, person=user("ma"))
        send_due(timezone.now() + timedelta(days=3, minutes=1))

        assert django_mail.outbox == []
        assert (Mail.objects.get().state, Mail.objects.get().text) == (Mail.State.DROPPED, "")

    def test_a_second_link_takes_the_place_of_the_first_that_waits(self, admin):
        for _ in range(2):
            renew_access(by=admin, person=user("ma"))
        send_due(timezone.now())

        assert len(django_mail.outbox) == 1
        assert Client().get(next(iter(links_of(django_mail.outbox[0].body)))).status_code == 302

    def test_putting_notices_together_leaves_it_alone(self, admin):
        renew_access(by=admin, person=user("ma"))
        compose(timezone.now())

        assert not untried(user("ma").pk).exists()
        assert Mail.objects.get(to=user("ma")).state == Mail.State.QUEUED

    def test_refused_one_is_not_sent_again_to_whatever_address_stands_there_now(self, admin):
        renew_access(by=admin, person=user("ma"))
        Mail.objects.update(state=Mail.State.REFUSED)

        with pytest.raises(NotAllowed, match="einen neuen Zugangslink"):
            try_again(by=admin, mail=Mail.objects.get())


def links_of(text: str) -> list[str]:
    return [urlsplit(line).path for line in text.splitlines() if "/zugang/" in line]


class TestOwnPassword:
    def form(self, **changes: str) -> dict[str, str]:
        return {"old_password": OTHER, **CHOSEN, **changes}

    @pytest.fixture(autouse=True)
    def known(self, house):
        person = user("ma")
        person.set_password(OTHER)
        person.save()

    def test_everybody_changes_it_and_other_sessions_end(self):
        here, elsewhere = client_of("ma"), client_of("ma")
        assert 'href="/passwort/"' in here.get("/fristenrechner/").content.decode()

        assert here.post("/passwort/", self.form()).status_code == 302
        assert [client.get("/fristenrechner/").status_code for client in (here, elsewhere)] == [200, 302]
        assert (signs_in("ma", PASSWORD), signs_in("ma", OTHER)) == (True, False)
        assert (last_event().code, last_event().by) == ("person.password_changed", user("ma"))

    def test_person_is_told(self):
        client_of("ma").post("/passwort/", self.form())

        mail = Mail.objects.get(to=user("ma"))
        assert (mail.subject, PASSWORD in mail.text) == ("KRM: Ihr Passwort wurde geändert", False)

    @pytest.mark.parametrize(
        "changes",
        [
            {"old_password": PASSWORD},
            {"old_password": ""},
            {"new_password2": OTHER},
            {"new_password1": "kurz", "new_password2": "kurz"},
        ],
    )
    def test_wrong_or_weak_ones_change_nothing(self, changes):
        answer = client_of("ma").post("/passwort/", self.form(**changes))

        assert answer.status_code == 422
        assert (signs_in("ma", OTHER), Mail.objects.exists()) == (True, False)

    def test_action_itself_asks_for_the_one_until_now_and_for_a_strong_one(self):
        with pytest.raises(NotAllowed, match="bisherige Passwort stimmt nicht"):
            change_password(by=actor("pankow.ma"), old=PASSWORD, new=PASSWORD)
        with pytest.raises(NotAllowed, match="zu kurz"):
            change_password(by=actor("pankow.ma"), old=OTHER, new="kurz")

    def test_a_link_that_waits_ends_with_it(self, admin):
        path = access_links.path_for(user("ma"))
        change_password(by=actor("pankow.ma"), old=OTHER, new=PASSWORD)

        assert ENDED in Client().get(path).content.decode()
