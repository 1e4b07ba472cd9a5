"""URLs of petitions and of the routes they go."""

from django.urls import URLPattern, path

from petitions.views import (
    checklist,
    competence,
    decision_options,
    dossier,
    outcome,
    petition,
    register,
    requests,
    routes,
    statement,
    stations,
)

app_name = "petitions"

urlpatterns: list[URLPattern] = [
    path("petitionen/", register.register, name="register"),
    # Who is competent
    path("petitionen/zustaendigkeit/", competence.competence, name="competence"),
    # What is checked in every Stellungnahme
    path("petitionen/pruefliste/", checklist.checklist_items, name="checklist_items"),
    path("petitionen/pruefliste/neu/", checklist.checklist_item_new, name="checklist_item_new"),
    path("petitionen/pruefliste/<int:pk>/", checklist.checklist_item, name="checklist_item"),
    # One petition
    path("petitionen/<reference:reference>/", petition.petition, name="petition"),
    path("petitionen/<reference:reference>/anlegen/", petition.open_new, name="open"),
    path("petitionen/<reference:reference>/bearbeiten/", petition.edit, name="edit"),
    path("petitionen/<reference:reference>/anforderung/", requests.add, name="request_new"),
    path("petitionen/<reference:reference>/entscheidung/", outcome.decision_new, name="decision_new"),
    path("petitionen/<reference:reference>/verzicht/", outcome.waiver, name="waiver"),
    # What is asked for
    path("petitionen/anforderungen/<int:pk>/", requests.request_page, name="request"),
    path("petitionen/anforderungen/<int:pk>/beginnen/", requests.start, name="start"),
    path("petitionen/anforderungen/<int:pk>/verlaengern/", requests.extend, name="extend"),
    path("petitionen/anforderungen/<int:pk>/beantworten/", requests.answer, name="answer"),
    path("petitionen/anforderungen/<int:pk>/ablehnen/", requests.refuse, name="refuse"),
    path("petitionen/anforderungen/<int:pk>/beenden/", requests.withdraw_page, name="withdraw"),
    path("petitionen/anforderungen/<int:pk>/neuer-plan/", requests.replan_page, name="replan"),
    path("petitionen/anforderungen/<int:pk>/wieder-oeffnen/", requests.reopen_page, name="reopen"),
    # Stations
    path("petitionen/stationen/<int:pk>/", stations.station, name="station"),
    path("petitionen/stationen/<int:pk>/empfang/", stations.receive, name="receive"),
    path("petitionen/stationen/<int:pk>/weitergeben/", stations.pass_on_page, name="pass_on"),
    path("petitionen/stationen/<int:pk>/zurueckgeben/", stations.give_back_page, name="give_back"),
    path("petitionen/stationen/<int:pk>/ueberspringen/", stations.skip_page, name="skip"),
    path("petitionen/stationen/<int:pk>/versenden/", stations.dispatch_page, name="dispatch"),
    path("petitionen/stationen/<int:pk>/anmerken/", stations.remark_page, name="remark"),
    path("petitionen/stationen/<int:pk>/unterlagen/<int:document>/", stations.document, name="document"),
    path("petitionen/hinweise/<int:pk>/gelesen/", stations.notice_read, name="notice_read"),
    # Decisions
    path("petitionen/entscheidungen/<int:pk>/bericht/", outcome.report, name="report"),
    path("petitionen/entscheidungen/<int:pk>/unterrichtet/", outcome.told, name="told"),
    # The Stellungnahme, its checklist, the file of it all
    path("petitionen/stationen/<int:pk>/stellungnahme/", statement.statement, name="statement"),
    path("petitionen/stationen/<int:pk>/stellungnahme/pdf/", statement.statement_paper, name="statement_paper"),
    path("petitionen/stationen/<int:pk>/pruefliste/", checklist.checklist, name="checklist"),
    path("petitionen/stationen/<int:pk>/dossier.pdf", dossier.dossier_at_station, name="station_dossier"),
    path("petitionen/<reference:reference>/dossier.pdf", dossier.dossier, name="dossier"),
    path("petitionen/<reference:reference>/verzicht.pdf", dossier.waiver_form, name="waiver_form"),
    # The routes they go
    path("berichtswege/", routes.routes, name="routes"),
    path("berichtswege/<int:pk>/", routes.route_set, name="route_set"),
    path("berichtswege/<int:pk>/neue-fassung/", routes.route_set_new, name="route_set_new"),
    path("berichtswege/stelle/<str:body>/", routes.representatives, name="representatives"),
    path("berichtswege/entscheidungen/", decision_options.decision_options, name="decision_options"),
]
