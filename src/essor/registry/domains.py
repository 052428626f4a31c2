"""Whether an e-mail address proves that a person is of an organisation: its domain is that of the website. Pure."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from essor.registry.words import safe_website


@cache
def shared() -> frozenset[str]:
    """Domains where anybody may have an address or a page: mail providers open to the public, sites of pages."""
    lines = (Path(__file__).parent / "data" / "shared_domains.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def domain_of(email: str) -> str:
    """The domain of an address, in lower case; empty when there is none."""
    _local, at, domain = email.strip().casefold().rpartition("@")
    return domain.strip(".") if at else ""


def site_domain(website: str) -> str:
    """The domain that a website's owner holds, without « www. »; empty for a page on a shared site."""
    host = (urlsplit(safe_website(website)).hostname or "").casefold().strip(".").removeprefix("www.")
    return "" if not host or _is_shared(host) else host


def _is_shared(host: str) -> bool:
    parts = host.split(".")
    return any(".".join(parts[start:]) in shared() for start in range(len(parts)))


def mail_domain(email: str) -> str:
    """The domain of an address when it is the organisation's own; empty for a public provider."""
    domain = domain_of(email)
    return "" if not domain or _is_shared(domain) else domain


def proves(email: str, domains: Iterable[str]) -> bool:
    """True when the address lies in one of the organisation's own domains, exactly: no subdomain, no parent."""
    domain = mail_domain(email)
    return bool(domain) and domain in {each for each in domains if each}
