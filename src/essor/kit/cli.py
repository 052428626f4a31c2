"""`essor kit …`: what the command line does of the kit."""

import typer

from essor.kit.cli_aids import app as aids
from essor.kit.cli_links import app as links
from essor.kit.diagnosis.cli import app as diagnosis

app = typer.Typer(help="La boîte à outils.", no_args_is_help=True)
app.add_typer(aids, name="aids")
app.add_typer(links, name="links")
app.add_typer(diagnosis, name="diagnosis")
