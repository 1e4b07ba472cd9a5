"""The one kind of error that people see."""

DRAFT_CHANGED = "Jemand anders hat diesen Entwurf inzwischen geändert. Bitte vergleichen Sie unten."


class NotAllowed(Exception):
    """Something is not possible now, or not for this person; `reason` is a German sentence for the page.

    `field` names what would have to be different, so that a form that has it shows the sentence there.
    """

    def __init__(self, reason: str, field: str | None = None):
        super().__init__(reason)
        self.reason = reason
        self.field = field


class ChangedMeanwhile(NotAllowed):
    """Somebody else saved the same record first; `differences` maps a field's label to (stored, submitted).

    `version` is the one the differences were read from: saving again on it overwrites nothing unseen.
    """

    def __init__(self, differences: dict[str, tuple[str, str]], version: int | None = None):
        super().__init__("Der Vorgang wurde inzwischen von jemand anderem geändert. Bitte vergleichen Sie die Angaben.")
        self.differences = differences
        self.version = version
