"""Routes as pages: read, tried out, laid down anew after a preview; and who acts for a body."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import Event
from offices.models import Membership, Office, User
from petitions.actions.routes import change_routes
from petitions.forms.route_editor import Editor
from petitions.models import Representative, RouteSet
from petitions.rules.routes import Routes
from petitions.rules.vocabulary import Competence, StationRole
from tests.cast import actor
from tests.petitions import walk
from tests.petitions.edit_page import row_of, sent

pytestmark = pytest.mark.usefixtures("house")


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def base(slug: str = "pankow") -> RouteSet:
    return RouteSet.objects.get(office__slug=slug, version=1)


def last_event() -> Event:
    return Event.objects.order_by("pk").last()


class TestReading:
    def test_the_routes_of_the_own_house_are_the_page(self):
        answer = client_of("pankow.ma").get("/berichtswege/")
        assert answer.context["route_set"] == base()
        assert "AA Berlin Nord → RD BB → im Haus" in answer.text
        assert "Neue Fassung anlegen" not in answer.text

    def test_every_route_has_its_condition_its_rules_and_whether_it_is_confirmed_h12(self):
        text = client_of("gera.ma").get("/berichtswege/").text
        for route in base("gera").routes.routes:
            assert f'id="weg-{route.key}"' in text
        assert text.count("nicht belegt</span>") == 1
        assert "Gilt für: Gegenstand: Kindergeld und Kinderzuschlag." in text
        assert "angenommen ist der über die Familienkasse" in text

    def test_contradictory_dates_stand_side_by_side_with_both_sources_k15(self):
        text = " ".join(client_of("germersheim.tl").get("/berichtswege/").text.split())
        assert "Widerspruch im Dokument" in text
        assert "14 Arbeitstage nach dem Eingang <span" in text
        assert "der früheste bindet (K15)" in text

    def test_each_version_has_its_page_and_the_routes_of_others_have_none(self):
        later = timezone.localdate() + timedelta(days=7)
        shorter = {**base().document, "work": base().document["work"][:1]}
        new = change_routes(
            by=actor("pankow.krm", timezone.localdate()),
            office=base().office,
            routes=Routes.from_dict(shorter),
            valid_from=later,
            reason="Neuer Ablauf",
        )
        client = client_of("pankow.gf")
        assert client.get("/berichtswege/").context["route_set"] == base()
        assert "Künftig." in client.get(f"/berichtswege/{new.pk}/").text
        assert client.get(f"/berichtswege/{base('gera').pk}/").status_code == 404
        assert client.get("/berichtswege/", {"dienststelle": base("gera").office_id}).status_code == 404

    def test_where_nothing_holds_today_the_page_says_so_and_shows_the_versions(self):
        RouteSet.objects.filter(pk=base().pk).update(valid_from="2099-01-01")
        answer = client_of("pankow.krm").get("/berichtswege/")
        assert "Heute gilt kein Berichtsweg" in answer.text
        assert f'href="/berichtswege/{base().pk}/"' in answer.text

    def test_who_sits_in_two_houses_chooses(self, house):
        user = User.objects.get(username="pankow.ma")
        Membership.objects.create(user=user, office=house["gera"], role="employee", from_on="2020-01-01")
        client = client_of("pankow.ma")
        assert [office.slug for office in client.get("/berichtswege/").context["offices"]] == ["pankow", "gera"]
        chosen = client.get("/berichtswege/", {"dienststelle": house["gera"].pk})
        assert chosen.context["route_set"] == base("gera")

    def test_the_page_asks_as_often_for_many_representatives_as_for_one(self, house):
        def queries() -> int:
            client = client_of("pankow.krm")
            with CaptureQueriesContext(connection) as captured:
                assert client.get("/berichtswege/", {"competence": "mixed"}).status_code == 200
            return len(captured)

        before = queries()
        user = User.objects.get(username="pankow.traeger")
        for body in ("land", "municipality", "av32"):
            Representative.objects.create(office=house["pankow"], body=body, user=user)
        assert queries() == before <= 15


class TestTryingOut:
    def tried(self, username="germersheim.krm", **query):
        usual = {"received_on": "2026-04-01", "outside_due_on": "2026-06-08"}
        return client_of(username).get("/berichtswege/", usual | query)

    def test_without_a_question_there_is_a_usual_matter_and_no_plan(self):
        answer = client_of("pankow.krm").get("/berichtswege/")
        assert answer.context["plan"] is None
        assert answer.context["form"]["competence"].value() == "federal"

    def test_a_matter_of_the_traegerversammlung_is_sent_fourteen_days_before_ger28(self):
        answer = self.tried(competence="owners_assembly", topic="organisation")
        assert answer.context["plan"].route.key == "owners_assembly"
        rows = {row.station: row for row in answer.context["plan_rows"]}
        assert f"{rows['Geschäftsführung versendet'].planned_on:%d.%m.%Y}" == "22.05.2026"
        assert "Fr 22.05.2026" in answer.text

    def test_parts_are_those_that_are_ticked(self):
        answer = self.tried(competence="mixed", parts=["federal", "municipal"])
        parts = {station.part for station in answer.context["plan"].stations if station.part}
        assert parts == {Competence.FEDERAL, Competence.MUNICIPAL}

    @pytest.mark.parametrize(
        ("query", "field", "sentence"),
        [
            ({"outside_due_on": "2026-03-01"}, "outside_due_on", "Die Stellungnahme kann nicht vor dem Eingang"),
            ({"received_on": "1980-01-02"}, "received_on", "Feiertage sind für die Jahre 1991 bis 2100 bekannt."),
            ({"received_on": "2100-12-31", "outside_due_on": "2100-12-31"}, None, ""),
            ({"outside_due_on": "31.02.2026"}, "outside_due_on", "Dieses Datum gibt es nicht."),
            ({"competence": "federal", "parts": "municipal"}, "parts", "Teile gibt es nur bei mehreren"),
            ({"competence": "mixed", "parts": "municipal"}, "parts", "mindestens zwei Teile"),
            ({"requester": "papst"}, "requester", "Bitte eine gültige Auswahl treffen."),
        ],
    )
    def test_impossible_input_gets_a_sentence_at_its_field(self, query, field, sentence):
        answer = self.tried(**query)
        if field is None:
            assert answer.status_code in (200, 422)
            return
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert sentence in answer.context["form"].errors[field][0]
        assert answer.context["plan"] is None


class TestNewVersion:
    URL = "/berichtswege/{}/neue-fassung/"

    def post(self, username="pankow.krm", found=None, **changes):
        found = found or base()
        valid_from = (timezone.localdate() + timedelta(days=7)).isoformat()
        data = sent(Editor(found), **({"valid_from": valid_from} | changes))
        return client_of(username).post(
            self.URL.format(found.pk), data.urlencode(), "application/x-www-form-urlencoded"
        )

    def longer(self, **changes):
        """AA Berlin Nord needs six Arbeitstage instead of three."""
        return {f"{row_of(Editor(base()), 'federal.agree')}-amount": 6} | changes

    def test_first_shows_what_changes_for_samples_and_how_many_keep_their_plan(self):
        walk.started("pankow")
        answer = self.post(**self.longer())
        preview = answer.context["preview"]
        assert [(change.what, change.old[:14], change.new[:14]) for change in preview["changes"]] == [
            ("AA Berlin Nord stimmt zu", "3 Arbeitstage,", "6 Arbeitstage,")
        ]
        assert [sample.is_changed for sample in preview["samples"]][0] is True
        assert preview["running"] == 1
        assert "<strong>1</strong> begonnener Weg behält seinen Plan." in answer.text
        assert RouteSet.objects.filter(office=base().office).count() == 1

    def test_confirmed_makes_the_version_and_leads_to_it(self):
        shown = self.post(**self.longer()).context["preview"]["fingerprint"]
        answer = self.post(**self.longer(confirmed=shown))
        made = RouteSet.objects.get(office=base().office, version=2)
        assert answer.url == f"/berichtswege/{made.pk}/"
        assert made.routes.routes[-1].agree[0].period.amount == 6
        assert (made.reason, made.created_by.username) == ("Beschluss", "pankow.krm")
        assert last_event().code == "routes.changed"

    def test_what_was_changed_after_the_preview_is_shown_again_first(self):
        shown = self.post(**self.longer()).context["preview"]["fingerprint"]
        answer = self.post(**self.longer(confirmed=shown, reason="Anders"))
        assert answer.context["preview"]["fingerprint"] != shown
        assert RouteSet.objects.filter(office=base().office).count() == 1

    def test_a_row_more_saves_nothing_and_keeps_what_was_typed(self):
        answer = self.post(**self.longer(add="federal.up", valid_from="bald", reason=""))
        assert answer.status_code == 200
        assert answer.context["editor"].head["valid_from"].value() == "bald"
        assert 'value="6"' in answer.text
        assert answer.context["preview"] is None

    def test_without_a_change_there_is_no_version(self):
        answer = self.post()
        assert "Es ändert sich nichts" in answer.text
        refused = self.post(confirmed=answer.context["preview"]["fingerprint"])
        assert (refused.status_code, "Es wurde nichts geändert." in refused.text) == (422, True)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"valid_from": "2020-01-01"}, "valid_from"),
            ({"valid_from": "31.02.2027"}, "valid_from"),
            ({"reason": ""}, "reason"),
        ],
    )
    def test_day_and_reason_are_refused_at_their_fields(self, changes, field):
        answer = self.post(**self.longer(**changes))
        preview = answer.context["preview"]
        if preview:
            answer = self.post(**self.longer(**changes, confirmed=preview["fingerprint"]))
        assert answer.status_code == 422
        assert list(answer.context["editor"].head.errors) == [field]

    def test_a_version_made_from_one_that_is_no_longer_the_last_is_refused(self):
        first = self.post(**self.longer()).context["preview"]["fingerprint"]
        self.post(**self.longer(confirmed=first))
        assert client_of("pankow.krm").get(self.URL.format(base().pk)).status_code == 409
        assert "Eine neue Fassung entsteht immer aus der letzten" in client_of("pankow.krm").get("/berichtswege/").text

    def test_a_day_beyond_the_calendar_shows_the_changes_without_samples(self):
        preview = self.post(**self.longer(valid_from="2100-12-20")).context["preview"]
        assert (len(preview["changes"]), preview["samples"]) == (1, ())

    @pytest.mark.parametrize("who", ["pankow.gf", "pankow.admin", "gera.krm"])
    def test_others_find_no_such_page(self, who):
        assert client_of(who).get(self.URL.format(base().pk)).status_code == 404

    @pytest.mark.parametrize("slug", ["pankow", "germersheim", "gera", "berlin-nord", "rd-bb"])
    def test_the_page_of_every_house_is_small_enough_to_be_sent(self, slug, settings):
        fields = sum(len(values) for _, values in sent(Editor(base(slug))).lists())
        assert fields < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS / 2


class TestWhoActsForABody:
    URL = "/berichtswege/stelle/{}/"

    def test_the_page_of_the_routes_says_who_acts(self):
        Representative.objects.create(
            office=base().office, body="land", user=User.objects.get(username="pankow.traeger")
        )
        text = " ".join(client_of("pankow.krm").get("/berichtswege/").text.split())
        assert "ist die Dienststelle <strong>Agentur für Arbeit Berlin Nord</strong>" in text
        assert "es handelt: <strong>Theresa Rau</strong>" in text
        assert "nutzt KRM nicht, wird hier eingetragen" in text

    def test_persons_are_named_and_an_office_takes_their_place(self):
        client, traeger = client_of("pankow.krm"), User.objects.get(username="pankow.traeger")
        answer = client.post(self.URL.format("land"), {"users": [traeger.pk]})
        assert answer.url == f"/berichtswege/{base().pk}/#stellen"
        assert Representative.objects.get(body="land").user == traeger
        assert last_event().code == "routes.body_named"
        client.post(self.URL.format("land"), {"at": Office.objects.get(slug="rd-bb").pk})
        assert Representative.objects.get(body="land").at.slug == "rd-bb"
        client.post(self.URL.format("land"), {})
        assert not Representative.objects.filter(body="land").exists()

    def test_an_office_and_persons_at_once_are_refused_and_stay_typed(self):
        client, traeger = client_of("pankow.krm"), User.objects.get(username="pankow.traeger")
        answer = client.post(
            self.URL.format("land"), {"users": [traeger.pk], "at": Office.objects.get(slug="rd-bb").pk}
        )
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["at"]
        assert answer.context["form"]["users"].value() == [str(traeger.pk)]

    def test_who_runs_checks_or_measures_the_house_is_not_offered_b4_12(self):
        form = client_of("pankow.krm").get(self.URL.format("land")).context["form"]
        offered = {user.username for user in form.fields["users"].queryset}
        assert {"pankow.admin", "pankow.revision", "pankow.controlling", "gera.krm"} & offered == set()
        assert form.fields["users"].choices[0][0] == "Vertretung eines Trägers"
        answer = client_of("pankow.krm").post(
            self.URL.format("land"), {"users": [User.objects.get(username="pankow.admin").pk]}
        )
        assert list(answer.context["form"].errors) == ["users"]

    @pytest.mark.parametrize("body", ["krm", "management", "nirgends", "x" * 300])
    def test_a_function_of_the_house_and_what_is_unknown_have_no_page(self, body):
        assert client_of("pankow.krm").get(self.URL.format(body)).status_code == 404

    def test_a_station_that_comes_next_goes_to_whom_was_named(self):
        traeger = User.objects.get(username="germersheim.traeger")
        client_of("germersheim.krm").post(self.URL.format("agency_chair"), {"users": [traeger.pk]})
        request = walk.started("germersheim", competence=Competence.OWNERS_ASSEMBLY)
        assert list(walk.until(request, StationRole.AUTHORISE, "agency_chair").people.all()) == [traeger]
