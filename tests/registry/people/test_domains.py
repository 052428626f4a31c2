"""Whether an address proves that one is of an organisation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.registry.domains import domain_of, mail_domain, proves, shared, site_domain


@pytest.mark.parametrize(
    ("email", "website", "expected"),
    [
        ("ana@foyer.example", "https://www.foyer.example/accueil", True),
        ("ANA@FOYER.EXAMPLE", "foyer.example", True),
        ("ana@foyer.asso.fr", "http://foyer.asso.fr", True),
        ("ana@sous.foyer.example", "foyer.example", False),
        ("ana@foyer.example", "sous.foyer.example", False),
        ("ana@foyer.example.evil.com", "foyer.example", False),
        ("ana@evilfoyer.example", "foyer.example", False),
        ("ana@gmail.com", "https://gmail.com", False),
        ("ana@free.fr", "http://foyer.free.fr", False),
        ("ana@foyer.free.fr", "http://foyer.free.fr", False),
        ("ana@facebook.com", "https://www.facebook.com/foyer", False),
        ("ana@helloasso.com", "https://www.helloasso.com/associations/foyer", False),
        ("ana@foyer.example", "javascript:alert(1)", False),
        ("ana@foyer.example", "", False),
        ("sans arobase", "foyer.example", False),
        ("", "foyer.example", False),
    ],
)
def test_an_address_proves_only_its_own_domain(email: str, website: str, expected: bool) -> None:
    assert proves(email, [site_domain(website)]) is expected


def test_common_providers_never_prove() -> None:
    assert {"gmail.com", "orange.fr", "laposte.net", "free.fr", "hotmail.fr", "proton.me"} <= shared()
    assert not any(proves(f"x@{domain}", [domain]) for domain in shared())


@given(st.text(max_size=40), st.text(max_size=40))
def test_nothing_typed_breaks_the_check(email: str, website: str) -> None:
    assert proves(email, [site_domain(website)]) in (True, False)
    assert mail_domain(email) in ("", domain_of(email))
