"""`essor kit diagnosis medians export|import`: anonymous medians that installations exchange."""

import json
from pathlib import Path
from typing import Annotated

import typer

from essor.kernel.command import answer, django_ready, fail, say

app = typer.Typer(help="L’autodiagnostic.", no_args_is_help=True)
medians = typer.Typer(help="Les médianes anonymes, à échanger entre installations.", no_args_is_help=True)
app.add_typer(medians, name="medians")

Json = Annotated[bool, typer.Option("--json", help="Résultat en JSON sur la sortie standard.")]


@app.callback()
def _group() -> None:
    """L’autodiagnostic."""


@medians.command("export")
def export_medians(
    file: Annotated[Path | None, typer.Argument(help="Où écrire ; sortie standard par défaut.")] = None,
    source: Annotated[str, typer.Option(help="Nom de l’installation ; son adresse par défaut.")] = "",
) -> None:
    """Écrit les médianes d’au moins cinq collectivités qui partagent ; jamais un nom."""
    django_ready()
    from django.conf import settings

    from essor.kernel.periods import today
    from essor.kit.diagnosis.others import export

    made = export(source or settings.PUBLIC_URL, today())
    if not made["medians"]:
        say("Moins de cinq collectivités partagent leurs stades convenus : le fichier n’a aucune médiane.")
    if file is None:
        answer(made)
        return
    try:
        file.write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        fail(f"Fichier « {file} » : {error.strerror}. Choisissez un autre emplacement.")
    say(f"{len(made['medians'])} médianes écrites dans {file}.")


@medians.command("import")
def import_medians(
    file: Annotated[Path, typer.Argument(help="Fichier reçu d’une autre installation.")],
    as_json: Json = False,
) -> None:
    """Lit les médianes d’une autre installation ; relire un fichier remplace le précédent."""
    django_ready()
    from essor.kit.diagnosis.others import LARGEST, load
    from essor.kit.front_matter import ContentError

    try:
        if file.stat().st_size > LARGEST:
            fail(f"Fichier « {file} » : plus de {LARGEST // 1000} ko, ce n’est pas un export de médianes.")
        row = load(file.read_text(encoding="utf-8"), file.name)
    except OSError as error:
        fail(f"Fichier « {file} » : {error.strerror}. Vérifiez son emplacement.")
    except UnicodeDecodeError:
        fail(f"Fichier « {file} » : il n’est pas en UTF-8. Exportez-le de nouveau.")
    except ContentError as error:
        fail(str(error))
    if as_json:
        answer({"source": row.source, "made_on": row.made_on.isoformat(), "levers": len(row.medians)})
        return
    say(f"{len(row.medians)} médianes de « {row.source} » lues.")
