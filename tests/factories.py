"""Made-up objects for tests, one factory a table, with traits for the situations that tests name.

`UserFactory(installation_admin=True)`, `MembershipFactory(agent=True)`, `MembershipFactory(elected=True, ended=True)`…
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from factory.django import DjangoModelFactory

from essor.accounts.actions.invitations import hash_of
from essor.accounts.enums import AGENT, EXPERT, MANAGER, AuthorityKind, InstallationRoleKind
from essor.accounts.files import LOGO
from essor.accounts.models import (
    Authority,
    InstallationRole,
    Invitation,
    Mandate,
    Membership,
    RoleGrant,
    Service,
    User,
)
from essor.kernel.models import StoredFile
from essor.registry.models import (
    Directory,
    DirectoryImport,
    DirectoryRow,
    Edition,
    Organisation,
    OrganisationMembership,
)
from essor.territories.enums import Kind, Zone
from essor.territories.models import Territory

PASSWORD = "pommier-lune-violon-37"
LONG_AGO = date(2020, 1, 1)
LAST_YEAR = date(2025, 6, 1)
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class TerritoryFactory(DjangoModelFactory[Territory]):
    """A commune of the current division."""

    class Meta:
        model = Territory

    class Params:
        departement_kind = factory.Trait(
            kind=Kind.DEPARTEMENT, code=factory.Sequence(lambda n: f"D{n:02}"), name="Département d’essai"
        )

    kind = Kind.COMMUNE
    code = factory.Sequence(lambda n: f"{n:05}")
    name = factory.Sequence(lambda n: f"Commune d’essai {n}")
    zone = Zone.METRO
    vintage = 2026


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """An organisation of the register, public."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Association d’essai {n}")


class EditionFactory(DjangoModelFactory[Edition]):
    """An edition of the register, built and not in force."""

    class Meta:
        model = Edition

    class Params:
        in_force = factory.Trait(state=Edition.State.IN_FORCE, loaded_at=factory.LazyFunction(timezone.now))

    code = factory.Sequence(lambda n: f"essai-{n}")
    scope = "departement:31"
    day = date(2026, 11, 1)
    perimeter_version = "2026-11"
    built_at = factory.LazyFunction(timezone.now)


class DirectoryFactory(DjangoModelFactory[Directory]):
    """A partner's directory, of the installation unless told."""

    class Meta:
        model = Directory

    code = factory.Sequence(lambda n: f"annuaire-{n}")
    name = factory.Sequence(lambda n: f"Annuaire d’essai {n}")


class DirectoryImportFactory(DjangoModelFactory[DirectoryImport]):
    """A file of a directory, in use; its content is not kept."""

    class Meta:
        model = DirectoryImport

    directory = factory.SubFactory(DirectoryFactory)
    file_name = "liste.csv"
    day = date(2026, 11, 1)
    state = DirectoryImport.State.CURRENT


class DirectoryRowFactory(DjangoModelFactory[DirectoryRow]):
    """A row that waits, without proposal."""

    class Meta:
        model = DirectoryRow

    directory = factory.SubFactory(DirectoryFactory)
    key = factory.Sequence(lambda n: f"id:{n}")
    line = factory.Sequence(lambda n: n + 2)
    name = factory.Sequence(lambda n: f"Structure d’essai {n}")
    outcome = DirectoryRow.Outcome.NONE


class LogoFactory(DjangoModelFactory[StoredFile]):
    """The record of a logo; its content is not in the storage."""

    class Meta:
        model = StoredFile

    sha256 = "0" * 64
    name = "logo.png"
    content_type = "image/png"
    size = 68
    purpose = LOGO
    created_at = factory.LazyFunction(timezone.now)


class UserFactory(DjangoModelFactory[User]):
    """A person with a password; without any role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        inactive = factory.Trait(is_active=False)

    email = factory.Sequence(lambda n: f"personne{n}@exemple.fr")
    full_name = factory.Sequence(lambda n: f"Personne {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", PASSWORD)
        return model_class.objects.create_user(*args, password=password, **kwargs)

    @factory.post_generation
    def installation_admin(self: User, create: bool, wanted: bool | None, **_: Any) -> None:
        """`installation_admin=True`: administers the installation since long."""
        if wanted:
            InstallationRoleFactory(user=self, role=InstallationRoleKind.ADMINISTRATOR)

    @factory.post_generation
    def editor(self: User, create: bool, wanted: bool | None, **_: Any) -> None:
        """`editor=True`: edits common contents since long."""
        if wanted:
            InstallationRoleFactory(user=self, role=InstallationRoleKind.EDITOR)

    @factory.post_generation
    def second_factor(self: User, create: bool, wanted: bool | None, **_: Any) -> None:
        """`second_factor=True`: has a code generator and recovery codes."""
        if wanted:
            TOTP.activate(self, TOTP_SECRET)
            RecoveryCodes.activate(self)


class AuthorityFactory(DjangoModelFactory[Authority]):
    """An authority on its own territory."""

    class Meta:
        model = Authority

    slug = factory.Sequence(lambda n: f"collectivite-{n}")
    name = factory.Sequence(lambda n: f"Collectivité d’essai {n}")
    kind = AuthorityKind.DEPARTEMENT
    territory = factory.SubFactory(TerritoryFactory, departement_kind=True)


class ServiceFactory(DjangoModelFactory[Service]):
    """A service open since long."""

    class Meta:
        model = Service

    authority = factory.SubFactory(AuthorityFactory)
    name = factory.Sequence(lambda n: f"Service {n}")
    start = LONG_AGO


class RoleGrantFactory(DjangoModelFactory[RoleGrant]):
    """A role held since the beginning of the membership."""

    class Meta:
        model = RoleGrant

    membership = factory.SubFactory("tests.factories.MembershipFactory")
    role = AGENT
    start = factory.SelfAttribute("membership.start")


class MandateFactory(DjangoModelFactory[Mandate]):
    """A mandate held since the beginning of the membership."""

    class Meta:
        model = Mandate

    membership = factory.SubFactory("tests.factories.MembershipFactory")
    title = "Vice-présidente chargée de l’économie sociale et solidaire"
    start = factory.SelfAttribute("membership.start")


class MembershipFactory(DjangoModelFactory[Membership]):
    """A person in an authority since long; traits give roles."""

    class Meta:
        model = Membership
        skip_postgeneration_save = True

    class Params:
        ended = factory.Trait(end=LAST_YEAR)

    user = factory.SubFactory(UserFactory)
    authority = factory.SubFactory(AuthorityFactory)
    start = LONG_AGO

    @factory.post_generation
    def agent(self: Membership, create: bool, wanted: bool | None, **_: Any) -> None:
        """`agent=True`: an agent."""
        if wanted:
            RoleGrantFactory(membership=self, role=AGENT)

    @factory.post_generation
    def manager(self: Membership, create: bool, wanted: bool | None, **_: Any) -> None:
        """`manager=True`: in charge of the team."""
        if wanted:
            RoleGrantFactory(membership=self, role=MANAGER)

    @factory.post_generation
    def expert(self: Membership, create: bool, wanted: bool | None, **_: Any) -> None:
        """`expert=True`: an external expert."""
        if wanted:
            RoleGrantFactory(membership=self, role=EXPERT)

    @factory.post_generation
    def elected(self: Membership, create: bool, wanted: bool | None, **_: Any) -> None:
        """`elected=True`: holds a mandate."""
        if wanted:
            MandateFactory(membership=self)


class OrganisationMembershipFactory(DjangoModelFactory[OrganisationMembership]):
    """A person who acts for an organisation since long."""

    class Meta:
        model = OrganisationMembership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    valid_from = LONG_AGO


class InstallationRoleFactory(DjangoModelFactory[InstallationRole]):
    """A role over the installation, held since long."""

    class Meta:
        model = InstallationRole

    user = factory.SubFactory(UserFactory)
    role = InstallationRoleKind.ADMINISTRATOR
    start = LONG_AGO


class InvitationFactory(DjangoModelFactory[Invitation]):
    """An invitation sent yesterday, whose token is `token`."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda n: f"jeton-{n}")
        sent = factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(days=1))
        expired = factory.Trait(
            expires_at=factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(minutes=1))
        )

    email = factory.Sequence(lambda n: f"invitation{n}@exemple.fr")
    authority = factory.SubFactory(AuthorityFactory)
    roles = factory.LazyFunction(lambda: [AGENT])
    token_hash = factory.LazyAttribute(lambda row: hash_of(row.token))
    created_at = factory.SelfAttribute("sent")
    expires_at = factory.LazyAttribute(lambda row: row.sent + timedelta(days=14))


def totp_of(user: User) -> Authenticator:
    """The code generator of a person made with `second_factor=True`."""
    return Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
