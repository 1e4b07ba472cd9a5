"""The letter beside the form: seen while it is typed in, without leaving the browser."""

import base64

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_a_chosen_picture_stands_left_of_the_form_until_another_file_is_chosen(as_):
    page = as_("pankow.krm", viewport={"width": 1280, "height": 900}).page
    refused = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.goto("/erfassen/")
    place = page.locator("#vorschau")
    expect(place).to_be_hidden()

    files = page.get_by_label("Anlagen")
    files.set_input_files({"name": "Brief.png", "mimeType": "image/png", "buffer": PIXEL})
    shown = place.get_by_role("img", name="Vorschau: Brief.png")
    expect(shown).to_be_visible()
    assert shown.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 1
    assert shown.bounding_box()["x"] < page.get_by_role("combobox", name="Eingangsweg").bounding_box()["x"]

    files.set_input_files({"name": "Notiz.txt", "mimeType": "text/plain", "buffer": b"Rueckruf"})
    expect(place).to_be_hidden()
    assert refused == []
