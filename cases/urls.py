"""URLs of cases, grouped by what somebody is doing."""

from django.urls import URLPattern, path

from cases.views import (
    case,
    closing,
    days,
    deadlines,
    documents,
    handing_over,
    letters,
    notes,
    on_the_spot,
    transfers,
    working,
)
from cases.views.list import case_list
from cases.views.log import log

app_name = "cases"

urlpatterns: list[URLPattern] = [
    # Registering
    # Kein KRM
    path("kein-krm/", transfers.transfers, name="transfers"),
    path("kein-krm/neu/", transfers.transfer_new, name="transfer_new"),
    path("kein-krm/<str:reference>/", handing_over.transfer, name="transfer"),
    path("kein-krm/<str:reference>/abgeben/", handing_over.transfer_hand_over, name="transfer_hand_over"),
    path("kein-krm/<str:reference>/beleg.pdf", handing_over.transfer_receipt, name="transfer_receipt"),
    path("kein-krm/<str:reference>/abgabenachricht/", handing_over.transfer_letter, name="transfer_letter"),
    path("vor-ort-erledigt/", on_the_spot.on_the_spot, name="on_the_spot"),
    # One case
    path("vorgaenge/<str:reference>/", case.detail, name="detail"),
    path("vorgaenge/<str:reference>/bearbeiten/", case.edit, name="edit"),
    path("vorgaenge/<str:reference>/uebernehmen/", working.accept, name="accept"),
    path("vorgaenge/<str:reference>/uebergeben/", working.hand_to_unit, name="hand_to_unit"),
    path("vorgaenge/<str:reference>/zurueckgeben/", working.return_to_krm, name="return_to_krm"),
    path("vorgaenge/<str:reference>/zuweisen/", working.assign_handler, name="assign"),
    path("vorgaenge/<str:reference>/zugriff/", working.single_access, name="access"),
    path("vorgaenge/<str:reference>/zugriff/<int:pk>/entziehen/", working.withdraw, name="access_withdraw"),
    path("vorgaenge/<str:reference>/schuetzen/", working.seal, name="seal"),
    path("vorgaenge/<str:reference>/vermerk/", notes.note, name="note"),
    path("vorgaenge/<str:reference>/wiedervorlage/", notes.follow_up, name="follow_up"),
    path("wiedervorlagen/<int:pk>/erledigt/", notes.follow_up_done, name="follow_up_done"),
    path("vorgaenge/<str:reference>/unterlagen/", documents.document_add, name="document_add"),
    path("unterlagen/<int:pk>/", documents.document, name="document"),
    # Letters and closing
    path("vorgaenge/<str:reference>/schreiben/<str:kind>/", letters.letter_draft, name="letter_draft"),
    path("schreiben/<int:pk>/", letters.letter, name="letter"),
    path("schreiben/<int:pk>/pdf/", letters.letter_file, name="letter_pdf"),
    path("schreiben/<int:pk>/ansicht/", letters.letter_preview, name="letter_preview"),
    path("schreiben/<int:pk>/ausfertigen/", letters.letter_issue, name="letter_issue"),
    path("schreiben/<int:pk>/versand/", letters.letter_dispatch, name="letter_dispatch"),
    path("schreiben/<int:pk>/zurueck/", letters.letter_withdraw, name="letter_withdraw"),
    path("schreiben/<int:pk>/verwerfen/", letters.letter_discard, name="letter_discard"),
    path("vorgaenge/<str:reference>/antwort/", closing.answer, name="answer"),
    path("vorgaenge/<str:reference>/abschliessen/", closing.close, name="close"),
    path("vorgaenge/<str:reference>/wieder-aufnehmen/", closing.reopen, name="reopen"),
    # Deadlines
    path("fristen/<int:pk>/verlaengern/", deadlines.extend, name="deadline_extend"),
    path("vorgaenge/<str:reference>/ruhen/", deadlines.pause, name="case_pause"),
    path("vorgaenge/<str:reference>/fortsetzen/", deadlines.resume, name="case_resume"),
    # Finding one's work
    path("vorgaenge/", case_list, name="list"),
    path("protokoll/", log, name="log"),
    # Calendar and house
    path("kalender/", days.days, name="days"),
    path("kalender/neu/", days.day_new, name="day_new"),
    path("kalender/<int:pk>/entfernen/", days.day_remove, name="day_remove"),
]
