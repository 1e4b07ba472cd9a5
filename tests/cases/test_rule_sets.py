"""A new version of the rules: shown first, then made, and open cases keep theirs (H-17, PAN-42)."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cases.actions.rule_sets import change_rules
from cases.models import Case, Event
from offices.errors import NotAllowed
from offices.models import RuleSet, User
from offices.rules.changes import with_changes
from tests import make
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


def shorter_closure(rule_set: RuleSet):
    period = {"amount": 5, "unit": "working_days"}
    return with_changes(rule_set.parameters, readings={}, values={"closure": {"period": period}}, source="vor Ort")


class TestRules:
    def change(self, by="pankow.krm", base=None, **changes) -> RuleSet:
        base = base or RuleSet.objects.get(office__slug="pankow")
        values = {"parameters": shorter_closure(base), "valid_from": TOMORROW, "reason": "Beschluss"} | changes
        return change_rules(by=actor(by), base=base, **values)

    def test_new_version_is_logged_with_its_day(self):
        version = self.change(review_on=date(2027, 11, 1), participation=[{"body": "Personalrat", "on": None}])

        assert (version.version, version.review_on, version.created_by) == (2, date(2027, 11, 1), user("krm"))
        assert version.participation == [{"body": "Personalrat", "on": None}]
        assert (last_event().code, last_event().data) == ("rules.changed", {"version": 2, "valid_from": "2026-11-24"})

    def test_open_case_keeps_its_version_and_a_later_one_gets_the_new(self):
        before = make.case(actor("pankow.krm"))
        version = self.change()
        after = make.case(actor("pankow.krm", TOMORROW), received_on=TOMORROW)

        assert Case.objects.get(pk=before.pk).rule_set.version == 1
        assert after.rule_set == version
        assert after.deadlines.get(kind="closure").amount == 5

    def test_doing_it_twice_is_refused(self):
        base = RuleSet.objects.get(office__slug="pankow")
        self.change(base=base)

        with pytest.raises(NotAllowed, match="Inzwischen gibt es eine spätere Fassung"):
            self.change(base=base, valid_from=TOMORROW + WEEK)

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"valid_from": TODAY - timedelta(1)}, "nicht rückwirkend"),
            ({"reason": " "}, "Anlass"),
            ({"by": "pankow.gf"}, "Ihre Rolle umfasst"),
            ({"by": "gera.krm"}, "Ihre Rolle umfasst"),
        ],
    )
    def test_refusals(self, changes, sentence):
        with pytest.raises(NotAllowed, match=sentence):
            self.change(**changes)
        assert RuleSet.objects.filter(office__slug="pankow").count() == 1

    def test_nothing_changed_is_no_version(self):
        base = RuleSet.objects.get(office__slug="pankow")
        with pytest.raises(NotAllowed, match="nichts geändert"):
            self.change(parameters=base.parameters)


class TestRulesPage:
    @pytest.fixture
    def base(self) -> RuleSet:
        return RuleSet.objects.get(office__slug="pankow")

    def data(self, client: Client, base: RuleSet, **changes) -> dict:
        form = client.get(f"/regelwerke/{base.pk}/neue-fassung/").context["form"]
        data = {name: form[name].value() for name in form.fields}
        data |= {"valid_from": (timezone.localdate() + WEEK).isoformat(), "reason": "Beschluss"} | changes
        return {name: value for name, value in data.items() if value not in (None, False)}

    def post(self, client: Client, base: RuleSet, **changes):
        return client.post(f"/regelwerke/{base.pk}/neue-fassung/", self.data(client, base, **changes))

    def confirm(self, client: Client, base: RuleSet, **changes):
        shown = self.post(client, base, **changes)
        return self.post(client, base, **changes, confirmed=shown.context["preview"]["fingerprint"])

    def test_first_shows_what_changes_and_which_cases_keep_their_version(self, base):
        make.case(actor("pankow.krm"))
        response = self.post(client_of("krm"), base, closure_amount="5", visibility="krm_and_unit_leaders")
        preview = response.context["preview"]

        assert [change.key for change in preview["changes"]] == ["K2", "K18"]
        assert preview["open_cases"] == 1
        assert RuleSet.objects.filter(office=base.office).count() == 1

    def test_confirmed_makes_the_version_and_leads_to_it(self, base):
        response = self.confirm(client_of("krm"), base, acknowledgement_reading="dritter-tag")
        version = base.office.rule_sets.get(version=2)

        assert response.url == f"/regelwerke/{version.pk}/"
        assert version.parameters.provenance["acknowledgement"].chosen == "dritter-tag"
        assert version.parameters.acknowledgement.period.words == "3 Kalendertage"

    def test_what_was_changed_after_the_preview_is_shown_again_first(self, base):
        client = client_of("krm")
        shown = self.post(client, base, closure_amount="5").context["preview"]["fingerprint"]
        response = self.post(client, base, closure_amount="6", confirmed=shown)

        assert "innerhalb von 6 Arbeitstagen" in response.context["preview"]["changes"][0].new
        assert base.office.rule_sets.count() == 1

    def test_own_period_says_where_it_comes_from(self, base):
        self.confirm(
            client_of("krm"),
            base,
            acknowledgement_reading="own",
            acknowledgement_amount="2",
            acknowledgement_unit="working_days",
        )
        rules = base.office.rule_sets.get(version=2).parameters

        assert rules.acknowledgement.period.words == "2 Arbeitstage"
        assert rules.provenance["acknowledgement"].source.startswith("Festlegung der Dienststelle, gültig ab ")

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"closure_amount": "0"}, ["closure_amount"]),
            ({"closure_amount": ""}, ["closure_amount"]),
            ({"valid_from": "31.02.2027"}, ["valid_from"]),
            ({"reason": ""}, ["reason"]),
            ({"max_concerns": "21", "file_general": ""}, ["max_concerns", "file_general"]),
            ({"acknowledgement_amount": "2"}, ["acknowledgement_amount"]),
            ({"participation_on": "2026-11-01"}, ["participation_body"]),
        ],
    )
    def test_errors_stand_at_their_fields(self, base, changes, fields):
        response = self.post(client_of("krm"), base, **changes)

        assert response.status_code == 422
        assert sorted(response.context["form"].errors) == sorted(fields)

    def test_a_day_in_the_past_is_refused_in_the_form(self, base):
        response = self.confirm(client_of("krm"), base, closure_amount="5", valid_from="2026-01-05")

        assert response.context["form"].non_field_errors() == [
            "Eine neue Fassung kann nicht rückwirkend gelten; bitte heute oder später wählen."
        ]

    def test_an_older_version_is_no_base(self, base):
        self.confirm(client_of("krm"), base, closure_amount="5")

        assert client_of("krm").get(f"/regelwerke/{base.pk}/neue-fassung/").status_code == 409

    @pytest.mark.parametrize("name", ["gf", "tl", "admin", "expert"])
    def test_others_find_no_such_page(self, base, name):
        assert client_of(name).get(f"/regelwerke/{base.pk}/neue-fassung/").status_code == 404
