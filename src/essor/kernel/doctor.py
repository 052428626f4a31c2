"""`essor doctor`: is everything in place, and what to do when it is not."""

import os
import platform
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.kernel import health, triggers
from essor.kernel.models import OutboxMessage
from essor.kernel.release import version

State = Literal["ok", "warn", "fail"]
GIGABYTE = 1_073_741_824
# Assets without which a page is not what it should be.
ASSETS = ("kernel/essor.css", "vendor/htmx.min.js", "vendor/icons.svg")
LIBRARIES = ("django", "django-allauth", "duckdb", "granian", "typst")


@dataclass(frozen=True)
class Check:
    """One thing looked at: its state, what was seen, and what to do when it is not right."""

    code: str
    label: str
    state: State
    message: str
    remedy: str = ""


Probe = Callable[[], Check]
_room_probes: list[Probe] = []


def register_check(probe: Probe) -> Probe:
    """Add a check of a room, for example of its reference data."""
    if probe not in _room_probes:
        _room_probes.append(probe)
    return probe


def checks() -> list[Check]:
    """Everything looked at, in the order in which to repair it. A check that breaks is itself a failure."""
    return list(_run())


def _run() -> Iterator[Check]:
    for probe in (_python, _libraries, _data_folder, _disk, _secret_key, _hosts, _https, _database):
        yield _guarded(probe)
    if not health.database_answers():
        return
    yield _guarded(_migrations)
    if health.pending_migrations():
        return
    for probe in (_audit_log, _cache, _worker, _clock, _mail, _assets, _antivirus, *_room_probes):
        yield _guarded(probe)


def _guarded(probe: Probe) -> Check:
    try:
        return probe()
    except Exception as error:
        code = probe.__name__.strip("_")
        remedy = _("Signalez-le avec la sortie de « essor doctor --json ».")
        return Check(
            code,
            code,
            "fail",
            _("La vérification a échoué (%(name)s).") % {"name": type(error).__name__},
            remedy,
        )


def _python() -> Check:
    label, found = _("Python"), platform.python_version()
    return Check("python", label, "ok", found)


def _libraries() -> Check:
    label, found, absent = _("Versions"), [f"essor {version()}"], []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version_of(name)}")
        except PackageNotFoundError:
            absent.append(name)
    if absent:
        remedy = _("Réinstallez Essor : %(names)s manque.") % {"names": ", ".join(absent)}
        return Check("versions", label, "fail", ", ".join(found), remedy)
    return Check("versions", label, "ok", ", ".join(found))


def _data_folder() -> Check:
    label, folder = _("Dossier des données"), Path(settings.DATA_DIR)
    if not folder.is_dir():
        return Check(
            "data",
            label,
            "fail",
            _("%(path)s n’existe pas.") % {"path": folder},
            _("Lancez « essor upgrade », ou changez ESSOR_DATA_DIR."),
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        remedy = _("Donnez à l’utilisateur du service le droit d’y écrire.")
        return Check("data", label, "fail", _("%(path)s ne peut pas s’écrire.") % {"path": folder}, remedy)
    if stat.S_IMODE(folder.stat().st_mode) & 0o007:
        remedy = _("Lancez « essor upgrade », ou chmod 700 %(path)s.") % {"path": folder}
        return Check(
            "data",
            label,
            "warn",
            _("%(path)s est ouvert à tous les comptes du serveur.") % {"path": folder},
            remedy,
        )
    return Check("data", label, "ok", str(folder))


def _disk() -> Check:
    label, free = _("Place sur le disque"), health.free_disk()
    message = _("%(free)s Go libres") % {"free": f"{free / GIGABYTE:.1f}".replace(".", ",")}
    remedy = _("Libérez de la place : une édition du registre en demande jusqu’à 2 Go.")
    if free < health.LOW_DISK:
        return Check("disk", label, "fail", message, remedy)
    return Check(
        "disk", label, "warn" if free < 2 * GIGABYTE else "ok", message, remedy if free < 2 * GIGABYTE else ""
    )


def _secret_key() -> Check:
    label = _("Clé de l’installation")
    if len(settings.SECRET_KEY) < 32:
        remedy = _(
            "Donnez à ESSOR_SECRET_KEY au moins 50 caractères tirés au hasard ; sans elle, Essor en fait une."
        )
        return Check(
            "secret_key", label, "warn" if settings.DEMO else "fail", _("Elle est trop courte."), remedy
        )
    path = Path(settings.DATA_DIR) / "secret_key"
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        remedy = f"chmod 600 {path}"
        return Check(
            "secret_key",
            label,
            "fail",
            _("Le fichier %(path)s est lisible par d’autres comptes.") % {"path": path},
            remedy,
        )
    return Check("secret_key", label, "ok", _("présente"))


def _hosts() -> Check:
    label, hosts = _("Noms du site"), list(settings.ALLOWED_HOSTS)
    if "*" in hosts:
        remedy = _("Donnez dans ESSOR_HOSTS les seuls noms sous lesquels le site répond.")
        return Check("hosts", label, "warn", _("Tout nom est accepté."), remedy)
    return Check("hosts", label, "ok", ", ".join(hosts))


def _https() -> Check:
    label, url = _("Adresse publique"), settings.PUBLIC_URL
    if settings.HTTPS or settings.DEMO:
        return Check("https", label, "ok", url)
    remedy = _("Mettez le site derrière HTTPS et donnez son adresse dans ESSOR_PUBLIC_URL (https://…).")
    local = any(host in url for host in ("//localhost", "//127.0.0.1"))
    return Check(
        "https", label, "warn" if local else "fail", _("%(url)s n’est pas chiffrée.") % {"url": url}, remedy
    )


def _database() -> Check:
    label = _("Base de données")
    if not health.database_answers():
        remedy = _("Vérifiez DATABASE_URL et que le serveur de base de données répond.")
        return Check("database", label, "fail", _("Elle ne répond pas."), remedy)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return Check("database", label, "ok", f"{connection.display_name} {cursor.fetchone()[0]}")


def _migrations() -> Check:
    label, pending = _("Structure de la base"), health.pending_migrations()
    if pending:
        message = _("%(count)s migrations manquent (%(first)s…).") % {
            "count": len(pending),
            "first": pending[0],
        }
        return Check("migrations", label, "fail", message, _("Sauvegardez, puis lancez « essor upgrade »."))
    return Check("migrations", label, "ok", _("à jour"))


def _audit_log() -> Check:
    label, missing = _("Journal des actes"), triggers.missing(connection)
    if missing:
        remedy = _(
            "Lancez « essor upgrade » ; si quelqu’un a levé cette protection à la main, cherchez pourquoi."
        )
        return Check(
            "audit", label, "fail", _("Il peut être modifié : sa protection n’est pas en place."), remedy
        )
    return Check("audit", label, "ok", _("protégé contre toute modification"))


def _cache() -> Check:
    label = _("Cache")
    try:
        cache.set("essor.doctor", "ok", 10)
        works = cache.get("essor.doctor") == "ok"
    except DatabaseError:
        works = False
    if not works:
        return Check(
            "cache",
            label,
            "fail",
            _("Il n’enregistre rien."),
            _("Lancez « essor upgrade », qui crée sa table."),
        )
    return Check("cache", label, "ok", _("répond"))


def _worker() -> Check:
    label = _("Travail de fond")
    if not health.worker_alive(timezone.now()):
        remedy = _("Lancez « essor serve », ou « essor work » à côté de votre serveur web.")
        return Check("worker", label, "warn", _("Il ne donne pas signe de vie."), remedy)
    return Check("worker", label, "ok", _("en marche"))


def _clock() -> Check:
    label = _("Travail périodique")
    if not health.clock_alive(timezone.now()):
        remedy = _("Lancez « essor serve », ou « essor tick » chaque minute.")
        return Check(
            "clock", label, "warn", _("« essor tick » n’a pas été lancé depuis dix minutes."), remedy
        )
    return Check("clock", label, "ok", _("en marche"))


def _mail() -> Check:
    label = _("Messages")
    if settings.DEMO:
        return Check("mail", label, "ok", _("Rien ne part de la démonstration."))
    stuck = OutboxMessage.objects.filter(sent_at__isnull=True, attempts__gt=0).count()
    if stuck:
        remedy = _("Vérifiez ESSOR_SMTP_HOST, ESSOR_SMTP_PORT, ESSOR_SMTP_USER et ESSOR_FROM_EMAIL.")
        return Check(
            "mail", label, "warn", _("%(count)s messages n’ont pas pu partir.") % {"count": stuck}, remedy
        )
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        remedy = _("Donnez l’adresse d’envoi dans ESSOR_FROM_EMAIL et le serveur dans ESSOR_SMTP_HOST.")
        return Check(
            "mail",
            label,
            "warn",
            _("L’adresse d’envoi n’est pas donnée (%(server)s).") % {"server": server},
            remedy,
        )
    return Check("mail", label, "ok", server)


def _assets() -> Check:
    label = _("Fichiers servis")
    absent = [name for name in ASSETS if not (finders.find(name) or storages["staticfiles"].exists(name))]
    if absent:
        remedy = _("Depuis les sources, lancez « make assets », puis « essor upgrade ».")
        return Check("assets", label, "fail", _("%(names)s manque.") % {"names": ", ".join(absent)}, remedy)
    return Check("assets", label, "ok", _("présents"))


def _antivirus() -> Check:
    label = _("Antivirus")
    if not settings.ANTIVIRUS_COMMAND:
        remedy = _(
            "Pour vérifier les fichiers déposés, donnez une commande dans ESSOR_ANTIVIRUS_COMMAND "
            "(par exemple clamdscan --fdpass)."
        )
        return Check("antivirus", label, "ok", _("aucun"), remedy)
    return Check("antivirus", label, "ok", str(settings.ANTIVIRUS_COMMAND))
