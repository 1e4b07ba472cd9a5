"""URLs of letters."""

from django.urls import URLPattern, path

from cases.letters.views import blocks, writing

urlpatterns: list[URLPattern] = [
    path("vorgaenge/<reference:reference>/schreiben/<str:kind>/", writing.letter_draft, name="letter_draft"),
    path("schreiben/<int:pk>/", writing.letter, name="letter"),
    path("schreiben/<int:pk>/pdf/", writing.letter_file, name="letter_pdf"),
    path("schreiben/<int:pk>/ansicht/", writing.letter_preview, name="letter_preview"),
    path("schreiben/<int:pk>/baustein/", writing.letter_block, name="letter_block"),
    path("schreiben/<int:pk>/stellungnahme/<int:statement>/", writing.letter_statement, name="letter_statement"),
    path("schreiben/<int:pk>/ausfertigen/", writing.letter_issue, name="letter_issue"),
    path("schreiben/<int:pk>/versand/", writing.letter_dispatch, name="letter_dispatch"),
    path("schreiben/<int:pk>/zurueck/", writing.letter_withdraw, name="letter_withdraw"),
    path("schreiben/<int:pk>/verwerfen/", writing.letter_discard, name="letter_discard"),
    path("textbausteine/", blocks.text_blocks, name="text_blocks"),
    path("textbausteine/neu/", blocks.text_block_new, name="text_block_new"),
    path("textbausteine/<int:pk>/", blocks.text_block, name="text_block"),
]
