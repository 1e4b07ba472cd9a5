"""The main job in a browser that runs no script at all."""

import pytest
from django.utils import timezone

from tests.journeys.desk import ERIKA, Reaction, words_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_case_goes_its_whole_way_without_javascript(as_):
    krm = as_("berlin-nord.krm", java_script_enabled=False)
    reaction = Reaction(
        text="Die Rampe am Eingang ist zu steil.", received_on=timezone.localdate(), sender=ERIKA, channel="E-Mail"
    )
    krm.register(reaction)
    krm.accept()
    letters = [words_of(krm.acknowledge()), words_of(krm.reply("Die Rampe wird im Frühjahr umgebaut."))]
    krm.close(outcome="berechtigt", reason="Die Rampe entspricht nicht der Norm.")

    assert krm.deadlines() == {}
    assert [ERIKA.last_name in letter for letter in letters] == [True, True]


def test_a_half_filled_form_is_kept_by_its_button_without_javascript(as_):
    krm = as_("pankow.krm", java_script_enabled=False)
    krm.open("/erfassen/")
    krm.write("Wortlaut oder Gesprächsnotiz", "Ich lege Widerspruch gegen den Bescheid ein.")
    krm.press("Zwischenspeichern")
    krm.is_told("Zwischengespeichert.")

    kept = krm.page.get_by_role("textbox", name="Wortlaut oder Gesprächsnotiz").input_value()
    assert kept == "Ich lege Widerspruch gegen den Bescheid ein."
    krm.press("Als Kein KRM abgeben: Widerspruch")
    assert krm.page.get_by_role("heading", level=1).inner_text() == "Kein KRM: abgeben"
