"""URLs of signing."""

from django.urls import URLPattern, path

from cases.signing import views

urlpatterns: list[URLPattern] = [
    path("schreiben/<int:pk>/zur-zeichnung/", views.letter_submit, name="letter_submit"),
    path("schreiben/<int:pk>/mitzeichnen/", views.letter_co_sign, name="letter_co_sign"),
    path("schreiben/<int:pk>/zeichnen/", views.letter_sign, name="letter_sign"),
    path("schreiben/<int:pk>/zurueckgeben/", views.letter_return, name="letter_return"),
    path("zeichnen/", views.sign_desk, name="sign_desk"),
]
