"""What search engines are told."""

from django.test import Client

from essor.accounts.slugs import is_reserved


def test_register_pages_are_open_filters_and_own_pages_are_not(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    lines = answer.content.decode().splitlines()
    assert lines[:2] == ["User-agent: *", "Allow: /registre/?page="]
    assert {"Disallow: /*?", "Disallow: /compte/", "Disallow: /*/demandes/"} <= set(lines)
    assert "Disallow: /registre/" not in lines
    assert is_reserved("robots")
