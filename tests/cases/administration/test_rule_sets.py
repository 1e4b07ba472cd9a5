"""A new version of the rules: shown first, then made, and open cases keep theirs (H-17, PAN-42)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from cases.administration.actions.rule_sets import change_rules
from cases.administration.forms.reminders import GROUPS, line_of, steps_of
from cases.models import Case, Event
from offices.errors import NotAllowed
from offices.models import RuleSet, User
from offices.rules import presets
from offices.rules.changes import with_changes
from offices.rules.values import STEPS_OF, ReminderStep
from offices.rules.vocabulary import Moment, Recipient
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

    def test_steps_and_hour_become_the_new_version_after_the_preview(self, base):
        changes = {
            "remind_follow_ups": "am Tag: zuständige Person\n2 AT danach: zuständige Person und KRM",
            "reminder_hour": "9",
            "rest_review_amount": "2",
            "rest_review_unit": "weeks",
        }
        shown = self.post(client_of("krm"), base, **changes).context["preview"]["changes"]
        self.confirm(client_of("krm"), base, **changes)
        reminders = base.office.rule_sets.get(version=2).parameters.reminders

        assert [change.title for change in shown] == ["Erinnerungen an Fristen"]
        assert "an Arbeitstagen ab 9 Uhr" in shown[0].new
        assert "Wiedervorlagen: am Tag (zuständige Person), 2 AT danach (zuständige Person und KRM)" in shown[0].new
        assert reminders.hour == 9
        assert reminders.follow_ups == tuple(steps_of(changes["remind_follow_ups"]))
        assert reminders.review_of_rest.words == "2 Wochen"
        assert reminders.desk == base.parameters.reminders.desk

    def test_untouched_steps_are_no_change(self, base):
        preview = self.post(client_of("krm"), base, closure_amount="5").context["preview"]

        assert [change.key for change in preview["changes"]] == ["K2"]

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"remind_desk": "morgen: KRM"}, ["remind_desk"]),
            ({"remind_rests": "", "remind_presentation": "am Tag: niemand"}, ["remind_presentation", "remind_rests"]),
            ({"remind_statements": "am Tag: KRM\n" * 400}, ["remind_statements"]),
            ({"reminder_hour": "23"}, ["reminder_hour"]),
            ({"reminder_hour": "", "rest_review_amount": "0"}, ["reminder_hour", "rest_review_amount"]),
        ],
    )
    def test_errors_of_reminders_stand_at_their_fields(self, base, changes, fields):
        response = self.post(client_of("krm"), base, **changes)

        assert (response.status_code, sorted(response.context["form"].errors)) == (422, fields)

    def test_steps_in_force_stand_in_their_fields(self, base):
        form = client_of("krm").get(f"/regelwerke/{base.pk}/neue-fassung/").context["form"]

        assert [steps_of(form[f"remind_{name}"].value()) for name in GROUPS] == [
            list(getattr(base.parameters.reminders, name)) for name in GROUPS
        ]


class TestReminderLines:
    """Reminder steps as one writes them: a line each."""

    @pytest.mark.parametrize("slug", presets.slugs())
    @pytest.mark.parametrize("group", GROUPS)
    def test_published_steps_are_read_as_they_are_shown(self, slug, group):
        steps = getattr(presets.load(slug).parameters.reminders, group)

        assert set(GROUPS) == set(STEPS_OF)
        assert tuple(steps_of("\n".join(map(line_of, steps)))) == steps

    @pytest.mark.parametrize(
        ("line", "step"),
        [
            ("2 AT vorher: zuständige Person", ReminderStep(Moment.BEFORE, (Recipient.RESPONSIBLE,), 2)),
            ("1 Arbeitstag danach: Teamleitung", ReminderStep(Moment.AFTER, (Recipient.TEAM_LEAD,), 1)),
            ("  3 at DANACH :  KRM,GF ", ReminderStep(Moment.AFTER, (Recipient.KRM_OFFICER, Recipient.MANAGEMENT), 3)),
            ("1 AT danach: eine Ebene höher", ReminderStep(Moment.AFTER, (Recipient.ONE_ABOVE,), 1)),
            ("am Tag: KRM", ReminderStep(Moment.ON_THE_DAY, (Recipient.KRM_OFFICER,))),
            ("5AT danach: TL und BL", ReminderStep(Moment.AFTER, (Recipient.TEAM_LEAD, Recipient.DIVISION_LEAD), 5)),
            ("1 AT danach: KRM, KRM", ReminderStep(Moment.AFTER, (Recipient.KRM_OFFICER,), 1)),
        ],
    )
    def test_line_is_read_as_people_write_it(self, line, step):
        assert steps_of(line) == [step]

    def test_lines_are_put_in_the_order_of_their_days(self):
        steps = steps_of("3 AT danach: KRM\n\nam Tag: KRM\n1 AT vorher: KRM")

        assert [step.offset for step in steps] == [-1, 0, 3]

    @pytest.mark.parametrize(
        ("line", "sentence"),
        [
            ("irgendwann: KRM", "„irgendwann: KRM“ lässt sich nicht lesen. Eine Zeile sieht so aus: „2 AT vorher: "),
            ("2 AT vorher", "„2 AT vorher“ lässt sich nicht lesen."),
            ("vorher: KRM", "brauchen eine Zahl von Arbeitstagen (AT), „am Tag“ keine."),
            ("2 AT am Tag: KRM", "brauchen eine Zahl von Arbeitstagen (AT), „am Tag“ keine."),
            ("0 AT vorher: KRM", "Bitte 1 bis 365 Arbeitstage angeben."),
            ("366 AT danach: KRM", "Bitte 1 bis 365 Arbeitstage angeben."),
            ("1 AT danach:", "Nach dem Doppelpunkt fehlt, wer erinnert wird: zuständige Person, eine Ebene höher,"),
            (
                "1 AT danach: Chef",
                "„Chef“ ist keine der Stellen, die erinnert werden: zuständige Person, eine Ebene höher,",
            ),
            ("am Tag: KRM\nam Tag: GF", "„am Tag“ steht hier zweimal; bitte in einer Zeile zusammenfassen."),
        ],
    )
    def test_what_cannot_be_read_is_said_with_its_line(self, line, sentence):
        with pytest.raises(ValidationError) as refused:
            steps_of(line)
        assert [sentence in message for message in refused.value.messages] == [True]

    def test_every_wrong_line_is_told(self):
        with pytest.raises(ValidationError) as refused:
            steps_of("gestern: KRM\nam Tag: KRM\n1 AT danach: Chef")
        assert len(refused.value.messages) == 2
