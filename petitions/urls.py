"""URLs of petitions and of the routes they go."""

from django.urls import URLPattern, path

from petitions.views import checklist, dossier, statement

app_name = "petitions"

urlpatterns: list[URLPattern] = [
    # The Stellungnahme, its checklist, the file
    path("petitionen/pruefliste/", checklist.checklist_items, name="checklist_items"),
    path("petitionen/pruefliste/neu/", checklist.checklist_item_new, name="checklist_item_new"),
    path("petitionen/pruefliste/<int:pk>/", checklist.checklist_item, name="checklist_item"),
    path("petitionen/station/<int:pk>/stellungnahme/", statement.statement, name="statement"),
    path("petitionen/station/<int:pk>/stellungnahme/pdf/", statement.statement_paper, name="statement_paper"),
    path("petitionen/station/<int:pk>/pruefliste/", checklist.checklist, name="checklist"),
    path("petitionen/station/<int:pk>/dossier.pdf", dossier.dossier_at_station, name="station_dossier"),
    path("petitionen/<reference:reference>/dossier.pdf", dossier.dossier, name="dossier"),
    path("petitionen/<reference:reference>/verzicht.pdf", dossier.waiver_form, name="waiver_form"),
]
