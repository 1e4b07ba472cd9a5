"""URLs of letters."""

from django.urls import URLPattern, path

from cases.letters.views import blocks as text_blocks
from cases.letters.views import writing as letters

urlpatterns: list[URLPattern] = [
    path("vorgaenge/<reference:reference>/schreiben/<str:kind>/", letters.letter_draft, name="letter_draft"),
    path("schreiben/<int:pk>/", letters.letter, name="letter"),
    path("schreiben/<int:pk>/pdf/", letters.letter_file, name="letter_pdf"),
    path("schreiben/<int:pk>/ansicht/", letters.letter_preview, name="letter_preview"),
    path("schreiben/<int:pk>/baustein/", letters.letter_block, name="letter_block"),
    path("schreiben/<int:pk>/stellungnahme/<int:statement>/", letters.letter_statement, name="letter_statement"),
    path("schreiben/<int:pk>/ausfertigen/", letters.letter_issue, name="letter_issue"),
    path("schreiben/<int:pk>/versand/", letters.letter_dispatch, name="letter_dispatch"),
    path("schreiben/<int:pk>/zurueck/", letters.letter_withdraw, name="letter_withdraw"),
    path("schreiben/<int:pk>/verwerfen/", letters.letter_discard, name="letter_discard"),
    path("textbausteine/", text_blocks.text_blocks, name="text_blocks"),
    path("textbausteine/neu/", text_blocks.text_block_new, name="text_block_new"),
    path("textbausteine/<int:pk>/", text_blocks.text_block, name="text_block"),
]
