"""The parts that have to work, each a check of django-health-check: it raises what is wrong, in a German sentence.

What each part means and what to do when it is red stands in docs/betrieb.md in the same words.
"""

import logging
import os
import shutil
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from django.apps import apps
from django.conf import settings
from django.db import Error
from django.db.models import FileField
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from health_check.base import HealthCheck
from health_check.checks import Database as DatabaseCheck
from health_check.exceptions import HealthCheckException, ServiceUnavailable, ServiceWarning
from redis import Redis, RedisError

from cases.outbox.actions.sending import FAILING, RAN
from cases.outbox.reading import (
    TROUBLE,
    last_beat,
    last_beat_of_workers,
    mail_queue,
    offices_with_unreached,
    offices_without_rules,
    tasks_open,
    workers_since,
)
from offices.workdays import LAST_YEAR

log = logging.getLogger(__name__)
STARTED = time.monotonic()
GRACE = timedelta(minutes=3)  # after the start of the process, in which nothing had to have run yet
PATIENCE_SECONDS = 2.0  # with the broker
YEARS_AHEAD = 2  # a retention or a petition may end then
MEGABYTE = 1024 * 1024


@dataclass
class Part(HealthCheck):
    """One part at one moment. `figures` are whole numbers for whoever watches over time; never a name.

    After `run` without an error `sentence` says that it works and how well. `up_for`: how long KRM has been running;
    by default long enough for everything to have run.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    meaning: ClassVar[str]
    remedy: ClassVar[str]

    now: datetime = field(default_factory=timezone.now)
    up_for: timedelta = timedelta.max
    sentence: str = ""
    figures: dict[str, int] = field(default_factory=dict)

    def pretty_status(self) -> str:
        return self.sentence


class Database(Part):
    name = "database"
    label = "Datenbank"
    meaning = "Dort steht alles, was KRM weiß; ohne sie geht keine Seite."
    remedy = (
        "Läuft der Datenbankserver, stimmen DATABASE_URL und Passwort, ist seine Platte voll? Eingebettet: Ist "
        "KRM_DATA_DIR da und beschreibbar? KRM verbindet sich von selbst wieder."
    )

    def run(self) -> None:
        began = time.monotonic()
        try:
            DatabaseCheck().run()
        except HealthCheckException as error:
            raise ServiceUnavailable("Die Datenbank antwortet nicht.") from error
        self.figures = {"milliseconds": round((time.monotonic() - began) * 1000)}
        self.sentence = "Die Datenbank antwortet."


class Broker(Part):
    name = "broker"
    label = "Broker"
    meaning = (
        "Redis reicht die Aufträge des Takts an die Worker weiter. Ohne ihn gehen alle Seiten, aber niemand wird "
        "erinnert und keine E-Mail versandt."
    )
    remedy = "Redis starten, REDIS_URL prüfen. Verloren geht nichts: Was fällig ist, steht in der Datenbank."

    def run(self) -> None:
        if not settings.SERVED:
            self.sentence = "Nicht nötig: In dieser Betriebsart arbeitet KRM ohne Broker."
            return
        began = time.monotonic()
        limits = {"socket_connect_timeout": PATIENCE_SECONDS, "socket_timeout": PATIENCE_SECONDS}
        try:
            with Redis.from_url(settings.REDIS_URL, **limits) as broker:
                broker.ping()
        except RedisError as error:
            raise ServiceUnavailable("Der Broker antwortet nicht.") from error
        self.figures = {"milliseconds": round((time.monotonic() - began) * 1000)}
        self.sentence = "Der Broker antwortet."


class SignOfLife(Part):
    """A part that notes when it last did its round; red when that is too long ago."""

    beat: ClassVar[str]
    silent_after: ClassVar[timedelta]

    def last(self) -> datetime | None:
        return last_beat(self.beat)

    def run(self) -> None:
        last = self.last()
        if last is None or self.now - last > self.silent_after:
            said = f"zuletzt vor {in_words(self.now - last)}" if last else "noch nie"
            if last:
                self.figures = {"seconds": seconds(self.now - last)}
            if self.up_for < GRACE:
                raise ServiceWarning(f"Wartet auf das erste Lebenszeichen seit dem Start von KRM ({said}).")
            raise ServiceUnavailable(f"Kein Lebenszeichen: {said}.")
        self.figures = {"seconds": seconds(self.now - last)}
        self.sentence = f"Zuletzt vor {in_words(self.now - last)}."


class Worker(SignOfLife):
    name = "worker"
    label = "Hintergrundarbeit"
    meaning = (
        "Jede halbe Minute gibt der Takt einen Auftrag aus, den ein Worker als Lebenszeichen vermerkt: So arbeiten "
        "Takt, Broker und mindestens ein Worker nachweislich zusammen."
    )
    remedy = (
        "Erst den Broker prüfen. Dann „celery beat“ und „celery worker“ neu starten (eingebettet: KRM neu starten); "
        "ihr Protokoll nennt den Grund."
    )
    silent_after = timedelta(minutes=5)

    def last(self) -> datetime | None:
        return last_beat_of_workers()

    def run(self) -> None:
        super().run()
        self.figures["workers"] = workers_since(self.now - self.silent_after)


class Sweep(SignOfLife):
    name = "sweep"
    label = "Fristenlauf"
    meaning = "Jede Minute sieht KRM nach, welche Frist eine Erinnerung braucht."
    remedy = (
        "Ist die Hintergrundarbeit rot, dort beginnen. Sonst steht im Protokoll ein Fehler der Aufgabe "
        "cases.tasks.watch_deadlines; „manage.py sweep --dry-run“ zeigt ihn. Der nächste Lauf holt alles nach. "
        "„Achtung“ heißt: Alles läuft, nur einzelne Fristen oder Personen nicht; das Protokoll nennt ihre Nummern. "
        "Fehlt jemand Zuständiges, trägt die Administration der Dienststelle unter „Personen“ eine Rolle ein."
    )
    beat = "sweep"
    silent_after = timedelta(minutes=15)

    def run(self) -> None:
        super().run()
        if last_beat(self.beat + TROUBLE):
            raise ServiceWarning(
                "Läuft, doch einzelne Fristen oder Personen machten im letzten Lauf Schwierigkeiten; "
                "das Protokoll nennt ihre Nummern."
            )
        if unreached := offices_with_unreached():
            self.figures["offices_with_unreached"] = unreached
            raise ServiceWarning(
                "Läuft, doch von einzelnen Fristen lässt sich niemand unterrichten, weil niemand zuständig oder da "
                "ist; das Protokoll nennt ihre Nummern."
            )


class Mails(SignOfLife):
    name = "mail"
    label = "E-Mails"
    meaning = "Erinnerungen warten in einer Schlange, bis der Mailserver sie annimmt."
    remedy = (
        "Nimmt der Mailserver an (EMAIL_HOST, EMAIL_PORT, Anmeldung, TLS)? Die Seite „Technik“ nennt zu jeder E-Mail "
        "den letzten Fehler. KRM versucht es in wachsenden Abständen weiter; „Jetzt versuchen“ wartet nicht so lange. "
        "Abgewiesene Adressen unter „Personen“ berichtigen, dann erneut versuchen."
    )
    beat = RAN
    silent_after = timedelta(minutes=15)
    LATE = timedelta(minutes=15)

    def run(self) -> None:
        queue, tasks = mail_queue(self.now), tasks_open().count()
        failing_since = last_beat(FAILING)
        outage = self.now - failing_since if failing_since else timedelta(0)
        figures = {
            "waiting": queue.waiting,
            "delayed": queue.delayed,
            "refused": queue.refused,
            "late_seconds": seconds(queue.late),
            "outage_seconds": seconds(outage),
            "open_tasks": tasks,
        }
        try:
            super().run()
        finally:
            self.figures = figures
        if queue.late > self.LATE:
            raise ServiceUnavailable(f"Eine E-Mail ist seit {in_words(queue.late)} fällig, und niemand versendet sie.")
        if failing_since:
            is_long = seconds(outage) >= settings.MAIL_ALARM_SECONDS
            sentence = f"Der Mailserver nimmt seit {in_words(outage)} nichts an; {mails(queue.waiting)}."
            raise (ServiceUnavailable if is_long else ServiceWarning)(sentence)
        if queue.delayed:
            raise ServiceWarning(f"Verzögert: {mails(queue.waiting)}, {queue.delayed} davon schon vergeblich versucht.")
        if tasks:
            word = "ist eine Aufgabe" if tasks == 1 else f"sind {tasks} Aufgaben"
            raise ServiceWarning(f"Für die technische Administration {word} offen, siehe Seite „Technik“.")
        self.sentence = f"Der Versand läuft; {mails(queue.waiting)}."


class Rules(Part):
    name = "rules"
    label = "Regelwerke"
    meaning = "Ohne geltendes Regelwerk kann eine Dienststelle nichts erfassen."
    remedy = "Die KRM-Beauftragten der Dienststelle legen unter „Regelwerke“ eine neue Fassung an."

    def run(self) -> None:
        count = offices_without_rules(timezone.localdate(self.now)).count()
        self.figures = {"offices": count}
        if count:
            word = "eine Dienststelle" if count == 1 else f"{count} Dienststellen"
            raise ServiceWarning(f"Für {word} ist heute kein Regelwerk in Kraft.")
        self.sentence = "In jeder Dienststelle ist ein Regelwerk in Kraft."


class Holidays(Part):
    name = "holidays"
    label = "Feiertage"
    meaning = "Fristen rechnen mit den Feiertagen der Länder, die mit KRM kommen."
    remedy = "KRM aktualisieren: Die Feiertage künftiger Jahre kommen mit neuen Fassungen des Pakets holidays."
    last_year: ClassVar[int] = LAST_YEAR

    def run(self) -> None:
        year = timezone.localdate(self.now).year
        self.figures = {"last_year": self.last_year}
        if self.last_year <= year:
            raise ServiceUnavailable(f"Die Feiertage sind nur bis {self.last_year} bekannt.")
        if self.last_year < year + YEARS_AHEAD:
            raise ServiceWarning(f"Die Feiertage sind nur noch bis {self.last_year} bekannt.")
        self.sentence = f"Die Feiertage sind bis {self.last_year} bekannt."


class Disk(Part):
    name = "disk"
    label = "Speicherplatz"
    meaning = "Unterlagen und, eingebettet, die Datenbank liegen in KRM_DATA_DIR."
    remedy = (
        "Platz schaffen oder die Platte vergrößern, bevor nichts mehr gespeichert werden kann; Sicherungen gehören an "
        "einen anderen Ort. Aus documents/ nie etwas löschen."
    )
    SCARCE, GONE = 2_000 * MEGABYTE, 500 * MEGABYTE

    def run(self) -> None:
        places = (place for place in (settings.DATA_DIR, settings.MEDIA_ROOT) if Path(place).exists())
        room = min((shutil.disk_usage(place) for place in places), key=lambda usage: usage.free)
        percent = room.free * 100 // room.total
        self.figures = {"free_bytes": room.free, "free_percent": percent}
        sentence = f"{filesizeformat(room.free)} sind frei ({percent} %)."
        if room.free < self.GONE:
            raise ServiceUnavailable(f"Fast voll: {sentence}")
        if room.free < self.SCARCE:
            raise ServiceWarning(f"Knapp: {sentence}")
        self.sentence = sentence


class Files(Part):
    """Looks at all names, so a process looks every quarter of an hour and says the same in between."""

    name = "files"
    label = "Dateien"
    meaning = (
        "Zu jeder Unterlage in der Datenbank gehört eine Datei in documents/ und umgekehrt. Was jünger ist als eine "
        "Stunde, zählt nicht: Es wird vielleicht gerade abgelegt."
    )
    remedy = (
        "Fehlende Dateien aus der letzten Sicherung an dieselbe Stelle in documents/ zurücklegen. Dateien ohne Eintrag "
        "können nach einem Absturz übrig bleiben: an einen anderen Ort verschieben und aufheben, nicht löschen. Das "
        "Protokoll nennt die ersten Namen; „manage.py health files“ prüft sofort, sonst geschieht es alle 15 Minuten."
    )
    YOUNG = timedelta(hours=1)
    EVERY = timedelta(minutes=15)
    TOLD = 10  # names in the log; they are random and say nothing
    looked: ClassVar[tuple[datetime, dict[str, int]] | None] = None  # when, and the figures

    def run(self) -> None:
        if Files.looked is None or not timedelta(0) <= self.now - Files.looked[0] < self.EVERY:
            Files.looked = (self.now, self._look())
        self.figures = dict(Files.looked[1])
        missing, extra = self.figures["missing"], self.figures["extra"]
        sentences = []
        if missing:
            what = "fehlt eine Datei" if missing == 1 else f"fehlen {missing} Dateien"
            sentences.append(f"Im Ordner der Unterlagen {what}, obwohl die Datenbank sie nennt.")
        if extra:
            what = "liegt eine Datei" if extra == 1 else f"liegen {extra} Dateien"
            sentences.append(f"Im Ordner der Unterlagen {what} ohne Eintrag in der Datenbank.")
        if sentences:
            raise ServiceWarning(" ".join(sentences))
        self.sentence = "Zu jeder Unterlage gibt es die Datei und zu jeder Datei die Unterlage."

    def _look(self) -> dict[str, int]:
        """Rows first: their files are there before them, and what is filed meanwhile is young."""
        folder = Path(settings.MEDIA_ROOT)
        try:
            named = set(names_in_rows())
        except Error as error:
            raise ServiceUnavailable("Die Datenbank antwortet nicht.") from error
        there = set(names_in(str(folder)))
        missing, extra = named - there, [name for name in there - named if self._is_old(folder / name)]
        self._tell("In documents/ fehlen %d Dateien, zum Beispiel %s.", missing)
        self._tell("In documents/ haben %d Dateien keinen Eintrag, zum Beispiel %s.", extra)
        return {"files": len(there), "missing": len(missing), "extra": len(extra)}

    def _tell(self, sentence: str, names: Collection[str]) -> None:
        if names:
            log.warning(sentence, len(names), ", ".join(sorted(names)[: self.TOLD]))

    def _is_old(self, path: Path) -> bool:
        try:
            return self.now.timestamp() - path.stat().st_mtime >= self.YOUNG.total_seconds()
        except FileNotFoundError:  # taken back meanwhile
            return False


def names_in_rows() -> Iterator[str]:
    """What the file fields of all models name, as relative to MEDIA_ROOT; erased ones are empty."""
    for model in apps.get_models():
        for column in model._meta.local_fields:
            if isinstance(column, FileField):
                rows = model._base_manager.exclude(**{column.name: ""}).exclude(**{column.name: None})
                yield from rows.values_list(column.name, flat=True).iterator()


def names_in(folder: str, prefix: str = "") -> Iterator[str]:
    """All files below it by their names relative to it; not what is hidden, such as a restore that is going on."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from names_in(entry.path, f"{prefix}{entry.name}/")
                else:
                    yield prefix + entry.name
    except FileNotFoundError:  # nothing filed yet, or a folder removed meanwhile
        return


def uptime() -> timedelta:
    """How long this process has been running."""
    return timedelta(seconds=time.monotonic() - STARTED)


def in_words(span: timedelta) -> str:
    """A span behind „vor“ or „seit“: „30 Sekunden“, „einer Minute“, „3 Tagen“; the largest unit that fills."""
    for unit, length in (("Tag", 86_400), ("Stunde", 3_600), ("Minute", 60), ("Sekunde", 1)):
        count = seconds(span) // length
        if count == 1:
            return f"{'einem' if unit == 'Tag' else 'einer'} {unit}"
        if count:
            return f"{count} {unit}{'en' if unit == 'Tag' else 'n'}"
    return "einem Augenblick"


def seconds(span: timedelta) -> int:
    """Whole seconds, none where the clocks of two machines differ."""
    return max(0, int(span.total_seconds()))


def mails(count: int) -> str:
    return {0: "keine E-Mail wartet", 1: "eine E-Mail wartet"}.get(count, f"{count} E-Mails warten")
