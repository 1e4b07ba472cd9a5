"""docs/rollen.md says what the application does."""

from django.conf import settings

from offices.management.commands.roles_doc import TARGET, document


def test_the_document_of_the_roles_is_up_to_date_b4_12():
    assert (settings.BASE_DIR / TARGET).read_text(encoding="utf-8") == document()
