"""`python -m essor.config` is the `essor` command."""

from essor.config.cli import main

main()
