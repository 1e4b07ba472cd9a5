"""Collects the static files only when one of them has changed, so that a second start is quick."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def fingerprint() -> str:
    """Changes whenever a static file is added, removed, moved or written."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = (name, storage.path(name), storage.size(name), storage.get_modified_time(name))
            digest.update(repr(state).encode())
    return digest.hexdigest()


def collect_if_changed() -> bool:
    """Whether anything had to be collected."""
    mark = settings.STATIC_ROOT / ".collected"
    current = fingerprint()
    if mark.exists() and mark.read_text(encoding="ascii") == current:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(current, encoding="ascii")
    return True
