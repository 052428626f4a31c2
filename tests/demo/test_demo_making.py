"""`essor demo` without its server: the steps that make the register, on the database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from essor.demo import accounts, cli
from essor.demo.accounts import PASSWORD, PEOPLE


def test_the_accounts_are_shown_whole_on_a_narrow_terminal(capsys):
    from rich.console import Console

    cli.show_accounts("http://127.0.0.1:8000/", Console(width=80).print)
    shown = capsys.readouterr().out
    assert "http://127.0.0.1:8000/" in shown
    assert PASSWORD in shown
    assert [person.email for person in PEOPLE if person.email not in shown] == []


def test_the_guide_gives_every_account_and_the_password():
    guide = Path(__file__).parents[2] / "docs" / "guide" / "demonstration.md"
    text = guide.read_text(encoding="utf-8")
    assert [p.email for p in PEOPLE if f"| {p.role} | {p.email} |" not in text] == []
    assert f"**`{PASSWORD}`**" in text
    assert all(f"`/{authority.slug}/`" in text for authority in accounts.AUTHORITIES)


@pytest.mark.slow
def test_it_is_refused_in_an_installation_that_is_not_a_demonstration(tmp_path):
    environment = {**os.environ, "ESSOR_DATA_DIR": str(tmp_path), "ESSOR_DEMO": "0"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "essor.config", "demo", "--no-serve"],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "ESSOR_DEMO=1" in done.stderr
    assert not (tmp_path / "essor.sqlite3").exists()
