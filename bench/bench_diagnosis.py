"""How long the pages of the self-diagnosis take on the server: p50 and p95 against 60 ms; the report against 2 s.

    python bench/bench_diagnosis.py [--repeat 15] [--limit 60] [--people 40]

The database is of its own; nothing of an installation is read. A campaign of all the levers has `--people` answers,
half of the levers agreed, and an earlier campaign. What is timed is the whole page through Django's test client, warm.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from typing import Any

from scratch import prepare

REPORT_LIMIT = 2.0


def _world(people: int) -> tuple[Any, Any, str]:
    """An agent, a campaign and the token of someone who answers."""
    from essor.accounts.models import Authority, Membership, RoleGrant, User
    from essor.kernel.periods import today
    from essor.kernel.questions import responses
    from essor.kit.diagnosis.actions import Opening, join_by_link, open_campaign
    from essor.kit.diagnosis.actions_agree import Agreement, agree, finish
    from essor.kit.diagnosis.enums import Role
    from essor.kit.diagnosis.grid import grid
    from essor.kit.diagnosis.questionnaire import AMBITION

    day = today()
    authority = Authority.objects.create(slug="banc", name="Banc d’essai", kind="departement")
    agent = User.objects.create_user(email="agent@example.org", full_name="Agent", password=None)
    member = Membership.objects.create(user=agent, authority=authority, start=day)
    RoleGrant.objects.create(membership=member, role="agent", start=day)
    levers = list(grid().levers)
    before = open_campaign(agent, authority, Opening("Avant", day, levers), day)
    for lever in levers:
        agree(agent, before, lever, Agreement(2))
    finish(agent, before, day)
    campaign = open_campaign(agent, authority, Opening("Maintenant", day + timedelta(days=9), levers), day)
    token = ""
    for number in range(people):
        response = join_by_link(campaign, Role.values[number % 3], day).response
        if response is None:
            raise SystemExit("pas de réponse")
        values = {lever: str(1 + (number + rank) % 5) for rank, lever in enumerate(levers)}
        values |= {f"{lever}_{AMBITION}": "5" for lever in levers}
        responses.save(response, "porter", values, response.revision)
        token = response.token
    for lever in levers[::2]:
        agree(agent, campaign, lever, Agreement(2, 4))
    return agent, campaign, token


def _timed(client: Any, url: str, repeat: int) -> list[float]:
    from django.core.cache import cache

    spent = []
    for turn in range(repeat + 1):
        cache.clear()  # the limits on visitors: a bench asks more than a person
        start = time.perf_counter()
        status = client.get(url).status_code
        if status != 200:
            raise SystemExit(f"{url} : {status}")
        if turn:
            spent.append((time.perf_counter() - start) * 1000)
    return sorted(spent)


def main() -> int:
    """Time each page; 1 when a p95 or the report is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--limit", type=float, default=60)
    parser.add_argument("--people", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="essor-bench-") as folder:
        prepare(folder)
        from django.test import Client

        agent, campaign, token = _world(asked.people)
        client = Client()
        client.force_login(agent)
        base = "/banc/kit/autodiagnostic/"
        rows = []
        for url in (
            f"{base}grille/",
            base,
            f"{base}{campaign.pk}/",
            f"{base}{campaign.pk}/leviers/instance/",
            f"{base}{campaign.pk}/inviter/",
            f"{base}reponse/{token}/",
            f"{base}reponse/{token}/porter/",
            f"{base}reponse/{token}/fin/",
        ):
            spent = _timed(client, url, asked.repeat)
            rows.append(
                {
                    "page": url.replace(token, "…"),
                    "p50_ms": round(statistics.median(spent), 1),
                    "p95_ms": round(spent[max(0, round(len(spent) * 0.95) - 1)], 1),
                }
            )
        start = time.perf_counter()
        client.get(f"{base}{campaign.pk}/rapport.pdf")
        report = time.perf_counter() - start
    over = [row["page"] for row in rows if row["p95_ms"] > asked.limit]
    result = {"people": asked.people, "pages": rows, "report_s": round(report, 2), "over": over}
    sys.stdout.write(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    return 1 if over or report > REPORT_LIMIT else 0


if __name__ == "__main__":
    raise SystemExit(main())
