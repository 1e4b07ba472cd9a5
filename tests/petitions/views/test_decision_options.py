"""What committees can decide: a list for each requester, in which nothing is deleted (B2-8)."""

import pytest
from django.test import Client

from cases.models import Event
from offices.errors import NotAllowed
from offices.models import Office, User
from petitions.actions.decision_options import OptionData, list_decisions
from petitions.actions.outcome import decide
from petitions.models import Decision, DecisionOption
from petitions.rules.vocabulary import Requester
from tests.cast import TODAY, actor
from tests.petitions import walk

pytestmark = pytest.mark.usefixtures("house")
URL = "/berichtswege/entscheidungen/"
LANDTAG = Requester.LANDTAG


def pankow() -> Office:
    return Office.objects.get(slug="pankow")


def listed(requester: Requester = LANDTAG) -> list[DecisionOption]:
    return list(pankow().decision_options.filter(requester=requester))


def entries(requester: Requester = LANDTAG) -> list[OptionData]:
    return [OptionData(option.label, option.is_active, option.pk) for option in listed(requester)]


def save(options: list[OptionData], by: str = "pankow.krm", requester: Requester = LANDTAG) -> None:
    list_decisions(by=actor(by), office=pankow(), requester=requester, options=options)


def decided(label: str) -> Decision:
    request = walk.started("pankow", requester=LANDTAG)
    option = pankow().decision_options.get(requester=LANDTAG, label=label)
    return decide(by=actor("pankow.krm"), petition=request.petition, option=option, decided_on=TODAY)


class TestAction:
    def test_entries_are_added_renamed_put_in_order_and_no_longer_offered(self):
        first, second, *others = entries()
        save([second, OptionData("Überweisung an den Senat"), OptionData("Würdigung", True, first.pk), *others])
        found = listed()
        assert [option.label for option in found[:3]] == ["Erwägung", "Überweisung an den Senat", "Würdigung"]
        assert [option.position for option in found] == list(range(1, 9))
        save([OptionData(entry.label, entry.label != "Material", entry.pk) for entry in entries()])
        assert [option.label for option in listed() if not option.is_active] == ["Material"]
        last = Event.objects.order_by("pk").last()
        assert (last.code, last.data) == ("routes.decisions_listed", {"requester": LANDTAG.label})

    def test_two_entries_may_change_their_words_with_each_other(self):
        first, second, *others = entries()
        save([OptionData(second.label, True, first.pk), OptionData(first.label, True, second.pk), *others])
        assert [option.label for option in listed()[:2]] == ["Erwägung", "Berücksichtigung"]

    def test_what_is_left_out_stays_behind_the_others(self):
        save(entries()[3:])
        assert [option.label for option in listed()[-3:]] == ["Berücksichtigung", "Erwägung", "Material"]

    def test_nothing_changed_is_no_entry_in_the_log(self):
        before = Event.objects.count()
        save(entries())
        assert Event.objects.count() == before

    def test_what_was_decided_keeps_its_words(self):
        decision = decided("Erwägung")
        renamed = [OptionData("Prüfung" if e.label == "Erwägung" else e.label, e.is_active, e.pk) for e in entries()]
        with pytest.raises(NotAllowed, match="„Erwägung“ bleibt im Wortlaut") as refused:
            save(renamed)
        assert refused.value.field == "1"
        save([OptionData(e.label, e.label != "Erwägung", e.pk) for e in entries()])
        decision.refresh_from_db()
        assert (decision.option.label, decision.option.is_active) == ("Erwägung", False)

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ([OptionData(" ")], "Bitte benennen"),
            ([OptionData("erwägung")], "steht schon in dieser Liste"),
            ([OptionData("Fremd", True, 10**6)], "steht nicht in dieser Liste"),
        ],
    )
    def test_refusals_name_the_row(self, more, sentence):
        with pytest.raises(NotAllowed, match=sentence) as refused:
            save([*entries(), *more])
        assert refused.value.field == "7"
        assert len(listed()) == 7

    @pytest.mark.parametrize("who", ["pankow.gf", "gera.krm"])
    def test_others_may_not(self, who):
        with pytest.raises(NotAllowed, match="Ihre Rolle umfasst"):
            save(entries()[1:], by=who)


class TestPage:
    def client(self, who: str = "pankow.krm") -> Client:
        client = Client()
        client.force_login(User.objects.get(username=who))
        return client

    def data(self, client: Client, stelle: str, **changes) -> dict:
        rows = client.get(URL, {"stelle": stelle}).context["rows"]
        fields = [field for form in (rows.management_form, *rows) for field in form]
        data = {f.html_name: f.value() for f in fields if f.value() is not None and f.value() is not False}
        return data | {f"entscheidung-{name}": value for name, value in changes.items()}

    def test_the_list_of_a_requester_and_beside_it_how_many_the_others_have(self):
        answer = self.client().get(URL, {"stelle": "landtag"})
        assert [row["label"].value() for row in answer.context["rows"]][:2] == ["Berücksichtigung", "Erwägung"]
        assert {entry.requester: entry.count for entry in answer.context["listed"]}[Requester.BMAS] == 0

    def test_a_new_entry_in_the_first_list_of_a_requester(self):
        client = self.client()
        answer = client.post(f"{URL}?stelle=bmas", self.data(client, "bmas", **{"0-label": "Kenntnisnahme"}))
        assert answer.url == f"{URL}?stelle=bmas&dienststelle={pankow().pk}"
        assert [(o.label, o.is_active) for o in listed(Requester.BMAS)] == [("Kenntnisnahme", True)]

    def test_numbers_give_the_order(self):
        client = self.client()
        client.post(f"{URL}?stelle=landtag", self.data(client, "landtag", **{"0-position": 3, "2-position": 1}))
        assert [option.label for option in listed()[:3]] == ["Material", "Erwägung", "Berücksichtigung"]

    @pytest.mark.parametrize(
        ("changes", "row"), [({"7-label": "Material"}, 7), ({"1-label": ""}, 1), ({"8-label": "x" * 121}, 8)]
    )
    def test_a_refusal_stands_at_its_row_and_nothing_typed_is_lost(self, changes, row):
        client = self.client()
        answer = client.post(f"{URL}?stelle=landtag", self.data(client, "landtag", **changes))
        assert answer.status_code == 422
        assert [place for place, form in enumerate(answer.context["rows"]) if form.errors] == [row]
        assert answer.context["rows"].forms[row]["label"].value() == next(iter(changes.values()))

    def test_what_was_decided_is_marked_and_keeps_its_words(self):
        decided("Material")
        client = self.client()
        assert "schon so entschieden" in client.get(URL, {"stelle": "landtag"}).text
        answer = client.post(f"{URL}?stelle=landtag", self.data(client, "landtag", **{"2-label": "Stoff"}))
        assert (answer.status_code, listed()[2].label) == (422, "Material")

    @pytest.mark.parametrize("who", ["pankow.gf", "pankow.admin", "pankow.expert"])
    def test_others_find_no_such_page(self, who):
        assert self.client(who).get(URL).status_code == 404
