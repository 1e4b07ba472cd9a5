"""Environment variables: typed, and refused with a sentence when they make no sense."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from krm import env

pytestmark = pytest.mark.once


@pytest.mark.parametrize("value", ["1", "true", "YES", " ja ", "on"])
def test_yes_is_read_in_the_usual_spellings(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRM_X", value)
    assert env.flag("KRM_X", default=False) is True


@pytest.mark.parametrize("value", ["0", "false", "No", "nein", "off"])
def test_no_is_read_in_the_usual_spellings(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRM_X", value)
    assert env.flag("KRM_X", default=True) is False


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRM_X", "  ")
    assert (env.text("KRM_X", "a"), env.flag("KRM_X", default=True), env.number("KRM_X", default=7)) == (
        "a",
        True,
        7,
    )
    assert (env.words("KRM_X", default=("b",)), env.address("KRM_X", ("redis",))) == (["b"], "")


def test_neither_yes_nor_no_is_refused_with_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRM_X", "vielleicht")
    with pytest.raises(ImproperlyConfigured, match="^KRM_X=vielleicht ist weder ja noch nein"):
        env.flag("KRM_X", default=False)


@pytest.mark.parametrize("value", ["0", "11", "-3", "2.5", "zwei", "²", "1e1"])
def test_a_number_out_of_range_or_no_number_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRM_X", value)
    with pytest.raises(ImproperlyConfigured, match="ist keine ganze Zahl von 1 bis 10"):
        env.number("KRM_X", default=5, least=1, most=10)


@pytest.mark.parametrize("value", ["1", "10"])
def test_both_ends_of_a_range_are_allowed(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRM_X", value)
    assert env.number("KRM_X", default=5, least=1, most=10) == int(value)


def test_an_unknown_choice_is_refused_with_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRM_X", "cloud")
    with pytest.raises(ImproperlyConfigured, match="Erlaubt: embedded, served"):
        env.choice("KRM_X", ("embedded", "served"), default="embedded")


def test_a_list_loses_blanks_and_empty_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRM_X", " krm.example.org, ,krm ")
    assert env.words("KRM_X") == ["krm.example.org", "krm"]


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("geheim\n", encoding="utf-8")
    monkeypatch.setenv("KRM_X_FILE", str(tmp_path / "key"))
    assert env.secret("KRM_X") == "geheim"


def test_a_secret_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KRM_X", "a")
    monkeypatch.setenv("KRM_X_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match="nur eines setzen: KRM_X oder KRM_X_FILE"):
        env.secret("KRM_X")


@pytest.mark.parametrize(("content", "sentence"), [(None, "nicht lesbar"), (" \n", "ist leer")])
def test_a_secret_file_that_is_missing_or_empty_is_refused(
    content: str | None, sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "key").write_text(content, encoding="utf-8")
    monkeypatch.setenv("KRM_X_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match=sentence):
        env.secret("KRM_X")


def test_an_address_of_another_kind_is_refused_without_repeating_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KRM_X", "mysql://krm:geheim@db/krm")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.address("KRM_X", ("postgresql", "postgres"))
    assert str(refusal.value) == "KRM_X muss mit postgresql:// oder postgres:// beginnen."


def test_a_file_in_place_of_a_folder_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "var").write_text("", encoding="utf-8")
    monkeypatch.setenv("KRM_X", str(tmp_path / "var"))
    with pytest.raises(ImproperlyConfigured, match="ist kein Ordner"):
        env.folder("KRM_X", default=tmp_path)
