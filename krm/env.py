"""Typed reading of environment variables that refuses nonsense with a sentence saying what would be right."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on", "ja"}
NO = {"0", "false", "no", "off", "nein"}


def text(name: str, default: str = "") -> str:
    """Value without surrounding blanks; an empty variable counts as not set."""
    return os.environ.get(name, "").strip() or default


def secret(name: str) -> str:
    """Value of NAME, or the content of the file that NAME_FILE points to; empty if neither is set.

    Raises ImproperlyConfigured if both are set, or if the file cannot be read or is empty.
    """
    direct, file = text(name), text(f"{name}_FILE")
    if direct and file:
        raise ImproperlyConfigured(f"Bitte nur eines setzen: {name} oder {name}_FILE.")
    if not file:
        return direct
    try:
        content = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE={file} ist nicht lesbar: {error}.") from error
    if not content:
        raise ImproperlyConfigured(f"{name}_FILE={file} ist leer.")
    return content


def flag(name: str, *, default: bool) -> bool:
    """Yes or no. Raises ImproperlyConfigured for anything that is neither."""
    value = text(name).lower()
    if not value:
        return default
    if value in YES | NO:
        return value in YES
    raise ImproperlyConfigured(f"{name}={value} ist weder ja noch nein. Erlaubt sind 1/true/ja und 0/false/nein.")


def number(name: str, *, default: int, least: int = 0, most: int = 2**31 - 1) -> int:
    """Whole number from `least` to `most`, both included. Raises ImproperlyConfigured otherwise."""
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name}={value} ist keine ganze Zahl von {least} bis {most}.")
    return int(value)


def choice(name: str, allowed: tuple[str, ...], *, default: str) -> str:
    """One of the allowed words. Raises ImproperlyConfigured for any other."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value} gibt es nicht. Erlaubt: {', '.join(allowed)}.")
    return value


def words(name: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """Comma-separated list without blanks and empty parts."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def address(name: str, schemes: tuple[str, ...]) -> str:
    """URL with one of the schemes, empty if not set; may come from NAME_FILE since it can hold a password.

    Raises ImproperlyConfigured for another scheme, without repeating the value.
    """
    value = secret(name)
    if value and value.partition("://")[0] not in schemes:
        raise ImproperlyConfigured(f"{name} muss mit {' oder '.join(f'{scheme}://' for scheme in schemes)} beginnen.")
    return value


def folder(name: str, *, default: Path) -> Path:
    """Absolute path of a folder that need not exist yet. Raises ImproperlyConfigured if it is a file."""
    path = Path(text(name, str(default))).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(f"{name}={path} ist kein Ordner.")
    return path
