"""URLs of transfers."""

from django.urls import URLPattern, path

from cases.transfers.views import desk as transfers
from cases.transfers.views import on_the_spot
from cases.transfers.views import transfer as handing_over

urlpatterns: list[URLPattern] = [
    path("kein-krm/", transfers.transfers, name="transfers"),
    path("kein-krm/neu/", transfers.transfer_new, name="transfer_new"),
    path("kein-krm/<reference:reference>/", handing_over.transfer, name="transfer"),
    path("kein-krm/<reference:reference>/bearbeiten/", handing_over.transfer_edit, name="transfer_edit"),
    path("kein-krm/<reference:reference>/wortlaut/", handing_over.transfer_wording, name="transfer_wording"),
    path("kein-krm/<reference:reference>/abgeben/", handing_over.transfer_hand_over, name="transfer_hand_over"),
    path("kein-krm/<reference:reference>/empfaenger/", handing_over.transfer_receiver, name="transfer_receiver"),
    path("kein-krm/<reference:reference>/beleg.pdf", handing_over.transfer_receipt, name="transfer_receipt"),
    path("kein-krm/<reference:reference>/abgabenachricht/", handing_over.transfer_letter, name="transfer_letter"),
    path("kein-krm/<reference:reference>/antwort/", handing_over.transfer_answer, name="transfer_answer"),
    path("kein-krm/<reference:reference>/beteiligen/", handing_over.transfer_ask, name="transfer_ask"),
    path(
        "kein-krm/<reference:reference>/beteiligt/<int:pk>/",
        handing_over.transfer_asked_done,
        name="transfer_asked_done",
    ),
    path("kein-krm/<reference:reference>/betroffene/", handing_over.transfer_employees, name="transfer_employees"),
    path(
        "kein-krm/<reference:reference>/betroffene/<int:pk>/entfernen/",
        handing_over.transfer_employee_remove,
        name="transfer_employee_remove",
    ),
    path("vor-ort-erledigt/", on_the_spot.on_the_spot, name="on_the_spot"),
]
