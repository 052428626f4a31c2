"""Where a person lands once signed in."""

from django.urls import reverse

from essor.accounts.models import Authority
from essor.accounts.rights import Rights


def home_address(rights: Rights) -> str:
    """Agent's home of the only authority where the person has a role; else the installation for its administrators,
    else the account page, where several authorities are listed."""
    ids = list(rights.by_authority)
    if len(ids) == 1 and not rights.is_installation_admin:
        slug = Authority.objects.values_list("slug", flat=True).get(pk=ids[0])
        return reverse("agent-home", kwargs={"authority": slug})
    return reverse("installation") if rights.is_installation_admin else reverse("account")
