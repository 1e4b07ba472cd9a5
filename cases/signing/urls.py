"""URLs of signing."""

from django.urls import URLPattern, path

from cases.signing import views as signing

urlpatterns: list[URLPattern] = [
    path("schreiben/<int:pk>/zur-zeichnung/", signing.letter_submit, name="letter_submit"),
    path("schreiben/<int:pk>/mitzeichnen/", signing.letter_co_sign, name="letter_co_sign"),
    path("schreiben/<int:pk>/zeichnen/", signing.letter_sign, name="letter_sign"),
    path("schreiben/<int:pk>/zurueckgeben/", signing.letter_return, name="letter_return"),
    path("zeichnen/", signing.sign_desk, name="sign_desk"),
]
