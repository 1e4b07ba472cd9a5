"""URLs of transfers."""

from django.urls import URLPattern, path

from cases.transfers.views import desk, on_the_spot, transfer

urlpatterns: list[URLPattern] = [
    path("kein-krm/", desk.transfers, name="transfers"),
    path("kein-krm/neu/", desk.transfer_new, name="transfer_new"),
    path("kein-krm/<reference:reference>/", transfer.transfer, name="transfer"),
    path("kein-krm/<reference:reference>/bearbeiten/", transfer.transfer_edit, name="transfer_edit"),
    path("kein-krm/<reference:reference>/wortlaut/", transfer.transfer_wording, name="transfer_wording"),
    path("kein-krm/<reference:reference>/abgeben/", transfer.transfer_hand_over, name="transfer_hand_over"),
    path("kein-krm/<reference:reference>/empfaenger/", transfer.transfer_receiver, name="transfer_receiver"),
    path("kein-krm/<reference:reference>/beleg.pdf", transfer.transfer_receipt, name="transfer_receipt"),
    path("kein-krm/<reference:reference>/abgabenachricht/", transfer.transfer_letter, name="transfer_letter"),
    path("kein-krm/<reference:reference>/antwort/", transfer.transfer_answer, name="transfer_answer"),
    path("kein-krm/<reference:reference>/beteiligen/", transfer.transfer_ask, name="transfer_ask"),
    path(
        "kein-krm/<reference:reference>/beteiligt/<int:pk>/",
        transfer.transfer_asked_done,
        name="transfer_asked_done",
    ),
    path("kein-krm/<reference:reference>/betroffene/", transfer.transfer_employees, name="transfer_employees"),
    path(
        "kein-krm/<reference:reference>/betroffene/<int:pk>/entfernen/",
        transfer.transfer_employee_remove,
        name="transfer_employee_remove",
    ),
    path("vor-ort-erledigt/", on_the_spot.on_the_spot, name="on_the_spot"),
]
