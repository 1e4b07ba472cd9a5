"""The table of signs: what stands beside it is found, what only sounds like it is not; measured on labelled texts."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.signs import OFTEN_MISTYPED, SIGNS, Label, fold, labels, read
from cases.rules.triage import REASON_OF, Reason

EXAMPLES = [(sign.label, sentence) for sign in SIGNS for sentence in sign.examples]
ONLY_ALIKE = [(sign.label, sentence) for sign in SIGNS for sentence in sign.but]


@pytest.mark.parametrize(("label", "sentence"), EXAMPLES)
def test_what_people_write_is_found(label, sentence):
    assert label in labels(sentence)


@pytest.mark.parametrize(("label", "sentence"), ONLY_ALIKE)
def test_what_only_sounds_like_it_is_not(label, sentence):
    assert label not in labels(sentence)


@pytest.mark.parametrize(
    "write",
    [
        str.upper,
        lambda text: text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss"),
        lambda text: text.translate(str.maketrans("äöüÄÖÜ", "aouAOU")),
        lambda text: text.replace(" ", "\n  "),
    ],
    ids=["capitals", "ae", "no umlauts", "broken lines"],
)
def test_however_it_is_written(write):
    missed = [(label, sentence) for label, sentence in EXAMPLES if label not in labels(write(sentence))]
    assert missed == []


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("Ich lege Wiederspruch ein.", Label.OBJECTION),
        ("Ich bin gegen den bescheit.", Label.OBJECTION),
        ("Das ist ein Verstoß gegen den Datenshcutz.", Label.DATA_PROTECTION),
        ("Ich stelle einen Überprüfngsantrag.", Label.REVIEW),
        ("Das geht vor das Sozialgerciht.", Label.LAWSUIT),
    ],
)
def test_a_slip_of_the_keys_is_read_over(written, label):
    assert label in labels(written)


def test_other_words_are_not_taken_for_slips():
    assert fold("Die Bescheinigung ist falsch.").text == "die bescheinigung ist falsch."
    assert labels("Bitte um eine Bescheinigung über den Kurs.") == frozenset()
    assert all(labels(word) <= set(Label) for word in OFTEN_MISTYPED)


def test_the_words_are_shown_as_they_were_written():
    (found,) = read("GEGEN den\n Bescheit erhebe ich Wiederspruch!")
    assert found.words == ("GEGEN den Bescheit", "erhebe ich Wiederspruch")


def test_what_is_found_in_two_places_names_both_unless_one_says_it():
    (found,) = read("Sie wollen 655 Euro wiederhaben. Die Forderung ist falsch.")
    assert found.words == ("wollen 655 Euro wiederhaben",)
    (found,) = read("Es geht um 655 Euro. Die Forderung ist falsch.")
    assert found.words == ("655 Euro … falsch",)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.places)
    assert list(folded.places) == sorted(folded.places)
    for found in read(text):
        assert all(word for word in found.words)


def test_every_label_of_the_desk_is_a_reason_of_its_own():
    assert len(set(REASON_OF.values())) == len(REASON_OF)
    assert set(Reason) - set(REASON_OF.values()) == {Reason.NOT_OURS}


# The command


def hinted(rows: str, tmp_path: Path) -> tuple[list[dict], str]:
    path, out, err = tmp_path / "texte.csv", StringIO(), StringIO()
    path.write_text(rows, encoding="utf-8")
    call_command("triage_hints", "--csv", str(path), stdout=out, stderr=err)
    return list(csv.DictReader(StringIO(out.getvalue()))), err.getvalue()


def test_the_command_answers_each_row(tmp_path):
    rows, told = hinted(
        'id,channel,text\n7,email,"Ich lege Widerspruch ein.\nUnd der Datenschutz?"\n8,card,Zu laut.\n', tmp_path
    )
    assert rows == [{"id": "7", "labels": "objection;data_protection"}, {"id": "8", "labels": ""}]
    assert told == ""


def test_with_the_labels_known_it_says_how_many_were_found(tmp_path):
    _, told = hinted(
        "id,channel,text,labels\n1,email,Ich lege Widerspruch ein.,objection\n2,email,Hm.,objection\n"
        "3,card,Weiter so!,\n4,card,Zu laut.,\n",
        tmp_path,
    )
    lines = {line.split()[0]: line.split()[1:] for line in told.splitlines()}
    assert lines["objection"] == ["2", "1", "50", "%", "0"]
    assert lines["praise"][-1] == "1"
    assert lines["ohne"] == ["Merkmal", "2", "1", "50", "%", "mit", "Hinweis"]


def test_a_file_without_its_columns_or_with_an_unknown_label_is_refused(tmp_path):
    with pytest.raises(CommandError, match="text"):
        hinted("id,channel\n1,email\n", tmp_path)
    with pytest.raises(CommandError, match="1"):
        hinted("id,channel,text,labels\n1,email,Hm.,unsinn\n", tmp_path)


def labelled_texts() -> Path:
    for folder in Path(__file__).resolve().parents:
        path = folder / "shared" / "data" / "triage.csv"
        if path.exists():
            return path
    pytest.skip("../shared/data with its labelled texts is not beside the project")


WANTED = {
    95: (Label.OBJECTION, Label.LAWSUIT, Label.REVIEW),
    90: (Label.CONDUCT, Label.CORRUPTION, Label.DATA_PROTECTION),
    80: (
        Label.INQUIRY, Label.BENEFIT_FRAUD, Label.REGULATORY_OFFENCE, Label.AGAINST_MANAGEMENT, Label.SUPERVISION,
        Label.PRAISE, Label.SUGGESTION, Label.SETTLED_WISH,
    ),
}  # fmt: skip
MOST_HINTS_ON_PLAIN_TEXTS = 12  # per cent


def test_labelled_texts_are_recognised():
    """B3-13, GER-4, PAN-10: 213 texts as people write them."""
    rows = list(csv.DictReader(labelled_texts().read_text(encoding="utf-8").splitlines(keepends=True)))
    texts = [(set(filter(None, row["labels"].split(";"))), labels(row["text"])) for row in rows]
    found = {
        label: 100 * sum(label in answered for wanted, answered in texts if label in wanted)
        / sum(label in wanted for wanted, _ in texts)
        for label in Label
    }  # fmt: skip
    too_few = {label: found[label] for least, group in WANTED.items() for label in group if found[label] < least}
    plain = [bool(answered) for wanted, answered in texts if not wanted]
    assert too_few == {}
    assert 100 * sum(plain) / len(plain) <= MOST_HINTS_ON_PLAIN_TEXTS
