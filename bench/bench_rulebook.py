"""How long the pages of the law take on the server: p50 and p95 of each address, on SQLite, against 60 ms.

    python bench/bench_rulebook.py [--repeat 15] [--limit 60]

The database is of its own, with forty local values; nothing of an installation is read. What is timed is the whole
page (view and template) through Django's test client, once warm. A room that adds a page adds its address.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

PAGES = (
    "/droit/",
    "/droit/?au=2021-06-01",
    "/droit/?q=60+000",
    "/droit/?montrer=a-verifier",
    "/droit/?montrer=ici",
    "/droit/?theme=achats",
    "/droit/valeurs/procurement.no_publicity.supplies_services/",
    "/droit/valeurs/procurement.no_publicity.supplies_services.json",
    "/droit/valeurs/agec58.families/",
    "/droit/changements/",
    "/droit/changements/?depuis=2021-01-01",
    "/droit/changements.atom",
    "/droit/changements.atom?depuis=2000-01-01",
)
ADMINISTRATION = (
    "/installation/droit/",
    "/installation/droit/?q=seuil",
    "/installation/droit/valeur/?parametre=grants.convention_threshold",
)
LOCAL_VALUES = 40


def _prepare(folder: str) -> None:
    os.environ["ESSOR_DATA_DIR"] = folder
    os.environ["ESSOR_SECRET_KEY"] = "bench"
    os.environ["ESSOR_LOG_LEVEL"] = "ERROR"
    os.environ["DJANGO_SETTINGS_MODULE"] = "essor.config.settings"
    os.environ["ESSOR_HOSTS"] = "testserver"
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not (Path(folder) / "static").exists():
        call_command("collectstatic", verbosity=0, interactive=False)


def _fill() -> None:
    """Local values on the parameters in turn, a day apart."""
    from essor.law import parameters as law
    from essor.rulebook import typed
    from essor.rulebook.models import LocalLegalValue

    shipped = [item for item in law.tree().parameters() if item.entries[-1].value is not None]
    LocalLegalValue.objects.bulk_create(
        LocalLegalValue(
            parameter=item.id,
            start=date(2026, 1, 1) + timedelta(days=rank),
            value=typed.stored(item.entries[-1].value),
            unit=item.unit,
            description=item.description,
            reference="Mesure",
            certainty="seen",
            reason="Mesure",
        )
        for rank in range(LOCAL_VALUES)
        for item in [shipped[rank % len(shipped)]]
    )


def _client(*, signed_in: bool) -> "object":
    from django.test import Client

    client = Client()
    if signed_in:
        from essor.accounts.enums import InstallationRoleKind
        from essor.accounts.models import InstallationRole, User

        user = User.objects.create_user(email="mesure@exemple.fr", full_name="Mesure")
        InstallationRole.objects.create(
            user=user, role=InstallationRoleKind.ADMINISTRATOR, start=date(2020, 1, 1)
        )
        client.force_login(user)
    return client


def _measure(client: "object", address: str, repeat: int) -> dict[str, object]:
    times = []
    for _ in range(repeat + 2):
        start = time.perf_counter()
        response = client.get(address)  # type: ignore[attr-defined]
        times.append((time.perf_counter() - start) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{address} : {response.status_code}")
    kept = sorted(times[2:])
    return {
        "address": address,
        "p50": round(statistics.median(kept), 1),
        "p95": round(kept[max(0, round(len(kept) * 0.95) - 1)], 1),
        "bytes": len(response.content),
    }


def main() -> None:
    """Measure every page; exit code 1 when the median of one passes the limit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--limit", type=float, default=60.0, help="milliseconds")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _prepare(folder)
        _fill()
        rows = [_measure(_client(signed_in=False), address, asked.repeat) for address in PAGES]
        admin = _client(signed_in=True)
        rows += [_measure(admin, address, asked.repeat) for address in ADMINISTRATION]
    json.dump(rows, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    slow = [f"{row['address']} : {row['p50']} ms" for row in rows if float(str(row["p50"])) > asked.limit]
    if slow:
        raise SystemExit("\n".join(["Trop lent :", *slow]))


if __name__ == "__main__":
    main()
