"""The components: what they say, what they refuse, and that nothing on a page is said by colour alone."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import RequestContext, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.html import Element, parse_html
from playwright.sync_api import Page

from offices.templatetags import krm_ui

TODAY = date(2026, 11, 23)
TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = [path for path in TEMPLATES.rglob("*.html") if "letters" not in path.parts]


def show(source: str, url: str = "/", **context: object) -> str:
    return Template("{% load krm_ui %}" + source).render(RequestContext(RequestFactory().get(url), context))


def elements(html: str, name: str) -> list[Element]:
    """All elements of one name, in the order of the page."""

    def walk(node: Element | str) -> list[Element]:
        if isinstance(node, str):
            return []
        return [node] * (node.name == name) + [found for child in node.children for found in walk(child)]

    return walk(parse_html(f"<div>{html}</div>"))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class Intake(forms.Form):
    received_on = forms.DateField(label="Eingang im Haus", help_text="Tag des Eingangsstempels")
    area = forms.ChoiceField(label="Rechtskreis", choices=[("2", "SGB II")], widget=forms.RadioSelect)
    name = forms.CharField(label="Name", required=False)
    wish = forms.BooleanField(label="Eingangsbestätigung erwünscht")

    def clean(self):
        raise forms.ValidationError("Bitte ein Anliegen erfassen.")


# Dates


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (TODAY, "Mo 23.11.2026"),
        (date(2027, 1, 3), "So 03.01.2027"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "Mo 23.11.2026"),
        (None, ""),
    ],
)
def test_a_day_is_written_with_its_weekday_in_local_time(value: date | None, written: str):
    assert krm_ui.day(value) == written


def test_a_moment_is_written_in_local_time():
    assert krm_ui.day_time(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "Mi 01.07.2026, 14:05 Uhr"
    assert krm_ui.day_time(None) == ""


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 20), "vor 3 Tagen"),
        (date(2026, 11, 22), "gestern"),
        (TODAY, "heute"),
        (date(2026, 11, 24), "morgen"),
        (date(2027, 11, 23), "in 365 Tagen"),
        (None, ""),
    ],
)
def test_the_distance_of_a_day_is_told_in_words(day: date | None, words: str):
    assert krm_ui.distance(day, TODAY) == words


# Components


def test_words_may_go_on_in_the_next_line_after_a_slash():
    assert krm_ui.breakable("Fachexperte/Fachexpertin <b>") == "Fachexperte/<wbr>Fachexpertin &lt;b&gt;"


def test_a_badge_has_a_symbol_beside_its_word():
    icon = '<span class="kern-icon kern-icon--warning" aria-hidden="true"></span>'
    html = f'<span class="krm-badge krm-badge--warning">{icon}wartet &lt;1&gt;</span>'
    assert krm_ui.badge("wartet <1>", kind="warning") == html


def test_a_signal_shows_symbol_and_words_of_what_carries_it():
    signal = SimpleNamespace(level="overdue", symbol="▲", text="überfällig seit 3 AT")
    html = krm_ui.deadline_signal(SimpleNamespace(signal=signal))
    assert html == krm_ui.deadline_signal(signal)
    assert words(html) == "▲ überfällig seit 3 AT"
    assert dict(elements(html, "span")[0].attributes) == {"class": "krm-signal krm-signal--overdue"}


def test_without_a_signal_nothing_is_shown():
    assert krm_ui.deadline_signal(SimpleNamespace(signal=None)) == ""
    assert krm_ui.deadline_signal(None) == ""


def test_an_action_is_a_link_unless_it_changes_something():
    html = show('{% action_button "Erfassen" "/erfassen/" prominent=True %}')
    (link,) = elements(html, "a")
    assert dict(link.attributes) == {"class": "kern-btn kern-btn--primary", "href": "/erfassen/"}
    assert elements(html, "form") == []


def test_an_action_that_changes_something_is_a_form_with_its_token():
    html = show('{% action_button "Abschließen" "/x/" post=True name="art" value="zwei" %}')
    (form,) = elements(html, "form")
    sent = {i["name"]: i["value"] for i in (dict(field.attributes) for field in elements(html, "input"))}
    assert dict(form.attributes) == {"action": "/x/", "method": "post"}
    assert len(sent.pop("csrfmiddlewaretoken")) == 64
    assert sent == {"art": "zwei"}


def test_a_forbidden_action_stays_visible_is_dead_and_says_why():
    html = show('{% action_button "Abschließen" "/x/" post=True why_not="Erst antworten." %}')
    (button,), (reason,) = elements(html, "button"), elements(html, "p")
    attributes, why = dict(button.attributes), dict(reason.attributes)
    assert (attributes["type"], attributes["aria-disabled"]) == ("button", "true")
    assert attributes["aria-describedby"] == why["id"]
    assert words(html) == "Abschließen Erst antworten."
    assert elements(html, "form") + elements(html, "a") == []


def test_a_page_header_holds_the_only_main_heading_and_its_actions():
    html = show('{% page_header "Vorgänge" lead="142 laufende" %}<b>Neu</b>{% end_page_header %}')
    assert words(html) == "Vorgänge 142 laufende Neu"
    assert [len(elements(html, name)) for name in ("h1", "b")] == [1, 1]


def test_a_page_header_without_actions_leaves_no_empty_box():
    html = show('{% page_header "Vorgänge" %} {% end_page_header %}')
    assert "krm-page-header__actions" not in html


def test_a_card_of_an_unknown_kind_is_refused():
    with pytest.raises(TemplateSyntaxError, match="bunt"):
        show('{% card "Fristen" kind="bunt" %}{% endcard %}')


@pytest.mark.parametrize(
    ("url", "href", "direction"),
    [
        ("/?q=Miete&page=3", "?q=Miete&amp;sort=due_on", None),
        ("/?sort=due_on", "?sort=-due_on", "ascending"),
        ("/?sort=-due_on", "?sort=due_on", "descending"),
    ],
)
def test_a_column_head_sorts_and_keeps_the_filter(url: str, href: str, direction: str | None):
    html = show('<table><tr>{% sort_header "Frist" "due_on" %}</tr></table>', url)
    assert re.findall(r'href="([^"]*)"', html) == [href]
    assert dict(elements(html, "th")[0].attributes).get("aria-sort") == direction


def test_pages_keep_the_filter_and_leave_out_the_middle():
    page = Paginator(range(300), 25).page(6)
    html = show('{% include "_partials/pagination.html" %}', "/?q=Miete", page=page)
    assert [number for number in krm_ui.page_numbers(page)] == [1, None, 5, 6, 7, None, 12]
    assert {href.split("&")[0] for href in re.findall(r'href="([^"]*)"', html)} == {"?q=Miete"}
    assert words(html).startswith("126–150 von 300")


# Forms


def test_a_field_is_tied_to_its_hint_and_its_error():
    html = str(Intake({"received_on": "gestern"})["received_on"].as_field_group())
    (field,) = (dict(found.attributes) for found in elements(html, "input"))
    described = [dict(found.attributes).get("id") for name in ("div", "ul") for found in elements(html, name)]
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"].split() == [name for name in described if name]
    assert words(html) == "Eingang im Haus Tag des Eingangsstempels Bitte ein gültiges Datum eingeben."


def test_only_what_may_stay_empty_is_marked():
    marked = {name for name in Intake.base_fields if "(optional)" in str(Intake()[name].as_field_group())}
    assert marked == {"name"}


def test_choices_stand_in_a_group_with_a_legend_each_with_its_label():
    html = str(Intake()["area"].as_field_group())
    (legend,), (choice,), (label,) = (elements(html, name) for name in ("legend", "input", "label"))
    assert legend.children == ["Rechtskreis"]
    assert dict(label.attributes)["for"] == dict(choice.attributes)["id"]


def test_each_error_of_the_summary_leads_to_its_place_in_the_form():
    form = Intake({"received_on": "gestern", "wish": "on"})
    summary = show('{% include "_partials/error_summary.html" %}', form=form)
    anchors = re.findall(r'href="#([^"]*)"', summary)
    assert anchors == ["id_received_on", "id_area"]
    assert [anchor for anchor in anchors if f'id="{anchor}"' in str(form)] == anchors
    assert words(summary).startswith("3 Angaben stimmen noch nicht")
    assert words(summary).endswith("Bitte ein Anliegen erfassen.")


def test_a_form_without_errors_has_no_summary():
    assert show('{% include "_partials/error_summary.html" %}', form=Intake()).strip() == ""


# The frame


def frame(**context: object) -> str:
    request = RequestFactory().get("/")
    return render_to_string("not_allowed.html", {"reason": "Erst wieder öffnen.", **context}, request=request)


def test_a_refusal_shows_its_reason_and_a_way_back():
    html = frame(back_url="/vorgaenge/")
    assert "Erst wieder öffnen." in words(html)
    assert 'href="/vorgaenge/"' in html


def test_the_navigation_marks_the_page_one_is_on():
    items = [SimpleNamespace(label=label, url="#", active=label == "B", count=0) for label in "AB"]
    html = frame(nav=render_to_string("_partials/nav.html", {"nav_items": items}))
    current = re.findall(r'aria-current="page">\s*<span>(\w)</span>', html)
    assert current == ["B", "B"]  # beside the page, and in the folded menu of narrow screens


def test_who_acts_for_others_reads_it_in_the_header():
    assert "i.&nbsp;V.</abbr><span> für Tom Meißner, Ines Krüger</span>" in frame(
        deputy_for=["Tom Meißner", "Ines Krüger"]
    )


# Rules for all templates


def offences(pattern: str) -> list[str]:
    return [
        f"{path.relative_to(TEMPLATES)}: {found}"
        for path in PAGES
        for found in re.findall(pattern, path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]


@pytest.mark.parametrize("pattern", [r"<style\b", r"\sstyle\s*=", r"<script(?![^>]*\ssrc=)", r"\son[a-z]+\s*=\s*[\"']"])
def test_no_page_holds_inline_style_or_script(pattern: str):
    assert offences(pattern) == []


def own_classes(template: str) -> set[str]:
    """The classes of ours that a template names in full; those put together from variables are left out."""
    plain = re.sub(r"\{%.*?%\}", " ", re.sub(r"\{\{.*?\}\}", "?", template))
    names = {name for value in re.findall(r'class="([^"]*)"', plain) for name in value.split()}
    return {name for name in names if name.startswith("krm-") and not name.endswith(("?", "--"))}


def test_every_class_of_ours_has_a_rule_in_a_style_sheet():
    folder = Path(settings.BASE_DIR, "static/krm")
    sheets = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.css"))
    used = {name for path in PAGES for name in own_classes(path.read_text(encoding="utf-8"))}
    assert sorted(used - set(re.findall(r"\.(krm-[\w-]+)", sheets))) == []


# In the browser


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_chosen_theme_survives_a_reload(page: Page, live_server: object):
    theme: Callable[[], str | None] = lambda: page.locator("html").get_attribute("data-kern-theme")  # noqa: E731
    page.goto(f"{live_server.url}/anmelden/")
    page.get_by_text("Ansicht").click()
    page.get_by_role("button", name="dunkel").click()
    assert theme() == "dark"
    page.reload()
    assert theme() == "dark"
    assert page.evaluate("Object.keys(localStorage)") == ["krm-darstellung"]
