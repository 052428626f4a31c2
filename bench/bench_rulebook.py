"""How long the pages of the law take on the server: each address, on SQLite, against 60 ms of processor.

    python bench/bench_rulebook.py [--repeat 15] [--limit 60]

The database is of its own, with forty local values and sixty notes; nothing of an installation is read. What is timed
is the whole page (view and template) through Django's test client, once warm: `cpu` is the median of the processor's
time, which another program on the machine hardly changes, `p50` and `p95` the time that a clock saw. Questions: the
form of each rule, the answer to the longest of its cases, the same case on two days. PDFs stand
apart: Typst has no limit. A room that adds a page adds its address.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta

from scratch import prepare

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
NOTES = 60
OTHER_DAY = "2021-06-01"


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


def _questions() -> list[str]:
    """The form of each rule, the answer to the longest of its cases, and the same on two days."""
    from essor.rulebook.catalogue import DAY, catalogue

    found = ["/droit/regles/"]
    for name, asked in catalogue().items():
        page = f"/droit/regles/{name}/"
        case = _longest_case(asked)
        found += [page, f"{page}?{case}"]
        if DAY in asked.rule.input_schema["properties"]:
            found.append(f"{page}?{case}&et={OTHER_DAY}")
    return found


def _longest_case(asked: "object") -> str:
    from essor.rulebook.rule_form import address_of

    schema = asked.rule.input_schema  # type: ignore[attr-defined]
    return max((address_of(schema, case.input) for case in asked.examples), key=len)  # type: ignore[attr-defined]


def _pdfs() -> list[str]:
    from essor.rulebook.catalogue import catalogue

    names = ("state_aid", "competence")
    return [f"/droit/regles/{name}.pdf?{_longest_case(catalogue()[name])}" for name in names]


def _agent() -> tuple["object", list[str]]:
    """An agent, and the addresses of the notes that their authority keeps."""
    from django.test import Client

    from essor.accounts.enums import AGENT, AuthorityKind
    from essor.accounts.models import Authority, Membership, RoleGrant, User
    from essor.rulebook.actions_notes import Kept, keep_note
    from essor.rulebook.asking import answer_of
    from essor.rulebook.catalogue import catalogue

    user = User.objects.create_user(email="agent@exemple.fr", full_name="Agent")
    place = Authority.objects.create(slug="mesure", name="Mesure", kind=AuthorityKind.COMMUNE)
    membership = Membership.objects.create(user=user, authority=place, start=date(2020, 1, 1))
    RoleGrant.objects.create(membership=membership, role=AGENT, start=date(2020, 1, 1))
    asked = catalogue()["state_aid"]
    answer = answer_of(asked, dict(asked.examples[0].input))
    notes = [keep_note(user, place, answer, Kept(f"Note {rank}")) for rank in range(NOTES)]
    client = Client()
    client.force_login(user)
    return client, [
        "/mesure/droit/notes/",
        "/mesure/droit/notes/?q=note",
        f"/mesure/droit/notes/{notes[0].pk}/",
    ]


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
    from django.core.cache import cache

    first = client.get(address, follow=True)  # type: ignore[attr-defined]
    address = first.redirect_chain[-1][0] if first.redirect_chain else address
    times, cpu = [], []
    for _ in range(repeat + 2):
        cache.clear()  # the limits on visitors: a bench asks more than a person
        start, busy = time.perf_counter(), time.process_time()
        response = client.get(address)  # type: ignore[attr-defined]
        times.append((time.perf_counter() - start) * 1000)
        cpu.append((time.process_time() - busy) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{address} : {response.status_code}")
    kept = sorted(times[2:])
    return {
        "address": address[:100],
        "cpu": round(statistics.median(cpu[2:]), 1),
        "p50": round(statistics.median(kept), 1),
        "p95": round(kept[max(0, round(len(kept) * 0.95) - 1)], 1),
        "bytes": len(response.content),
    }


def main() -> None:
    """Measure every page; exit code 1 when one takes more of the processor than the limit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--limit", type=float, default=60.0, help="milliseconds")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        _fill()
        visitor = _client(signed_in=False)
        rows = [_measure(visitor, address, asked.repeat) for address in (*PAGES, *_questions())]
        agent, notes = _agent()
        rows += [_measure(agent, address, asked.repeat) for address in notes]
        admin = _client(signed_in=True)
        rows += [_measure(admin, address, asked.repeat) for address in ADMINISTRATION]
        pdfs = [_measure(visitor, address, 3) | {"pdf": True} for address in _pdfs()]
    json.dump(rows + pdfs, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    slow = [f"{row['address']} : {row['cpu']} ms" for row in rows if float(str(row["cpu"])) > asked.limit]
    if slow:
        raise SystemExit("\n".join(["Trop lent :", *slow]))


if __name__ == "__main__":
    main()
