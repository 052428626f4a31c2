"""The `essor` command: a stable contract, whose screens call the same functions."""

from pathlib import Path
from typing import Annotated

import typer

from essor.accounts.cli import app as accounts
from essor.demo.cli import demo
from essor.kernel.command import answer, django_ready, fail, say
from essor.kit.cli import app as kit
from essor.kit.cli_recipes import app as recipe
from essor.law.cli import app as law
from essor.law.parameters import in_local_scope
from essor.observatory.cli import app as observatory
from essor.registry.cli import app as registry
from essor.registry.cli_index import app as index
from essor.territories.cli import app as territories

app = typer.Typer(
    help="Essor : la politique de soutien à l’économie sociale et solidaire d’une collectivité.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(accounts, name="accounts")
app.add_typer(kit, name="kit")
app.add_typer(law, name="law")
app.add_typer(recipe, name="recipe")
app.add_typer(registry, name="registry")
app.add_typer(observatory, name="observatory")
app.add_typer(index, name="index")
app.add_typer(territories, name="territories")
app.command()(demo)

Json = Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")]


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Adresse d’écoute.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port d’écoute.")] = 8000,
    threads: Annotated[int, typer.Option(help="Fils d’exécution du serveur web.")] = 4,
) -> None:
    """Sert le site, exécute le travail de fond et lance le travail périodique."""
    from essor.config.serve import run

    raise SystemExit(run(host, port, threads))


@app.command()
def work(
    clock: Annotated[bool, typer.Option("--clock", help="Lancer aussi le travail périodique.")] = False,
) -> None:
    """Exécute le travail de fond (partie de « serve »)."""
    django_ready()
    from essor.kernel.worker import work as run_worker

    run_worker(clock=clock)


@app.command()
def tick() -> None:
    """Lance le travail périodique qui est dû : chaque minute, chaque nuit, chaque semaine."""
    django_ready()
    from essor.kernel.tick import tick as run_tick

    for name in run_tick():
        say(f"lancé : {name}")


@app.command()
def upgrade() -> None:
    """Met la base, les fichiers servis et les données de référence au niveau de cette version."""
    django_ready()
    from essor.kernel.upgrade import upgrade as run_upgrade

    run_upgrade(say)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Vérifie l’installation et dit quoi faire ; code de sortie 1 si quelque chose empêche de fonctionner."""
    django_ready()
    from essor.kernel.doctor import checks

    found = checks()
    if as_json:
        answer([{**vars(check)} for check in found])
    else:
        for check in found:
            mark = {"ok": "✓", "warn": "!", "fail": "✗"}[check.state]
            say(
                f"{mark} {check.label} : {check.message}"
                + (f"\n    → {check.remedy}" if check.remedy else "")
            )
    raise SystemExit(1 if any(check.state == "fail" for check in found) else 0)


@app.command()
def backup(path: Annotated[Path, typer.Argument(help="Fichier à écrire.")]) -> None:
    """Sauvegarde la base et les fichiers en un seul fichier cohérent."""
    django_ready()
    from essor.kernel.backup import BackupError
    from essor.kernel.backup import backup as run_backup

    try:
        say(run_backup(path).summary)
    except BackupError as error:
        fail(str(error))


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(help="Fichier de sauvegarde.")],
    force: Annotated[bool, typer.Option("--force", help="Remplacer les données présentes.")] = False,
) -> None:
    """Restaure une sauvegarde, dans SQLite ou PostgreSQL quelle que soit son origine."""
    django_ready()
    from essor.kernel.backup import BackupError
    from essor.kernel.backup import restore as run_restore

    try:
        say(run_restore(path, force=force).summary)
    except BackupError as error:
        fail(str(error))


def main() -> None:
    """Entry point of the `essor` command; commands that set Django up read the law with the installation's values."""
    with in_local_scope():
        app()
