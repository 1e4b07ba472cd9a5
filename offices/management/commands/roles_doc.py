"""Writes docs/rollen.md, the Rollen- und Berechtigungskonzept, from the live table of roles (B4-12)."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from offices.roles import APART, ROLES, SCOPE_LABELS, Permission, Role, Visibility, reach
from offices.rules.describing import VISIBILITY_WORDS

TARGET = Path("docs") / "rollen.md"

HEAD = """# Rollen und Befugnisse

Diese Seite wird mit `python manage.py roles_doc` aus `offices/roles.py` erzeugt, der Tabelle, nach der die Anwendung
entscheidet. Die Seite „Rollen“ in der Anwendung zeigt dieselbe Tabelle.
"""

CONTRIBUTING = """## Wer nur beiträgt

Wer einen Vorgang nach dieser Tabelle nicht oder nur zugewiesen sieht, sieht davon, solange ein Auftrag offen ist oder
der Vorgang bei ihr oder ihm liegt: die Kundenreaktion mit Art und Eingang, die Frage und den eigenen Teil
(Stellungnahme, Schreiben zur Zeichnung, eigene Unterlagen und Vermerke). Wer die Sache mit der Person klärt
(Bearbeitung, Verfügung, Stufe der Leiter), sieht dazu, wer geschrieben hat und wie die Person zu erreichen ist, die
Eingangsunterlagen und die eigenen Fristen; wer Schreiben entwirft, auch die laufende Antwort. Verlauf, andere
Stellungnahmen, Vermerke und Unterlagen, betroffene Beschäftigte: nein. Mit dem Auftrag endet der Zugriff.
"""

PROCESS = f"""## Vergeben, ändern, entziehen

* Eine Rolle hat eine Person von einem Tag bis zu einem Tag, in der ganzen Dienststelle oder in einer Einheit und allem
  darunter. Sie wird beendet, nie gelöscht. Vergeben und beenden darf die technische Administration, aber nicht die
  eigenen.
* {APART}
* Vertretung: Wer vertritt, hat an den eingetragenen Tagen die Befugnisse der abwesenden Person und handelt sichtbar
  „i. V.“. Jede Person trägt die eigene Vertretung ein; für andere tun es KRM, Geschäftsführung und Administration, aber
  niemand setzt sich selbst ein. Vertreten kann nur, wer derselben Dienststelle angehört.
* Geschützte Vorgänge sieht nur, wer namentlich benannt ist. Wer Gegenstand einer Beschwerde ist, sieht sie nie.
* Die offene Arbeit einer Person stellt KRM nur zusammen, wenn ihre Rolle dort endet (90 Tage vor bis 90 Tage nach dem
  letzten Tag, ohne weitere Rolle auch danach) oder wenn KRM oder Geschäftsführung einen Grund angeben: Ihn erfährt die
  Person sofort per E-Mail, er steht im Protokoll, und die Liste ist 14 Tage offen. Sie nennt Vorgänge zum Abarbeiten,
  soweit man sie sieht, und keine Zahlen. Wer keine E-Mail-Adresse hat, würde nichts erfahren; dann bleibt sie zu.
* Setzt die Administration ein Passwort zurück, enden auch die Anmeldungen und die geheime Kalenderadresse der Person.
  Ändert die Person ihr Passwort selbst, bleibt die Adresse: Sie ist ein eigenes Geheimnis und wird eigens widerrufen.
* Niemand entscheidet über die eigene Führungskraft oder wen man vertritt, auch nicht in Vertretung: Mitzeichnung,
  Freigabe und Abstimmung gehen an jemand anderen.
* Jede dieser Änderungen steht im Protokoll der Dienststelle; es nennt Personen nur mit ihrer Nummer.
"""


def document() -> str:
    """The whole document as Markdown."""
    return "\n".join([HEAD, *_roles(), *_permissions(), *_reaches(), CONTRIBUTING, PROCESS])


def _roles() -> Iterator[str]:
    yield "## Die Rollen\n"
    yield _row("Rolle", "Kennung", "Aufgabe")
    yield _row("---", "---", "---")
    for role, entry in ROLES.items():
        yield _row(entry.label, f"`{role}`", entry.duty)
    yield ""


def _permissions() -> Iterator[str]:
    yield "## Wer was darf\n"
    yield _row("Befugnis", *(role.label for role in Role))
    yield _row("---", *("---" for _ in Role))
    for permission in Permission:
        yield _row(permission.label, *("ja" if permission in ROLES[role].permissions else "–" for role in Role))
    yield ""


def _reaches() -> Iterator[str]:
    yield "## Welche Vorgänge eine Rolle sieht (K18)\n"
    yield "Das Regelwerk jeder Dienststelle legt eine der drei Spalten fest; ohne geltendes Regelwerk die engste.\n"
    yield _row("Rolle", *(VISIBILITY_WORDS[visibility] for visibility in Visibility))
    yield _row("---", *("---" for _ in Visibility))
    for role in Role:
        yield _row(role.label, *(SCOPE_LABELS[reach(role, visibility)] for visibility in Visibility))
    yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


class Command(BaseCommand):
    help = "Schreibt docs/rollen.md aus der Tabelle der Rollen."

    def handle(self, *args, **options):
        (settings.BASE_DIR / TARGET).write_text(document(), encoding="utf-8")
        self.stdout.write(f"{TARGET} ist geschrieben.")
