"""The schema of a rule set: every wrong input gets its sentence, and what is right survives a round trip."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offices.calendars import Period, Unit
from offices.roles import Role, Visibility
from offices.rules.describing import describe
from offices.rules.parameters import FIELDS, ParameterErrors, Parameters
from offices.rules.presets import load, slugs
from offices.rules.vocabulary import Channel, Duty, Form, Route

PANKOW = load("pankow").parameters
PUBLISHED = [preset.parameters.to_dict() for preset in map(load, slugs())]
REMOVED = "removed"


def changed(path: str, value: Any) -> dict[str, Any]:
    """Pankow's data with one place changed, added or removed."""
    data = PANKOW.to_dict()
    *way, last = path.split(".")
    place: Any = data
    for key in way:
        place = place[int(key) if isinstance(place, list) else key]
    if value is REMOVED:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return data


def errors_of(data: Any) -> dict[str, str]:
    with pytest.raises(ParameterErrors) as caught:
        Parameters.from_dict(data)
    return caught.value.errors


def errors_in(data: Any) -> dict[str, str]:
    try:
        Parameters.from_dict(data)
    except ParameterErrors as refused:
        return refused.errors
    return {}


UNITS = "calendar_days, weekdays, working_days, weeks, months"
WRONG = [
    ("closure", REMOVED, "closure", "Dieser Parameter fehlt."),
    ("closure", 14, "closure", "Hier wird eine Gruppe von Angaben erwartet."),
    ("surprise", {}, "surprise", "Dieser Parameter ist unbekannt."),
    ("closure.period", REMOVED, "closure.period", "Diese Angabe fehlt."),
    ("closure.period", 10, "closure.period", "Hier wird eine Gruppe von Angaben erwartet."),
    ("closure.extra", 1, "closure.extra", "Diese Angabe ist unbekannt."),
    (
        "closure.period.amount",
        "zehn",
        "closure.period.amount",
        "Hier wird eine ganze Zahl erwartet, nicht „zehn“.",
    ),
    (
        "closure.period.amount",
        True,
        "closure.period.amount",
        "Hier wird eine ganze Zahl erwartet, nicht „True“.",
    ),
    ("closure.period.amount", 0, "closure.period.amount", "Die Zahl muss zwischen 1 und 365 liegen."),
    ("closure.period.amount", 366, "closure.period.amount", "Die Zahl muss zwischen 1 und 365 liegen."),
    (
        "closure.period.unit",
        "jahre",
        "closure.period.unit",
        f"„jahre“ ist hier nicht möglich; erlaubt sind: {UNITS}.",
    ),
    (
        "interim.required",
        "ja",
        "interim.required",
        "Hier wird ja oder nein erwartet, nicht „ja“.",
    ),
    ("interim.consults", "team_lead", "interim.consults", "Hier wird eine Liste erwartet."),
    ("registration.register", 7, "registration.register", "Hier wird ein Text erwartet, nicht „7“."),
    ("registration.register", "  ", "registration.register", "Dieser Text darf nicht leer sein."),
    ("petition_route.stations.0", "", "petition_route.stations.0", "Dieser Text darf nicht leer sein."),
    ("petition_route.stations", [], "petition_route.stations", "Der Berichtsweg braucht mindestens eine Station."),
    ("ladder.rungs", [], "ladder.rungs", "Die Leiter braucht mindestens eine Stufe."),
    ("ladder.rungs.1.number", 3, "ladder.rungs", "Die Stufen müssen lückenlos ab 1 gezählt sein."),
    (
        "oral_registration.except_without_substance",
        True,
        "oral_registration.except_without_substance",
        "Die Ausnahme setzt eine genannte Führungsebene voraus.",
    ),
    ("objection.recipient", " ", "objection.recipient", "Eine Abgabe braucht eine empfangende Stelle."),
    (
        "misconduct.corruption.recipient",
        "",
        "misconduct.corruption.recipient",
        "Eine Abgabe braucht eine empfangende Stelle.",
    ),
    ("first_stop.email", [], "first_stop.email", "Mindestens eine Stelle muss genannt sein."),
    ("signature.final_letter", [], "signature.final_letter", "Mindestens eine Funktion muss zeichnen dürfen."),
    ("documentation.record_in", [], "documentation.record_in", "Mindestens ein Ablageort muss genannt sein."),
    (
        "state.code",
        "XX",
        "state.code",
        "„XX“ ist kein Bundesland; erlaubt sind: BB, BE, BW, BY, HB, HE, HH, MV, NI, NW, RP, SH, SL, SN, ST, TH.",
    ),
    ("closure.source", "", "closure.source", "Dieser Text darf nicht leer sein."),
    (
        "visibility.confirmed",
        False,
        "visibility.note",
        "Ein nicht belegter Wert braucht einen Hinweis, woher er stammt.",
    ),
    ("closure.chosen", "a", "closure.chosen", "Ohne Lesarten gibt es nichts zu wählen."),
    (
        "acknowledgement.chosen",
        None,
        "acknowledgement.chosen",
        "Eine der Lesarten muss gewählt sein: drei-arbeitstage, dritter-tag.",
    ),
    (
        "acknowledgement.readings.dritter-tag",
        REMOVED,
        "acknowledgement.readings",
        "Eine einzelne Lesart ist keine Wahl; es braucht mindestens zwei.",
    ),
    (
        "acknowledgement.readings",
        ["a"],
        "acknowledgement.readings",
        "Hier wird eine Gruppe von Lesarten erwartet.",
    ),
    (
        "acknowledgement.readings.dritter-tag.label",
        REMOVED,
        "acknowledgement.readings.dritter-tag.label",
        "Diese Angabe fehlt.",
    ),
    (
        "acknowledgement.readings.dritter-tag.value.period.unit",
        "x",
        "acknowledgement.readings.dritter-tag.value.period.unit",
        f"„x“ ist hier nicht möglich; erlaubt sind: {UNITS}.",
    ),
    (
        "acknowledgement.interim_counts",
        True,
        "acknowledgement.interim_counts",
        "Wo es mehrere Lesarten gibt, steht der Wert in jeder Lesart.",
    ),
]


@pytest.mark.parametrize(("path", "value", "at", "sentence"), WRONG, ids=[f"{w[0]}={w[1]!r}"[:60] for w in WRONG])
def test_a_wrong_input_gets_its_own_sentence_at_its_place(path, value, at, sentence):
    assert errors_of(changed(path, value)) == {at: sentence}


def test_a_conduct_complaint_outside_the_krm_needs_a_place_to_go():
    data = changed("conduct_complaint.registered", False)
    data["conduct_complaint"].update(handed_to="", closed_as_not_assessable=True)

    assert errors_of(data) == {
        "conduct_complaint.handed_to": "Was nicht erfasst wird, braucht eine Stelle, an die es geht.",
        "conduct_complaint.closed_as_not_assessable": ("Nur ein erfasster Vorgang kann als „nicht bewertbar“ enden."),
    }


def test_all_errors_are_collected_and_not_only_the_first():
    data = changed("closure.period.amount", 0)
    data["interim"]["required"] = None
    del data["praise"]

    assert sorted(errors_of(data)) == ["closure.period.amount", "interim.required", "praise"]


def test_the_message_of_the_exception_names_every_place():
    with pytest.raises(ValueError, match=r"^closure: Dieser Parameter fehlt\.$"):
        Parameters.from_dict(changed("closure", REMOVED))


def test_something_that_is_no_rule_set_is_refused_with_a_sentence():
    assert errors_of(["K1"]) == {"": "Ein Regelwerk ist eine Gruppe von Angaben."}


unhurried = settings(deadline=None)  # a busy machine is no error

TEXTS = st.text(min_size=1).filter(str.strip)
PERIODS = st.fixed_dictionaries({"amount": st.integers(1, 365), "unit": st.sampled_from([unit.value for unit in Unit])})


@st.composite
def rule_sets(draw) -> dict[str, Any]:
    """Valid data: each parameter from any of the presets, with periods, provenance and practice drawn anew."""
    data = {name: copy.deepcopy(draw(st.sampled_from(PUBLISHED))[name]) for name in FIELDS}
    data["closure"]["period"] = draw(PERIODS)
    data["interim"]["period"] = draw(st.none() | PERIODS)
    data["practice"]["max_concerns"] = draw(st.integers(1, 365))
    data["registration"]["sentence"] = draw(TEXTS)
    data["first_stop"]["must_present"] = draw(st.lists(TEXTS, max_size=3))
    data["visibility"]["who"] = draw(st.sampled_from([who.value for who in Visibility]))
    for entry in data.values():
        entry["source"], entry["note"], entry["confirmed"] = draw(TEXTS), draw(TEXTS), draw(st.booleans())
        if entry["readings"]:
            entry["chosen"] = draw(st.sampled_from(sorted(entry["readings"])))
    return data


@unhurried
@given(rule_sets())
def test_a_rule_set_survives_the_way_through_json(data):
    parameters = Parameters.from_dict(data)

    assert parameters.to_dict() == data
    assert Parameters.from_dict(json.loads(json.dumps(parameters.to_dict()))) == parameters


@unhurried
@given(rule_sets())
def test_every_valid_rule_set_can_be_told_in_german(data):
    texts = describe(Parameters.from_dict(data))

    assert [text.key for text in texts[:24]] == [f"K{number}" for number in range(1, 25)]
    assert [text.name for text in texts] == list(FIELDS)
    assert all(text.value and text.title for text in texts)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@unhurried
@given(st.sampled_from(list(FIELDS)), ANYTHING, st.data())
def test_whatever_stands_in_a_place_is_read_or_refused_with_sentences(name, junk, data):
    raw = PANKOW.to_dict()
    key = data.draw(st.sampled_from(sorted(raw[name])))
    raw[name] = data.draw(st.sampled_from([junk, {**raw[name], key: junk}]))
    found = errors_in(raw)

    assert all(path.startswith(name) and sentence.endswith(".") for path, sentence in found.items())


def test_choosing_the_other_reading_changes_the_value():
    third_day = Parameters.from_dict(changed("acknowledgement.chosen", "dritter-tag"))

    assert third_day.acknowledgement.period == Period(3, Unit.CALENDAR_DAYS)
    assert PANKOW.acknowledgement.period == Period(3, Unit.WORKING_DAYS)


@pytest.mark.parametrize(
    ("channel", "duty"),
    [
        (Channel.LETTER, Duty.USUALLY),
        (Channel.FAX, Duty.USUALLY),
        (Channel.EMAIL, Duty.DISCRETION),
        (Channel.ONLINE_FORM, Duty.DISCRETION),
        (Channel.PHONE, None),
        (Channel.IN_PERSON, None),
        (Channel.OPINION_CARD, None),
        (Channel.SERVICE_CENTER, None),
    ],
)
def test_only_written_reactions_are_owed_an_acknowledgement(channel, duty):
    assert PANKOW.acknowledgement.duty_for(channel) == duty


@pytest.mark.parametrize("channel", list(Channel))
def test_a_rule_for_written_reactions_and_one_for_oral_ones_never_meet(channel):
    assert not (Form.WRITTEN.includes(channel) and Form.ORAL.includes(channel))
    assert Form.ALL.includes(channel)


def test_a_parameter_is_told_with_source_choice_and_both_readings():
    text = describe(PANKOW)[0]

    assert (text.key, text.title, text.chosen, text.confirmed) == (
        "K1",
        "Eingangsbestätigung",
        "drei-arbeitstage",
        True,
    )
    assert text.source == "Konzept März 2019, 4.2 und 4.4.1"
    assert text.value == (
        "spätestens nach 3 Arbeitstagen; in der Regel bei Brief, Fax; "
        "nach Entscheidung des KRM bei E-Mail, Onlineformular"
    )
    assert [(r.key, r.value.split(";")[0]) for r in text.readings] == [
        ("drei-arbeitstage", "spätestens nach 3 Arbeitstagen"),
        ("dritter-tag", "spätestens nach 3 Kalendertagen"),
    ]


def test_a_kind_without_its_own_number_is_filed_under_the_general_one():
    plan = PANKOW.file_plan

    assert plan.reference_for("conduct_complaint") == "II-6001.1"
    assert plan.reference_for("praise") == "II-6000"
    assert plan.reference_for("nobody-knows") == "II-6000"


def test_praise_and_hand_overs_speak_through_enums_and_not_through_words():
    assert PANKOW.objection.route is Route.TRANSFER
    assert PANKOW.praise.informs == (Role.TEAM_LEAD,)
