"""The page of a Verfügung: rows as they are typed, what is missing at its field, one button for each person."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.administration.actions.rule_sets import change_rules
from cases.closing.actions import answer_orally, reopen
from cases.directives.actions.drafting import discard_directive, draft_directive, issue_directive, present_directive
from cases.directives.reading.directive import point_data
from cases.models import Case, Directive
from cases.rules.directives import PointKind
from cases.rules.kinds import Channel
from offices.calendars import Period, due, next_working_day
from offices.calendars import Unit as Days
from offices.models import Office, RuleSet, Unit, User
from offices.queries import Actor, actor_for, calendar_for
from offices.rules.changes import with_changes
from tests import make

pytestmark = pytest.mark.usefixtures("house")


def acting(name: str) -> Actor:
    return actor_for(User.objects.get(username=f"pankow.{name}"), timezone.localdate())


@pytest.fixture
def krm(house) -> Actor:
    return acting("krm")


@pytest.fixture
def as_(client, house):
    def sit_down(name):
        client.force_login(User.objects.get(username=f"pankow.{name}"))
        return client

    return sit_down


def unit(number: str = "711") -> Unit:
    return Unit.objects.get(office__slug="pankow", number=number)


def registered(krm: Actor, **changes) -> Case:
    """An e-mail, whose Verfügung the KRM issues."""
    values = {"channel": Channel.EMAIL, "received_on": krm.today, "unit_id": unit().pk} | changes
    return make.case(krm, **values)


def drafted(krm: Actor, **changes) -> Directive:
    return draft_directive(by=krm, case=registered(krm, **changes))


def url(case: Case, name: str = "directive") -> str:
    return reverse(f"cases:{name}", args=[case.reference])


def sent(directive: Directive, *rows: dict, **head) -> dict:
    """What the page sends: rows with the names of their fields; without any the points of the draft."""
    stored = [
        {"kind": p.kind, "text": p.text, "unit": p.unit_id or "", "person": p.person_id or "", "due_on": p.due_on or ""}
        for p in point_data(directive)
    ]
    rows = rows or tuple(stored)
    data = {"version": directive.version, "lead_unit": directive.lead_unit_id or "", "must_present": ""}
    data |= {"signature_level": directive.signature_level}
    data |= {"punkt-TOTAL_FORMS": len(rows), "punkt-INITIAL_FORMS": len(stored)}
    data |= {f"punkt-{index}-{name}": value for index, row in enumerate(rows) for name, value in row.items()}
    return data | head


def primary(response) -> list[str]:
    parts = response.content.decode().split("kern-btn--primary")[1:]
    return [part.split('<span class="kern-label">')[1].split("</span>")[0] for part in parts]


def errors(response) -> dict[int, dict[str, str]]:
    """Row -> field -> the sentence at it."""
    rows = response.context["forms"].rows
    return {
        index: {name: " ".join(told) for name, told in row.errors.items()}
        for index, row in enumerate(rows)
        if row.errors
    }


def next_saturday(day: date) -> date:
    return day + timedelta(days=(5 - day.weekday()) % 7 or 7)


def test_beginning_twice_begins_once(as_, krm):
    case = registered(krm)
    answers = [as_("krm").post(url(case)).status_code for _ in range(2)]
    assert (answers, case.directives.count()) == ([302, 302], 1)


def test_each_person_sees_the_one_button_that_is_theirs(as_, krm):
    case = registered(krm, channel=Channel.LETTER)
    found = {"nothing yet": primary(as_("krm").get(url(case)))}
    draft = draft_directive(by=krm, case=case)
    found["draft"] = primary(as_("krm").get(url(case)))
    found["looks"] = primary(as_("tl").get(url(case)))
    present_directive(by=krm, directive=draft, expected_version=1)
    found["presented"] = primary(as_("krm").get(url(case)))
    found["signs"] = primary(as_("gf").get(url(case)))
    issue_directive(by=acting("gf"), directive=draft, expected_version=2)
    found["issued"] = primary(as_("krm").get(url(case)))
    found["reads"] = primary(as_("tl").get(url(case)))
    assert found == {
        "nothing yet": ["Verfügung beginnen"],
        "draft": ["Der Geschäftsführung vorlegen"],
        "looks": [],
        "presented": [],
        "signs": ["Abverfügen"],
        "issued": ["Weitere Verfügung beginnen"],
        "reads": [],
    }


def test_rows_are_kept_in_the_order_of_their_numbers_and_emptied_ones_fall_away(as_, krm):
    directive = drafted(krm)
    rows = (
        {"position": 3, "kind": "file"},
        {"position": 1, "kind": "note", "text": "zuerst"},
        {"position": 2, "kind": "", "text": "geleert"},
        {"position": 1, "kind": "letter", "text": "danach"},
        {},
    )
    assert as_("krm").post(url(directive.case), sent(directive, *rows)).status_code == 302

    found = directive.points.exclude(kind=PointKind.COPY).values_list("kind", "text")
    assert list(found) == [("note", "zuerst"), ("letter", "danach"), ("file", "")]


def test_a_number_of_arbeitstage_counts_from_today(as_, krm):
    directive = drafted(krm)
    rows = ({"kind": "handle", "text": "anrufen", "unit": unit().pk, "working_days": 3}, {"kind": "file"})
    as_("krm").post(url(directive.case), sent(directive, *rows))

    calendar = calendar_for(Office.objects.get(slug="pankow"))
    expected = due(calendar, krm.today, Period(3, Days.WORKING_DAYS)).due_on
    assert directive.points.get(kind=PointKind.HANDLE).due_on == expected


def test_what_is_missing_stands_at_its_row_and_field_and_what_was_typed_is_kept(as_, krm):
    directive = drafted(krm)
    saturday = next_saturday(krm.today)
    rows = (
        {"position": 4, "kind": "follow_up", "text": "nachsehen", "due_on": saturday.isoformat()},
        {"kind": "", "text": ""},
        {"position": 1, "kind": "handle", "text": "mit der Kundin sprechen"},
        {"position": 2, "kind": "statement", "unit": unit().pk},
    )
    page = as_("krm").post(url(directive.case, "directive_issue"), sent(directive, *rows))

    found = errors(page)
    assert (page.status_code, sorted(found)) == (422, [0, 2, 3])
    assert found[0]["due_on"].startswith("Punkt 4: Der ")
    assert "kein Arbeitstag" in found[0]["due_on"]
    assert sorted(found[2]) == ["due_on", "unit"]
    assert sorted(found[3]) == ["due_on", "text"]
    text = page.content.decode()
    assert 'href="#id_punkt-2-unit"' in text
    assert "mit der Kundin sprechen" in text
    assert directive.points.get(kind=PointKind.HANDLE).text == "mit der Kundin sprechen"
    directive.refresh_from_db()
    assert f'name="version" value="{directive.version}"' in text
    assert directive.issued_at is None


def test_what_the_head_lacks_stands_at_its_field_gera10(as_, krm):
    directive = drafted(krm)
    day = next_working_day(calendar_for(unit().office), krm.today).isoformat()
    asked = [{"kind": "statement", "text": "Was war?", "unit": unit(n).pk, "due_on": day} for n in ("711", "712")]
    data = sent(directive, *asked, {"kind": "file"}, lead_unit="", signature_level="")

    page = as_("krm").post(url(directive.case, "directive_issue"), data)

    assert sorted(page.context["forms"].head.errors) == ["lead_unit", "signature_level"]
    assert errors(page) == {}


def test_a_sheet_without_any_point_says_how_it_ends(as_, krm):
    directive = drafted(krm)
    page = as_("krm").post(url(directive.case, "directive_issue"), sent(directive, {"kind": ""}))
    assert "Wv. mit Tag oder z.d.A." in errors(page)[0]["kind"]


def test_who_saves_second_compares_and_what_they_typed_still_stands_there(as_, krm):
    directive = drafted(krm)
    first, second = (sent(directive, {"kind": "note", "text": text}, {"kind": "file"}) for text in ("eins", "zwei"))
    as_("krm2").post(url(directive.case), first)

    page = as_("krm").post(url(directive.case), second)

    text = page.content.decode()
    assert (page.status_code, directive.points.get(position=1).text) == (422, "eins")
    assert re.search(r"<del>1\. Vermerk: eins", text)
    assert re.search(r"<ins>1\. Vermerk: zwei", text)
    assert page.context["forms"].rows.forms[0]["text"].value() == "zwei"
    version = page.context["version"]
    assert as_("krm").post(url(directive.case), second | {"version": version}).status_code == 302
    assert directive.points.get(position=1).text == "zwei"


@pytest.mark.parametrize("ended", ["issued", "discarded"])
def test_saving_what_ended_meanwhile_is_refused_and_begins_nothing_new(as_, krm, ended):
    directive = drafted(krm)
    typed = sent(directive)
    if ended == "issued":
        issue_directive(by=krm, directive=directive, expected_version=1)
    else:
        discard_directive(by=krm, directive=directive)

    page = as_("krm").post(url(directive.case), typed)

    assert (page.status_code, "keinen Entwurf" in page.content.decode()) == (409, True)
    assert not directive.case.directives.filter(issued_at__isnull=True).exists()


def test_issuing_twice_does_it_once(as_, krm):
    directive = drafted(krm)
    answers = [as_("krm").post(url(directive.case, "directive_issue"), sent(directive)).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert directive.case.events.filter(code="directive.issued").count() == 1


@pytest.mark.parametrize("rows", [41, 2000])
def test_more_rows_than_fit_are_refused_and_only_a_few_of_them_are_read(as_, krm, rows):
    directive = drafted(krm)
    page = as_("krm").post(url(directive.case), sent(directive, **{"punkt-TOTAL_FORMS": rows}))
    assert (page.status_code, len(page.context["forms"].rows.forms)) == (422, min(rows, 60))
    assert "Eine Verfügung hat höchstens 40 Punkte." in page.content.decode()


@pytest.mark.parametrize("name", ["directive_issue", "directive_present", "directive_return", "directive_discard"])
def test_whoever_only_reads_the_case_is_refused_before_the_page_is_read(as_, krm, name, monkeypatch):
    directive = drafted(krm)
    monkeypatch.setattr("cases.directives.views.directive._forms", lambda *args: pytest.fail("the rows were read"))
    page = as_("tl").post(url(directive.case, name), {**sent(directive), "note": ""})
    assert (page.status_code, "Ihre Rolle umfasst nicht" in page.content.decode()) == (409, True)


def test_it_is_given_back_with_words_only(as_, krm):
    directive = present_directive(by=krm, directive=drafted(krm, channel=Channel.LETTER), expected_version=1)
    page = as_("gf").post(url(directive.case, "directive_return"), {"note": ""})
    assert (page.status_code, "was an der Verfügung zu ändern ist" in page.content.decode()) == (422, True)

    as_("gf").post(url(directive.case, "directive_return"), {"note": "Bitte kürzer."})
    directive.refresh_from_db()
    assert directive.presented_at is None


def test_the_list_of_must_be_presented_is_that_of_the_rules_in_force_pan26(as_, krm):
    before = drafted(krm)
    base = RuleSet.objects.get(office__slug="pankow")
    listed = {"first_stop": {"must_present": ["Presse", "Abgeordnete"]}}
    rules = with_changes(base.parameters, readings={}, values=listed, source="vor Ort")
    change_rules(by=krm, base=base, parameters=rules, valid_from=krm.today, reason="Anlage 2")
    after = drafted(krm)

    def offered(directive):
        return [value for value, _ in head(directive)["must_present"].field.choices if value]

    def head(directive):
        return as_("krm").get(url(directive.case)).context["forms"].head

    assert (offered(before), offered(after)) == ([], ["Presse", "Abgeordnete"])
    assert "ist leer" in head(before)["must_present"].help_text
    as_("krm").post(url(after.case, "directive_issue"), sent(after, must_present="Presse"))
    after.refresh_from_db()
    assert (after.must_present, after.issued_at) == ("Presse", None)


def test_ticking_off_is_offered_to_whom_a_point_is_for(as_, krm):
    directive = issue_directive(by=krm, directive=drafted(krm, kind="suggestion"), expected_version=1)
    done = reverse("cases:point_done", args=[directive.points.get(kind=PointKind.HANDLE).pk])
    offered = {name: done in as_(name).get(url(directive.case)).content.decode() for name in ("krm", "tl", "gf", "vz")}
    assert offered == {"krm": True, "tl": True, "gf": False, "vz": False}


def test_the_sheet_of_an_earlier_round_is_still_found_in_the_next(as_, krm):
    case = registered(krm)
    make.answered(krm, case)
    case = make.closed(krm, case)
    case = reopen(by=krm, case=case, reason="Neuer Bescheid")

    shown = as_("krm").get(url(case)).content.decode()

    assert "Verfügung, Durchgang 1 (PDF)" in shown
    assert reverse("cases:directive_sheet", args=[case.directives.get().pk]) in shown


@pytest.mark.parametrize("begun", [False, True])
def test_an_answered_case_begins_and_finishes_no_verfuegung_and_says_why(as_, krm, begun):
    case = registered(krm)
    if begun:
        draft_directive(by=krm, case=case)
    answer_orally(by=krm, case=case, on=krm.today, note_text="Am Telefon erklärt.")

    page = as_("krm").get(url(case))

    assert (primary(page), "hat den Stand „Beantwortet“" in page.content.decode()) == ([], True)
    assert as_("krm").post(url(case)).status_code == (302 if begun else 409)


def test_nothing_is_ticked_off_on_the_page_of_a_draft(as_, krm):
    directive = drafted(krm)
    assert "/erledigt/" not in as_("tl").get(url(directive.case)).content.decode()


def test_the_sheet_is_a_pdf_and_not_there_for_other_offices(as_, client, krm):
    directive = drafted(krm)
    address = reverse("cases:directive_sheet", args=[directive.pk])
    assert as_("tl").get(address).content.startswith(b"%PDF")
    client.force_login(User.objects.get(username="gera.krm"))
    assert client.get(address).status_code == 404
