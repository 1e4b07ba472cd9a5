"""Rule sets as pages: validity, sources, contradictions; the Weisungsregister; what a change makes of the rules."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from offices.actions import new_version
from offices.models import Instruction, RuleSet, User
from offices.rules import presets
from offices.rules.changes import OWN, differences, with_changes
from offices.rules.describing import describe
from offices.rules.parsing import ParameterErrors
from offices.rules.validity import Validity, validity

TODAY = date(2026, 11, 23)
PANKOW = presets.load("pankow").parameters


def page(username: str, url: str):
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.get(url)


@pytest.mark.parametrize(
    ("from_on", "until_on", "expected"),
    [
        (None, None, Validity.IN_FORCE),
        (TODAY, TODAY, Validity.IN_FORCE),
        (TODAY + timedelta(1), None, Validity.COMING),
        (date(2015, 9, 21), date(2019, 12, 31), Validity.EXPIRED),
        (None, TODAY - timedelta(1), Validity.EXPIRED),
    ],
)
def test_validity_includes_its_first_and_its_last_day_h2(from_on, until_on, expected):
    assert validity(from_on, until_on, TODAY) == expected


class TestPages:
    def test_each_office_sees_its_own_versions(self, house):
        response = page("gera.krm", "/regelwerke/")

        assert [row["office"] for row in response.context["rows"]] == [house["gera"]]
        assert [v["state"].label for v in response.context["rows"][0]["versions"]] == ["in Kraft"]

    def test_expired_rule_set_is_called_so_and_not_presented_as_current_h2(self, house):
        rule_set = house["rd-bb"].rule_sets.get()
        response = page("rd-bb.krm", f"/regelwerke/{rule_set.pk}/")

        assert response.context["state"] == Validity.EXPIRED
        assert "Diese Fassung galt bis Di 31.12.2019 und ist kein geltendes Recht mehr." in response.text

    def test_register_says_what_revokes_what_and_what_binds_h3_h15(self, house):
        response = page("pankow.ma", "/regelwerke/")
        by_reference = {row["entry"].reference: row for row in response.context["register"]}
        revoked = by_reference["HEGA 07/2011-04"]

        assert [other.title for other in revoked["entry"].revoked_by.all()] == [presets.load("hega-2015").about.title]
        assert revoked["state"] == Validity.EXPIRED
        assert f'aufgehoben durch <a href="#weisung-{revoked["entry"].revoked_by.get().pk}">' in response.text
        assert "verbindlich" in response.text

    def test_page_shows_all_parameters_with_anchors_and_sources(self, house):
        rule_set = house["pankow"].rule_sets.get()
        text = page("pankow.tl", f"/regelwerke/{rule_set.pk}/").text

        anchors = [entry.anchor for entry in describe(rule_set.parameters)]
        assert anchors == [*(f"K{n}" for n in range(1, 25)), "filing", "practice", "reminders"]
        assert [text.count(f'id="{anchor}"') for anchor in anchors] == [1] * 27
        assert text.count("Quelle: ") == 27

    def test_contradiction_names_both_readings_and_the_chosen_one_k1(self, house):
        rule_set = house["pankow"].rule_sets.get()
        response = page("pankow.krm", f"/regelwerke/{rule_set.pk}/")

        assert [entry.key for entry in response.context["contradictions"]] == ["K1"]
        assert "gewählt: innerhalb von drei Arbeitstagen" in response.text
        assert "auch möglich: spätestens am dritten Tag nach dem Eingang" in response.text

    def test_what_a_document_does_not_say_is_marked(self, house):
        rule_set = house["pankow"].rule_sets.get()
        response = page("pankow.krm", f"/regelwerke/{rule_set.pk}/")

        assert response.text.count("nicht belegt</span>") == len(response.context["unconfirmed"]) == 3

    def test_participation_is_shown_h17(self, house):
        rule_set = house["rd-bb"].rule_sets.get()

        assert "Hauptpersonalrat, Datum nicht bekannt" in page("rd-bb.krm", f"/regelwerke/{rule_set.pk}/").text

    def test_review_that_is_due_is_highlighted_pan42(self, house):
        rule_set = house["pankow"].rule_sets.get()
        url = f"/regelwerke/{rule_set.pk}/"
        assert "Überprüfung fällig" not in page("pankow.krm", url).text

        RuleSet.objects.update(review_on=timezone.localdate())
        assert "Überprüfung fällig" in page("pankow.krm", url).text

    def test_rules_of_another_office_are_not_there(self, house):
        rule_set = house["gera"].rule_sets.get()

        assert page("pankow.krm", f"/regelwerke/{rule_set.pk}/").status_code == 404

    def test_only_krm_is_offered_a_new_version(self, house):
        rule_set = house["pankow"].rule_sets.get()
        offered = {
            name: "Neue Fassung anlegen" in page(f"pankow.{name}", f"/regelwerke/{rule_set.pk}/").text
            for name in ("krm", "gf", "ma", "admin", "revision")
        }

        assert offered == {"krm": True, "gf": False, "ma": False, "admin": False, "revision": False}

    def test_as_many_queries_for_a_long_register_as_for_a_short_one(self, house):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                page("pankow.krm", "/regelwerke/")
            return len(captured)

        before = queries()
        first = Instruction.objects.first()
        for number in range(20):
            first.revokes.add(Instruction.objects.create(reference=str(number), title="Weisung", issuer="BA"))
        assert queries() == before


class TestNewVersion:
    def test_the_old_version_ends_the_day_before(self, house):
        base = house["pankow"].rule_sets.get()
        changed = with_changes(PANKOW, readings={}, values={"closure": {"applies_to": "written"}}, source="vor Ort")
        new = new_version(
            base=base, parameters=changed, valid_from=date(2026, 12, 1), reason="Beschluss", user=None, today=TODAY
        )

        base.refresh_from_db()
        assert (base.valid_until, new.valid_from, new.version) == (date(2026, 11, 30), date(2026, 12, 1), 2)
        assert RuleSet.objects.in_force(date(2026, 11, 30)).filter(office=house["pankow"]).get() == base
        assert RuleSet.objects.in_force(date(2026, 12, 1)).filter(office=house["pankow"]).get() == new

    def test_a_new_day_of_review_alone_is_a_version_pan42(self, house):
        base = house["pankow"].rule_sets.get()
        new = new_version(
            base=base,
            parameters=base.parameters,
            valid_from=TODAY,
            reason="Überprüft",
            user=None,
            today=TODAY,
            review_on=date(2027, 11, 23),
        )

        assert (new.document, new.review_on) == (base.document, date(2027, 11, 23))


class TestChanges:
    def test_another_reading_keeps_its_source_and_the_choice_stays_visible(self):
        changed = with_changes(PANKOW, readings={"acknowledgement": "dritter-tag"}, values={}, source="vor Ort")

        assert changed.acknowledgement.period.words == "3 Kalendertage"
        assert changed.provenance["acknowledgement"].source == PANKOW.provenance["acknowledgement"].source
        assert [(d.key, d.old.split(";")[0], d.new.split(";")[0]) for d in differences(PANKOW, changed)] == [
            ("K1", "spätestens nach 3 Arbeitstagen", "spätestens nach 3 Kalendertagen")
        ]

    def test_an_own_value_ends_the_readings_and_says_where_it_comes_from(self):
        period = {"amount": 5, "unit": "working_days"}
        changed = with_changes(
            PANKOW, readings={"acknowledgement": OWN}, values={"acknowledgement": {"period": period}}, source="vor Ort"
        )
        origin = changed.provenance["acknowledgement"]

        assert changed.acknowledgement.period.words == "5 Arbeitstage"
        assert changed.acknowledgement.duties == PANKOW.acknowledgement.duties
        assert (origin.source, origin.note, origin.confirmed, origin.chosen, origin.readings) == (
            "vor Ort",
            "Abweichend von: Konzept März 2019, 4.2 und 4.4.1",
            True,
            None,
            (),
        )

    def test_the_same_value_changes_nothing_not_even_the_source(self):
        values = {
            "closure": {"period": {"amount": 10, "unit": "working_days"}},
            "visibility": {"who": PANKOW.visibility.who},
        }

        assert with_changes(PANKOW, readings={}, values=values, source="vor Ort") == PANKOW
        assert differences(PANKOW, PANKOW) == ()

    def test_what_is_not_allowed_is_named_by_its_path(self):
        with pytest.raises(ParameterErrors) as refusal:
            with_changes(
                PANKOW, readings={}, values={"closure": {"period": {"amount": 0, "unit": "years"}}}, source="vor Ort"
            )

        assert sorted(refusal.value.errors) == ["closure.period.amount", "closure.period.unit"]

    def test_two_numbers_of_the_file_plan_that_change_places_are_a_difference(self):
        plan = PANKOW.to_dict()["filing"]["file_plan"]
        swapped = plan | {"complaint": plan["submission"], "submission": plan["complaint"]}
        changed = with_changes(PANKOW, readings={}, values={"filing": {"file_plan": swapped}}, source="vor Ort")

        (difference,) = differences(PANKOW, changed)
        assert "Beschwerden II-6001," in difference.old
        assert "Beschwerden II-6002," in difference.new
