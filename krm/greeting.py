"""What `manage.py start` says when KRM answers: where it is, and who may try it."""

from krm.demo.house import PASSWORD, logins
from krm.demo.petitions import traeger_logins
from offices.models import User


def greeting(address: str) -> str:
    """The address, and the demo logins that exist with their roles; none are named in a real house."""
    return f"\nKRM läuft: {address}\n{demo_logins()}\nBeenden mit Strg-C.\n"


def demo_logins() -> str:
    """The logins of one demo office with their roles; those of the others differ in the first part only."""
    present = set(User.objects.filter(is_active=True).values_list("username", flat=True))
    people = [(*login.split("."), role, office) for login, role, office in logins() if login in present]
    if not people:
        return ""
    offices = {slug: name for slug, _, _, name in people}
    first = people[0][0]
    lines = [
        f"\nAnmelden zum Ausprobieren, Passwort immer {PASSWORD}:\n",
        *(f"  {slug}.{part:<22} {role}" for slug, part, role, _ in people if slug == first),
        f"\nDas ist {offices.pop(first)}. Ebenso, mit anderem ersten Teil:\n",
        *(f"  {slug + '.…':<{len(first) + 24}} {name}" for slug, name in offices.items()),
    ]
    if traeger := [login for login, *_ in traeger_logins() if login in present]:
        lines.append(f"\nDie beiden Träger, die gemeinsam autorisieren: {', '.join(traeger)}")
    return "\n".join(lines) + "\n"
