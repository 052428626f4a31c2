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
EARLIER = "aout-2026"  # where, among the official files, those of the edition before stand


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
    from essor.demo.evolution import SECOND_EDITION
    from essor.kernel.upgrade import upgrade
    from essor.registry.models import Edition

    with _step("Base de données, fichiers servis, territoires de référence"):
        upgrade(say)
    try:
        must_be_a_demonstration()
    except ImproperlyConfigured as error:
        fail(str(error))
    wanted = Edition.objects.filter(state=Edition.State.IN_FORCE, day=SECOND_EDITION)
    if fresh or not wanted.exists():
        make_register(scale)
    else:
        say("→ Le registre est déjà là (« --fresh » le refait).")
        with _step("Collectivités et comptes"):
            seed_people()
    play_scenes()
    make_index()


def make_register(scale: float) -> None:
    """Files, editions, register: what an administrator would do, with the same functions, twice three months apart."""
    from essor.demo.accounts import seed_people
    from essor.demo.build import generate_both
    from essor.demo.scenes import meantime
    from essor.registry import editions
    from essor.registry.models import Edition
    from essor.territories.actions import load_qpv

    folder = editions.sources_folder()
    with _step("Fichiers officiels inventés"), progress_bar() as show:
        before, made = generate_both(folder / EARLIER, folder, show, scale=scale)
    with _step("Quartiers de démonstration"):
        for path in made.files["qpv"]:
            load_qpv(path, source="Contours schématiques de la démonstration", day=made.day)
    if not Edition.objects.filter(state=Edition.State.IN_FORCE).exists():
        # Made again, the register keeps its history: the earlier edition comes first once only.
        _put_in_force(before)
    with _step("Collectivités, comptes, premières contributions"):
        seed_people()
        meantime.play(made.files["rna"])
    _put_in_force(made)


def _put_in_force(made: Any) -> None:
    from essor.demo.scenes import indicators
    from essor.kernel.french import day
    from essor.kernel.jobs import run_now
    from essor.kernel.models import Job, JobState
    from essor.registry import editions

    with _step(f"Construction du registre au {day(made.day)}"), progress_bar() as show:
        edition = editions.build_edition(_request(made), show)
    with _step("Mise en vigueur"), progress_bar() as show:
        counts = editions.put_in_force(edition, show, actor_id=None, force=True)
        # The worker would do it once the site is served: the first page of the demonstration shows them already.
        for job in Job.objects.filter(kind="registry.alerts", state=JobState.QUEUED):
            run_now(job)
        indicators.figures()
    say(f"  {counts.new} organisations nouvelles, {counts.changed} modifiées, {counts.leaving} parties.")


def play_scenes() -> None:
    """What people did since the last edition; scenes already played are left as they are."""
    # isort: off
    from essor.demo.scenes import (
        aids, course, diagnosis, directory, indicators, indicators_dimensions, kit_texts, law, observatory_maps,
        observatory_official, people, searches, support, work,
    )  # fmt: skip
    # isort: on

    with _step("Ce que des personnes et des agents ont fait"):
        for scene in (
            people,
            work,
            directory,
            searches,
            law,
            support,
            aids,
            kit_texts,
            course,
            diagnosis,
            indicators,
            indicators_dimensions,
            observatory_official,
            observatory_maps,
        ):
            scene.play()


def make_index() -> None:
    """The index of the search, so that the first page is as fast as the next ones."""
    from essor.registry.search import wiring, writer

    with _step("Index de recherche"), progress_bar() as show:
        if wiring.problem():
            writer.rebuild(show)
        else:
            writer.drain(show)


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
