"""Entering, ending and taking back a Vertretung, and the pages that warn of a circle (K23, PAN-14)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.administration.actions.substitutions import cancel_substitution, end_substitution, enter_substitution
from cases.models import Event, Mail
from cases.outbox.actions.mailing import untried
from cases.outbox.actions.sending import send_due
from offices.errors import NotAllowed
from offices.models import Substitution, User
from offices.roles import Permission
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
TOMORROW = TODAY + timedelta(1)
WEEK = timedelta(7)


def user(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(user(name))
    return client


def last_event() -> Event:
    return Event.objects.order_by("pk").last()


class TestSubstitutions:
    def enter(self, by="krm", absent="krm", deputy="expert", from_on=TODAY, until_on=TODAY + WEEK) -> Substitution:
        return enter_substitution(
            by=actor(f"pankow.{by}"), absent=user(absent), deputy=user(deputy), from_on=from_on, until_on=until_on
        )

    def test_own_vertretung_gives_the_deputy_the_seats_and_is_logged_by_id(self):
        self.enter()

        assert actor("pankow.expert").may(Permission.CLOSE)
        assert (last_event().code, last_event().data) == (
            "substitution.entered",
            {
                "absent": user("krm").pk,
                "deputy": user("expert").pk,
                "from_on": "2026-11-23",
                "until_on": "2026-11-30",
            },
        )

    @pytest.mark.parametrize("by", ["krm", "gf", "admin"])
    def test_some_enter_it_for_others(self, by):
        assert self.enter(by=by, absent="tl", deputy="bl").absent == user("tl")

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"by": "ma", "absent": "tl", "deputy": "bl"}, "nur die eigene Vertretung"),
            ({"by": "krm", "absent": "gf", "deputy": "krm"}, "Sich selbst kann man nicht"),
            ({"deputy": "admin"}, "bleiben von den Vorgängen getrennt"),
            ({"by": "admin", "absent": "admin", "deputy": "krm"}, "bleiben von den Vorgängen getrennt"),
            ({"from_on": TODAY - WEEK, "until_on": TODAY - timedelta(1)}, "schon vorbei"),
            ({"deputy": "krm"}, "Niemand kann sich selbst vertreten"),
            ({"until_on": TODAY, "from_on": TOMORROW}, "Das Ende liegt vor dem Beginn"),
        ],
    )
    def test_refusals(self, values, sentence):
        with pytest.raises(NotAllowed, match=sentence):
            self.enter(**values)
        assert not Substitution.objects.exists()

    def test_deputy_must_belong_to_the_same_office(self):
        stranger = User.objects.get(username="gera.krm")

        with pytest.raises(NotAllowed, match="gehört nicht zur selben Dienststelle"):
            enter_substitution(
                by=actor("pankow.krm"), absent=user("krm"), deputy=stranger, from_on=TODAY, until_on=TODAY
            )

    def test_officer_of_another_office_enters_nothing_here(self):
        with pytest.raises(NotAllowed, match="nur die eigene Vertretung"):
            enter_substitution(
                by=actor("gera.krm"), absent=user("tl"), deputy=user("bl"), from_on=TODAY, until_on=TODAY
            )

    def test_second_entry_for_the_same_days_is_refused(self):
        self.enter()

        with pytest.raises(NotAllowed, match="ist schon eine Vertretung eingetragen"):
            self.enter(deputy="krm2", from_on=TODAY + WEEK, until_on=TODAY + 2 * WEEK)

    def test_ending_early_takes_the_seats_back_the_day_after(self):
        entry = self.enter()
        end_substitution(by=actor("pankow.krm"), entry=entry, last_day=TODAY)

        assert actor("pankow.expert").may(Permission.CLOSE)
        assert not actor("pankow.expert", TOMORROW).may(Permission.CLOSE)
        assert last_event().code == "substitution.ended"

    @pytest.mark.parametrize("last_day", [TODAY - timedelta(1), TODAY + WEEK, TODAY + 2 * WEEK])
    def test_last_day_lies_within_the_entry(self, last_day):
        entry = self.enter()

        with pytest.raises(NotAllowed, match="Der letzte Tag liegt zwischen dem 23.11.2026"):
            end_substitution(by=actor("pankow.krm"), entry=entry, last_day=last_day)

    def test_coming_entry_is_taken_back_once_a_running_one_never(self):
        coming, running = self.enter(from_on=TOMORROW), self.enter(by="gf", absent="gf", deputy="lgf")
        cancel_substitution(by=actor("pankow.krm"), entry=coming)

        assert last_event().code == "substitution.cancelled"
        with pytest.raises(NotAllowed, match="schon zurückgenommen"):
            cancel_substitution(by=actor("pankow.krm"), entry=coming)
        with pytest.raises(NotAllowed, match="hat schon begonnen"):
            cancel_substitution(by=actor("pankow.gf"), entry=running)

    def told(self) -> list[tuple[str, str]]:
        """Whom the outbox is about to tell of what, in order."""
        mails = Mail.objects.filter(state=Mail.State.QUEUED).order_by("pk").select_related("to")
        return [(mail.to.username, mail.text) for mail in mails]

    def test_who_is_deputised_by_somebody_else_hears_of_it_at_once_as_does_the_deputy(self):
        entry = self.enter(by="gf", absent="tl", deputy="bl", from_on=TOMORROW)
        (_, first), (_, second) = told = self.told()

        assert [name for name, _ in told] == ["pankow.tl", "pankow.bl"]
        assert f"hat {user('gf')} in KRM eine Vertretung eingetragen" in first
        assert f"{user('bl')} vertritt Sie vom 24.11.2026 bis 30.11.2026." in first
        assert f"Sie vertreten {user('tl')} vom 24.11.2026 bis 30.11.2026." in second
        assert not untried(user("tl").pk).exists()  # else the next mail about deadlines would take its place
        assert send_due(timezone.now()).sent == len(told)
        cancel_substitution(by=actor("pankow.gf"), entry=entry)
        assert [name for name, text in self.told() if "vertritt Sie nicht mehr" in text] == ["pankow.tl"]

    def test_ending_it_for_somebody_else_is_told_too_but_nobody_of_their_own_doing(self):
        entry = self.enter(by="bl", absent="bl", deputy="krm")
        assert self.told() == []

        end_substitution(by=actor("pankow.krm"), entry=entry, last_day=TODAY)
        ((name, text),) = self.told()
        assert name == "pankow.bl"
        assert "Vertretung verkürzt" in text
        assert "vom 23.11.2026 bis 23.11.2026" in text

    def test_others_end_nothing(self):
        entry = self.enter()

        with pytest.raises(NotAllowed, match="nur die eigene Vertretung"):
            end_substitution(by=actor("pankow.ma"), entry=entry, last_day=TODAY)


class TestSubstitutionPages:
    today = property(lambda self: timezone.localdate())

    def enter(self, absent: str, deputy: str, from_on: date | None = None) -> Substitution:
        first = from_on or self.today
        return Substitution.objects.create(
            absent=user(absent), deputy=user(deputy), from_on=first, until_on=first + WEEK
        )

    def test_current_coming_and_past_stand_apart(self):
        now, later = self.enter("krm", "expert"), self.enter("tl", "bl", self.today + WEEK)
        own_past = self.enter("ma", "ma2", self.today - 2 * WEEK)
        self.enter("bl", "lgf", self.today - 2 * WEEK)
        context = client_of("ma").get("/vertretungen/").context

        assert [row.entry for row in context["current"]] == [now]
        assert [row.entry for row in context["coming"]] == [later]
        assert list(context["past"]) == [own_past]

    def test_circle_is_said_in_words(self):
        self.enter("krm", "krm2")
        self.enter("krm2", "krm")
        text = client_of("gf").get("/vertretungen/").text

        assert (
            f"Ringvertretung ab {self.today:%d.%m.%Y}: Karin Ahrens → Jonas Beck → Karin Ahrens. Niemand ist da" in text
        )
        assert text.count("niemand ist da</span>") == 2

    def test_entering_a_circle_warns_and_is_saved(self):
        self.enter("krm", "krm2")
        data = {
            "absent": user("krm2").pk,
            "deputy": user("krm").pk,
            "from_on": self.today.isoformat(),
            "until_on": self.today.isoformat(),
        }
        response = client_of("krm2").post("/vertretungen/neu/", data, follow=True)

        assert [m.level_tag for m in response.context["messages"]] == ["success", "warning"]
        assert Substitution.objects.count() == 2

    def test_employee_enters_only_the_own_one(self):
        client = client_of("ma")
        form = client.get("/vertretungen/neu/").context["form"]
        data = {
            "absent": user("gf").pk,
            "deputy": user("ma2").pk,
            "from_on": self.today.isoformat(),
            "until_on": self.today.isoformat(),
        }
        client.post("/vertretungen/neu/", data)

        assert "absent" not in form.fields
        assert Substitution.objects.get().absent == user("ma")

    def test_end_before_begin_is_an_error_at_its_field(self):
        data = {"deputy": user("ma2").pk, "from_on": "2026-12-02", "until_on": "2026-12-01"}
        response = client_of("ma").post("/vertretungen/neu/", data)

        assert response.context["form"].errors == {"until_on": ["Das Ende liegt vor dem Beginn."]}

    def test_people_of_other_offices_are_not_on_offer_and_their_entries_not_there(self):
        stranger = User.objects.get(username="gera.krm")
        entry = Substitution.objects.create(
            absent=stranger,
            deputy=User.objects.get(username="gera.expert"),
            from_on=self.today,
            until_on=self.today + WEEK,
        )
        client = client_of("krm")

        assert not client.get("/vertretungen/neu/").context["form"].fields["deputy"].queryset.contains(stranger)
        assert client.get("/vertretungen/").context["current"] == []
        assert client.get(f"/vertretungen/{entry.pk}/beenden/").status_code == 404

    def test_ending_and_taking_back(self):
        running, coming = self.enter("krm", "expert"), self.enter("krm", "expert", self.today + 2 * WEEK)
        client = client_of("krm")
        client.post(f"/vertretungen/{running.pk}/beenden/", {"last_day": self.today.isoformat()})
        client.post(f"/vertretungen/{coming.pk}/beenden/")

        assert Substitution.objects.get().until_on == self.today

    def test_as_many_queries_for_ten_entries_as_for_one(self):
        def queries() -> int:
            client = client_of("krm")
            with CaptureQueriesContext(connection) as captured:
                client.get("/vertretungen/")
            return len(captured)

        self.enter("krm", "krm2")
        before = queries()
        for absent in ("krm2", "bl", "tl", "tl2", "ma", "ma2", "vz", "lgf", "dsb"):
            self.enter(absent, "expert", self.today + WEEK)
        assert queries() == before
