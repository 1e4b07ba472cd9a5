"""Placeholders of text blocks: a fixed list, near misses found, values never read as templates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.letter_texts import GAP, QUESTIONS
from cases.rules.placeholders import PLACEHOLDERS, by_gaps, fill, gap, unknown, with_paragraph

ALL = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)


def test_every_placeholder_is_named_and_described_once():
    assert list(PLACEHOLDERS) == [
        "anrede", "name", "vorgangsnummer", "aktenzeichen", "eingang", "schreiben_vom", "betreff", "frist_abschluss",
        "antwort_bis", "ansprechperson", "durchwahl", "einheit", "dienststelle", "heute",
    ]  # fmt: skip
    labels = [entry.label for entry in PLACEHOLDERS.values()]
    assert len(set(labels)) == len(labels)
    assert [name for name, entry in PLACEHOLDERS.items() if not entry.text] == []


@pytest.mark.parametrize("text", ["", "Guten Tag", ALL, "{name}{name}", "({name}), [Bitte ergänzen: Datum]"])
def test_what_is_in_the_list_is_known(text):
    assert unknown(text) == ()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Sehr geehrte {Name},", ("{Name}",)),
        ("{{name}}", ("{{name}}",)),
        ("{ name }", ("{ name }",)),
        ("{name", ("{name",)),
        ("Frau {name und mehr\nTag", ("{name und mehr",)),
        ("name} und", ("name}",)),
        ("{name}}", ("{name}}",)),
        ("{}", ("{}",)),
        ("{ und }", ("{ und }",)),
        ("{vorname} {name} {vorname}", ("{vorname}",)),
        ("{a{name}}", ("{a", "{name}}")),
        ("{% if x %}", ("{% if x %}",)),
        ("{name!r} {name.__class__}", ("{name!r}", "{name.__class__}")),
    ],
)
def test_near_misses_and_lone_braces_are_unknown_as_they_are_written(text, wrong):
    assert unknown(text) == wrong


@given(st.text(st.sampled_from("{}a_ {name}\nN"), max_size=30))
def test_a_text_without_unknown_parts_has_no_brace_outside_a_placeholder(text):
    if unknown(text) == ():
        filled = fill(text, dict.fromkeys(PLACEHOLDERS, "x"))
        assert "{" not in filled
        assert "}" not in filled


@given(st.dictionaries(st.sampled_from(sorted(PLACEHOLDERS)), st.text(min_size=1).filter(str.strip)))
def test_values_are_never_read_as_templates(values):
    names = list(values)
    template = "|".join(f"{{{name}}}" for name in names)

    assert fill(template, values) == "|".join(values[name].strip() for name in names)


def test_braces_in_values_stay_as_they_are():
    assert fill("{name}: {betreff}", {"name": "{betreff}", "betreff": "{0} {{x}}"}) == "{betreff}: {0} {{x}}"


@pytest.mark.parametrize("value", [{}, {"schreiben_vom": ""}, {"schreiben_vom": " \n"}])
def test_a_missing_value_becomes_a_gap(value):
    assert fill("vom {schreiben_vom}.", value) == "vom [Bitte ergänzen: Schreiben vom]."
    assert gap("schreiben_vom").startswith(GAP)


def test_an_unknown_placeholder_is_never_filled_silently():
    with pytest.raises(KeyError):
        fill("{vorname}", {})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ohne", ["ohne"]),
        ("vom [Bitte ergänzen: Tag].", ["vom ", "[Bitte ergänzen: Tag]", "."]),
        ("[Bitte ergänzen: offen\nweiter", ["", "[Bitte ergänzen: offen", "\nweiter"]),
    ],
)
def test_a_text_is_cut_at_its_gaps(text, parts):
    assert by_gaps(text) == parts


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "Neu"),
        ("Eins", "Eins\n\nNeu"),
        ("Eins\n\nHaben Sie Fragen? Ja.", "Eins\n\nNeu\n\nHaben Sie Fragen? Ja."),
        (
            "Eins\n \nHaben Sie Fragen? Ja.\n\nEin Hinweis.",
            "Eins\n\nNeu\n\nHaben Sie Fragen? Ja.\n\nEin Hinweis.",
        ),
    ],
)
def test_a_part_goes_before_the_closing_paragraph(body, expected):
    assert with_paragraph(body, " Neu\n") == expected


def test_the_closing_paragraph_is_that_of_the_templates():
    assert QUESTIONS.startswith("Haben Sie Fragen?")
