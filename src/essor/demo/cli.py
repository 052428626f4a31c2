"""`essor demo`: the demonstration territory, from nothing to a site that answers."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from essor.kernel.command import django_ready, fail, progress_bar, say

SCOPE = "departement:31"


def demo(
    scale: Annotated[
        float, typer.Option(min=0.005, max=2, help="Taille : 1 vaut un département réel.")
    ] = 1.0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Refaire les fichiers et le registre.")] = False,
    serve: Annotated[bool, typer.Option(help="Servir le site à la fin.")] = True,
    host: Annotated[str, typer.Option(help="Adresse d’écoute.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port d’écoute.")] = 8000,
) -> None:
    """Construit le territoire de démonstration (Haute-Garonne, organisations inventées) et le sert."""
    if not {"ESSOR_DEMO", "ESSOR_DATA_DIR", "DATABASE_URL"} & os.environ.keys():
        os.environ |= {"ESSOR_DEMO": "1", "ESSOR_DATA_DIR": "var/demo"}
    django_ready()
    from django.conf import settings

    if not settings.DEMO:
        fail(
            "La démonstration crée des comptes dont le mot de passe est public : elle ne se fait pas dans cette "
            "installation. Indiquez ESSOR_DEMO=1 et un dossier à part (ESSOR_DATA_DIR)."
        )
    start = time.perf_counter()
    prepare(scale, fresh=fresh)
    say(f"\nDémonstration prête en {time.perf_counter() - start:.0f} s.")
    show_accounts(f"http://{host}:{port}/")
    if serve:
        sys.stdout.flush()
        # The same process becomes the server, so that Ctrl+C reaches it.
        os.execv(  # noqa: S606 - fixed arguments
            sys.executable,
            [sys.executable, "-m", "essor.config", "serve", "--host", host, "--port", str(port)],
        )


def prepare(scale: float = 1.0, *, fresh: bool = False) -> None:
    """Every step but the serving; those already done are not done again unless `fresh`."""
    from django.core.exceptions import ImproperlyConfigured

    from essor.demo.accounts import must_be_a_demonstration, seed_people
    from essor.kernel.upgrade import upgrade
    from essor.registry.models import Edition

    with _step("Base de données, fichiers servis, territoires de référence"):
        upgrade(say)
    try:
        must_be_a_demonstration()
    except ImproperlyConfigured as error:
        fail(str(error))
    if fresh or not Edition.objects.filter(state=Edition.State.IN_FORCE).exists():
        make_register(scale)
    else:
        say("→ Le registre est déjà là (« --fresh » le refait).")
    with _step("Collectivités et comptes"):
        seed_people()


def make_register(scale: float) -> None:
    """Files, then edition, then register: what an administrator would do, with the same functions."""
    from essor.demo.build import generate
    from essor.registry import editions
    from essor.territories.actions import load_qpv

    folder = editions.sources_folder()
    with _step("Fichiers officiels inventés"), progress_bar() as show:
        made = generate(folder, show, scale=scale)
    with _step("Quartiers de démonstration"):
        for path in made.files["qpv"]:
            load_qpv(path, source="Contours schématiques de la démonstration", day=made.day)
    with _step("Construction du registre"), progress_bar() as show:
        edition = editions.build_edition(_request(made), show)
    with _step("Mise en vigueur"), progress_bar() as show:
        counts = editions.put_in_force(edition, show, actor_id=None, force=True)
    say(f"  {counts.new} organisations nouvelles, {counts.changed} modifiées, {counts.leaving} parties.")


def _request(made: Any) -> Any:
    from essor.registry.editions import BuildRequest
    from essor.registry.perimeter_store import in_force

    files = {option: [str(path) for path in paths] for option, paths in made.files.items()}
    return BuildRequest(SCOPE, made.day, in_force(made.day).version, files)


@contextmanager
def _step(label: str) -> Iterator[None]:
    """Say what is being done, then how long it took."""
    say(f"→ {label}…")
    start = time.perf_counter()
    yield
    say(f"  {label} : {time.perf_counter() - start:.1f} s")


def show_accounts(address: str, write: Callable[[str], None] = say) -> None:
    """The address and the accounts, one a line: addresses are whole whatever the width of the terminal."""
    from essor.demo.accounts import PASSWORD, PEOPLE

    write(f"\nAdresse : {address}")
    write(f"Mot de passe de tous les comptes : {PASSWORD}\n")
    width = max(len(person.email) for person in PEOPLE)
    for person in PEOPLE:
        write(f"  {person.email:<{width}}  {person.role} ({person.name})")
    write("\nToutes les organisations et toutes les personnes sont inventées. Aucun courriel n’est envoyé.\n")
