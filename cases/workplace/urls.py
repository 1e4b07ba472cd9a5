"""URLs of workplace."""

from django.urls import URLPattern, path

from cases.workplace.views import case_page, documents, notes
from cases.workplace.views.list import case_list

urlpatterns: list[URLPattern] = [
    path("vorgaenge/<reference:reference>/", case_page.detail, name="detail"),
    path("vorgaenge/<reference:reference>/bearbeiten/", case_page.edit, name="edit"),
    path("vorgaenge/<reference:reference>/wortlaut/", case_page.wording, name="wording"),
    path("vorgaenge/<reference:reference>/vermerk/", notes.note, name="note"),
    path("vorgaenge/<reference:reference>/wiedervorlage/", notes.follow_up, name="follow_up"),
    path("wiedervorlagen/<int:pk>/erledigt/", notes.follow_up_done, name="follow_up_done"),
    path("vorgaenge/<reference:reference>/unterlagen/", documents.document_add, name="document_add"),
    path("unterlagen/<int:pk>/", documents.document, name="document"),
    path("vorgaenge/", case_list, name="list"),
]
