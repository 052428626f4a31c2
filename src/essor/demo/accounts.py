"""The authorities and the people of the demonstration: one account a role, with a password that everyone may read."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from essor.accounts import actions
from essor.accounts.enums import AGENT, EXPERT, MANAGER, AuthorityKind, InstallationRoleKind
from essor.accounts.models import Authority, Membership, Service, User
from essor.registry.actions import attach_person
from essor.registry.models import Organisation, OrganisationMembership
from essor.territories import queries as territories

PASSWORD = "demonstration-2026"  # noqa: S105 - public on purpose, refused outside a demonstration
# Before the first day that any page of the demonstration asks about.
FIRST_DAY = date(2026, 1, 1)
NOTICE = (
    "Site de démonstration : ce n’est pas celui de la collectivité. Les communes et les intercommunalités sont "
    "réelles, toutes les organisations et toutes les personnes sont inventées."
)


@dataclass(frozen=True)
class DemoAuthority:
    """An authority of the demonstration."""

    slug: str
    name: str
    kind: str
    territory: str
    accent: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """An account: who it is, its role in words, and what it holds."""

    email: str
    name: str
    role: str
    authority: str = ""
    service: str = ""
    roles: tuple[str, ...] = ()
    mandate: str = ""
    delegation: str = ""
    installation: str = ""


AUTHORITIES = (
    DemoAuthority(
        "haute-garonne", "Conseil départemental de la Haute-Garonne", AuthorityKind.DEPARTEMENT, "departement:31",
        "#0B5D5E", ("Économie sociale et solidaire", "Insertion et emploi", "Commande publique", "Culture"),
    ),
    DemoAuthority(
        "toulouse-metropole", "Toulouse Métropole", AuthorityKind.METROPOLE, "epci:243100518",
        "#8C2F39", ("Économie sociale et solidaire", "Commande publique", "Cohésion territoriale"),
    ),
    DemoAuthority(
        "ville-de-revel", "Ville de Revel", AuthorityKind.COMMUNE, "commune:31451",
        "#3F5B20", ("Vie associative",),
    ),
)  # fmt: skip
PEOPLE = (
    Person("administration@essor.example.org", "Camille Castelbrume", "Administration de l’installation",
           installation=InstallationRoleKind.ADMINISTRATOR),
    Person("redaction@essor.example.org", "Élise Montplume", "Rédaction des contenus communs",
           installation=InstallationRoleKind.EDITOR),
    Person("responsable@haute-garonne.example.org", "Nadia Roquegivre", "Responsable de l’équipe du Département",
           "haute-garonne", "Économie sociale et solidaire", (AGENT, MANAGER)),
    Person("agent@haute-garonne.example.org", "Simon Puyardoise", "Agent du Département",
           "haute-garonne", "Insertion et emploi", (AGENT,)),
    Person("elue@haute-garonne.example.org", "Lucie Fontsafran", "Élue du Département", "haute-garonne",
           mandate="Vice-présidente chargée de l’économie sociale et solidaire",
           delegation="Économie sociale et solidaire, insertion"),
    Person("experte@haute-garonne.example.org", "Salomé Pechcigale", "Experte extérieure du Département",
           "haute-garonne", roles=(EXPERT,)),
    Person("responsable@toulouse-metropole.example.org", "Omar Ribavelours", "Responsable de l’équipe de la Métropole",
           "toulouse-metropole", "Économie sociale et solidaire", (AGENT, MANAGER)),
    Person("agente@toulouse-metropole.example.org", "Inès Garrofougère", "Agente de la Métropole",
           "toulouse-metropole", "Commande publique", (AGENT,)),
    Person("elu@toulouse-metropole.example.org", "Basile Serraluciole", "Élu de la Métropole", "toulouse-metropole",
           mandate="Conseiller métropolitain délégué à l’économie sociale et solidaire",
           delegation="Économie sociale et solidaire"),
    Person("agente@revel.example.org", "Jade Vignobruyère", "Agente de la Ville de Revel",
           "ville-de-revel", "Vie associative", (AGENT, MANAGER)),
    Person("association@example.org", "Théo Tournopastel", "Membre d’une organisation"),
    Person("cooperative@example.org", "Aïda Fontlavande", "Membre d’une coopérative"),
    Person("benevole@example.org", "Gaspard Clairbruyère", "Membre d’une association dont le site a changé"),
    Person("tierslieu@example.org", "Hélène Valpimprenelle", "Membre d’un tiers-lieu, par accord du Département"),
    Person("demande@example.org", "Rayan Roquefenouil", "Demande à agir pour une organisation"),
    Person("visite@example.org", "Maya Belocampanule", "Visite, sans aucun rôle"),
)  # fmt: skip
ORGANISATION_MEMBER = "association@example.org"


def seed_people() -> list[Person]:
    """Make the authorities, services and accounts that are missing; gives all the accounts, in order.

    Running it again changes nothing. Refused outside a demonstration: the password is public.
    """
    must_be_a_demonstration()
    authorities = {wanted.slug: _authority(wanted) for wanted in AUTHORITIES}
    for person in PEOPLE:
        _account(person, authorities.get(person.authority))
    _attach_member()
    return list(PEOPLE)


def must_be_a_demonstration() -> None:
    """Refuse, with `ImproperlyConfigured` (French), an installation that is real: invented data must never enter it."""
    if not settings.DEMO or Authority.objects.filter(is_demo=False).exists():
        raise ImproperlyConfigured(
            "La démonstration invente un registre et des comptes dont le mot de passe est public : elle ne se fait "
            "qu’avec ESSOR_DEMO=1, dans une installation qui n’a pas d’autre collectivité."
        )


def _authority(wanted: DemoAuthority) -> Authority:
    authority = Authority.objects.filter(slug=wanted.slug).first()
    if authority is None:
        authority = actions.create_authority(
            None, slug=wanted.slug, name=wanted.name, kind=wanted.kind, accent=wanted.accent, presentation=NOTICE,
            territory=territories.resolve(wanted.territory), is_demo=True,
        )  # fmt: skip
    known = set(Service.objects.filter(authority=authority).values_list("name", flat=True))
    for name in wanted.services:
        if name not in known:
            actions.create_service(None, authority, name, day=FIRST_DAY)
    return authority


def _account(person: Person, authority: Authority | None) -> None:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = actions.create_user(None, person.email, person.name, PASSWORD)
    if person.installation and not user.installation_roles.filter(role=person.installation).exists():
        actions.grant_installation_role(None, user, person.installation, day=FIRST_DAY)
    if authority is None or Membership.objects.filter(user=user, authority=authority).exists():
        return
    service = (
        Service.objects.filter(authority=authority, name=person.service).first() if person.service else None
    )
    actions.add_member(
        None, authority, user, day=FIRST_DAY, roles=person.roles, service=service,
        mandate_title=person.mandate, delegation=person.delegation,
    )  # fmt: skip


def _attach_member() -> None:
    """The member acts for an insertion structure, once the register is there."""
    user = User.objects.get(email=ORGANISATION_MEMBER)
    if OrganisationMembership.objects.filter(user=user).exists():
        return
    known = Organisation.objects.filter(facts__present=True, facts__is_employer=True, tags__code="aci")
    # Of those that keep green spaces when there are some: that is what its profile tells.
    ordered = known.order_by("facts__name", "pk")
    chosen = ordered.filter(facts__naf="81.30Z").first() or ordered.first()
    if chosen is not None:
        attach_person(None, chosen, user, day=FIRST_DAY)
