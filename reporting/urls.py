"""URLs of figures and reports."""

from django.urls import URLPattern, path

from reporting.views import beside, dashboard, reports

app_name = "reporting"

urlpatterns: list[URLPattern] = [
    path("auswertung/", dashboard.dashboard, name="dashboard"),
    path("auswertung/haeuser/", dashboard.houses, name="houses"),
    path("auswertung/zahl/", dashboard.number, name="number"),
    path("auswertung/kennzahlen/", dashboard.definitions, name="definitions"),
    # Reports
    path("auswertung/berichte/", reports.reports, name="reports"),
    path("auswertung/berichte/neu/", reports.report_new, name="report_new"),
    path("auswertung/berichte/<int:pk>/", reports.report, name="report"),
    path("auswertung/berichte/<int:pk>/texte/", reports.report_texts, name="report_texts"),
    path("auswertung/berichte/<int:pk>/zaehlen/", reports.report_count, name="report_count"),
    path("auswertung/berichte/<int:pk>/abbrechen/", reports.report_stop, name="report_stop"),
    path("auswertung/berichte/<int:pk>/vorlegen/", reports.report_present, name="report_present"),
    path("auswertung/berichte/<int:pk>/zurueckgeben/", reports.report_return, name="report_return"),
    path("auswertung/berichte/<int:pk>/freigeben/", reports.report_approve, name="report_approve"),
    path("auswertung/berichte/<int:pk>/abgegeben/", reports.report_sent, name="report_sent"),
    path("auswertung/berichte/<int:pk>/termin/", reports.report_due, name="report_due"),
    path("auswertung/berichte/<int:pk>/verwerfen/", reports.report_discard, name="report_discard"),
    path("auswertung/berichte/<int:pk>/bericht.pdf", reports.report_pdf_file, name="report_pdf"),
    path("auswertung/berichte/<int:pk>/bericht.xlsx", reports.report_xlsx_file, name="report_xlsx"),
    # Beside the figures
    path("auswertung/befragung/", beside.surveys, name="surveys"),
    path("auswertung/befragung/eintragen/", beside.survey_new, name="survey_new"),
    path("auswertung/befragung/uebernehmen/", beside.survey_import, name="survey_import"),
    path("auswertung/befragung/haushalte/", beside.households_new, name="households_new"),
    path("auswertung/massnahmen/", beside.measures, name="measures"),
    path("auswertung/massnahmen/neu/", beside.measure_new, name="measure_new"),
    path("auswertung/massnahmen/<int:pk>/", beside.measure, name="measure"),
    path("auswertung/entlastung/", beside.relief, name="relief"),
]
