"""Every address × every role: who may see what, against a table written by hand.

A new address fails (`test_rights_held`) until it has its line in `ALLOWED`; an address with arguments that nobody gives
yet fails until `ARGUMENTS` has a maker for it (`rights_made`).
"""

from collections.abc import Callable
from typing import Any

from tests import kit_factories

# Packed: one name a line would be half a page.
# isort: off
from tests.rights_made import (
    DIRECTORY_PAGES, ROLES, _alert, _claim, _correction, _directory_arguments, _edition, _held, _hidden_number, _hiding,
    _installation_role, _invitation, _job, _label, _link, _logo, _member, _merge, _person, _proven_tag, _search,
    _local_value, _note, _service, _path_token, _supporter, _unsubscribe_token, _words, ADMIN, AGENT, EDITOR,
    ELECTED, EXPERT, MANAGER, ORGANISATION, Route, VISITOR, World,
)  # fmt: skip
# isort: on

EVERYONE = frozenset(ROLES)
SIGNED_IN = EVERYONE - {VISITOR}
ADMINISTRATION = frozenset({ADMIN})
TEAM = frozenset({AGENT, MANAGER, ELECTED, EXPERT})
TEAM_READERS = frozenset({AGENT, MANAGER, ELECTED, ADMIN})
# Managers of the team, who also are members of it; the author of the thing is another agent in the walk.
TEAM_MANAGERS = frozenset({MANAGER})
EDITORS = frozenset({EDITOR, ADMIN})
MANAGERS = frozenset({MANAGER, ADMIN})
AGENTS = frozenset({AGENT, ADMIN})

SUPPORT_KEEPING = ("supporter-add", "supporter-edit", "supporter-close")

WRITERS = frozenset({ORGANISATION, AGENT, ADMIN})
HANDLERS = frozenset({AGENT, ADMIN})

# The table. The name of an address, with its namespace → the roles that may see it.
ALLOWED: dict[str, frozenset[str]] = {
    # portal
    "home": EVERYONE,
    "robots": EVERYONE,
    "authority-home": EVERYONE,
    "agent-home": TEAM,
    # the house
    "health": EVERYONE,
    "theme": EVERYONE,
    "file": EVERYONE,  # the argument is a logo; files of other usages have their own tests
    "job": frozenset({AGENT, ADMIN}),  # the argument is a job that the agent started
    "job-state": frozenset({AGENT, ADMIN}),
    "job-cancel": frozenset({AGENT, ADMIN}),
    "job-retry": frozenset({AGENT, ADMIN}),
    # one's own account
    "account": SIGNED_IN,
    "account-profile": SIGNED_IN,
    "account-export": SIGNED_IN,
    "invitation": EVERYONE,
    "sign-up": EVERYONE,
    "sign-up-open": EVERYONE,
    "account_login": EVERYONE,
    "account_logout": EVERYONE,
    "account_inactive": EVERYONE,
    "account_reset_password": EVERYONE,
    "account_reset_password_done": EVERYONE,
    "account_reset_password_from_key": EVERYONE,
    "account_reset_password_from_key_done": EVERYONE,
    "mfa_authenticate": EVERYONE,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    # the installation
    "installation": ADMINISTRATION,
    "installation-journal": ADMINISTRATION,
    "installation-authority-add": ADMINISTRATION,
    "installation-authority": ADMINISTRATION,
    "installation-people": ADMINISTRATION,
    "installation-person": ADMINISTRATION,
    "installation-role-add": ADMINISTRATION,
    "installation-role-end": ADMINISTRATION,
    "installation-person-deactivate": ADMINISTRATION,
    "installation-person-reactivate": ADMINISTRATION,
    "installation-person-second-factor": ADMINISTRATION,
    # the team of an authority
    "team": TEAM_READERS,
    "team-member": TEAM_READERS,
    "team-services": TEAM_READERS,
    "team-invite": MANAGERS,
    "team-invitation-resend": MANAGERS,
    "team-invitation-revoke": MANAGERS,
    "team-member-move": MANAGERS,
    "team-member-end": MANAGERS,
    "team-role-add": MANAGERS,
    "team-role-end": MANAGERS,
    "team-mandate-add": MANAGERS,
    "team-mandate-end": MANAGERS,
    "team-service-add": MANAGERS,
    "team-service-rename": MANAGERS,
    "team-service-close": MANAGERS,
    # territories
    "territories:index": EVERYONE,
    "territories:suggestions": EVERYONE,
    "territories:territory": EVERYONE,
    "territories:backdrop": EVERYONE,
    # the register, on the common pages and in an authority's frame
    "registry:list": EVERYONE,
    "registry:method": EVERYONE,
    "registry:qpv": EVERYONE,
    "registry:qpv-file": SIGNED_IN,
    "registry:self-assessment": EVERYONE,
    "registry:self-assessment-pdf": EVERYONE,
    "registry:organisation": EVERYONE,
    "registry:report-error": EVERYONE,
    "authority-registry:list": EVERYONE,
    "authority-registry:method": EVERYONE,
    "authority-registry:qpv": EVERYONE,
    "authority-registry:qpv-file": SIGNED_IN,
    "authority-registry:self-assessment": EVERYONE,
    "authority-registry:self-assessment-pdf": EVERYONE,
    "authority-registry:organisation": EVERYONE,
    "authority-registry:report-error": EVERYONE,
    # agents' work on the organisations of their territory; the administration's, on the common pages
    "registry:add": ADMINISTRATION,
    "registry:duplicates": ADMINISTRATION,
    "registry:merge": ADMINISTRATION,
    "registry:merge-distinct": ADMINISTRATION,
    "registry:merge-undo": ADMINISTRATION,
    "registry:merge-find": ADMINISTRATION,
    "registry:link-add": ADMINISTRATION,
    "registry:link-undo": ADMINISTRATION,
    "registry:state": ADMINISTRATION,
    "registry:tag-put": ADMINISTRATION,
    "registry:tag-renewals": ADMINISTRATION,
    "registry:tag-renewals-csv": ADMINISTRATION,
    "registry:tag-renew": ADMINISTRATION,
    "registry:tag-withdraw": ADMINISTRATION,
    "registry:labels": ADMINISTRATION,
    "registry:label-retire": ADMINISTRATION,
    "authority-registry:add": AGENTS,
    "authority-registry:duplicates": AGENTS,
    "authority-registry:merge": AGENTS,
    "authority-registry:merge-distinct": AGENTS,
    "authority-registry:merge-undo": AGENTS,
    "authority-registry:merge-find": AGENTS,
    "authority-registry:link-add": AGENTS,
    "authority-registry:link-undo": AGENTS,
    "authority-registry:state": AGENTS,
    "authority-registry:tag-put": AGENTS,
    "authority-registry:tag-renewals": AGENTS,
    "authority-registry:tag-renewals-csv": AGENTS,
    "authority-registry:tag-renew": AGENTS,
    "authority-registry:tag-withdraw": AGENTS,
    "authority-registry:labels": AGENTS,
    "authority-registry:label-retire": AGENTS,
    **{f"registry:{name}": ADMINISTRATION for name in DIRECTORY_PAGES},
    **{f"authority-registry:{name}": frozenset({AGENT, ADMIN}) for name in DIRECTORY_PAGES},
    # people's part: members of the organisation, agents of the authority that holds it
    "registry:mine": SIGNED_IN,
    "registry:claim-proof": SIGNED_IN,
    "registry:claim": EVERYONE,
    "registry:hide": EVERYONE,
    "registry:claim-withdraw": SIGNED_IN,
    "registry:correction-withdraw": SIGNED_IN,
    "registry:members": frozenset({ORGANISATION}),
    "registry:leave": frozenset({ORGANISATION}),
    "registry:profile": WRITERS,
    "registry:profile-conflict": WRITERS,
    "registry:correct": WRITERS,
    "authority-registry:mine": SIGNED_IN,
    "authority-registry:claim-proof": SIGNED_IN,
    "authority-registry:claim": EVERYONE,
    "authority-registry:hide": EVERYONE,
    "authority-registry:claim-withdraw": SIGNED_IN,
    "authority-registry:correction-withdraw": SIGNED_IN,
    "authority-registry:members": frozenset({ORGANISATION}),
    "authority-registry:leave": frozenset({ORGANISATION}),
    "authority-registry:profile": WRITERS,
    "authority-registry:profile-conflict": WRITERS,
    "authority-registry:correct": WRITERS,
    "requests": HANDLERS,
    "request-hide-number": HANDLERS,
    "request-hidden-numbers": HANDLERS,
    "request-hidden-number": HANDLERS,
    "request-claim": HANDLERS,
    "request-correction": HANDLERS,
    "request-hiding": HANDLERS,
    "registry:map": EVERYONE,
    "registry:map-embed": EVERYONE,
    "registry:map-embed-code": EVERYONE,
    "registry:map-tile": EVERYONE,
    "registry:map-place": EVERYONE,
    "registry:export-columns": EVERYONE,
    "registry:export": EVERYONE,
    "registry:export-prepare": EVERYONE,
    "registry:contact": EVERYONE,
    "authority-registry:map": EVERYONE,
    "authority-registry:map-embed": EVERYONE,
    "authority-registry:map-embed-code": EVERYONE,
    "authority-registry:map-tile": EVERYONE,
    "authority-registry:map-place": EVERYONE,
    "authority-registry:export-columns": EVERYONE,
    "authority-registry:export": EVERYONE,
    "authority-registry:export-prepare": EVERYONE,
    "authority-registry:contact": EVERYONE,
    "registry:searches": SIGNED_IN,
    "registry:search-save": SIGNED_IN,
    "registry:search-edit": SIGNED_IN,
    "registry:search-erase": SIGNED_IN,
    "registry:search-stop": EVERYONE,
    "authority-registry:searches": SIGNED_IN,
    "authority-registry:search-save": SIGNED_IN,
    "authority-registry:search-edit": SIGNED_IN,
    "authority-registry:search-erase": SIGNED_IN,
    "authority-registry:search-stop": EVERYONE,
    "registry-admin:search-words": EDITORS,
    "registry-admin:search-words-edit": EDITORS,
    "registry-admin:search-words-remove": EDITORS,
    "registry-admin:search-rebuild": ADMINISTRATION,
    "registry-admin:editions": ADMINISTRATION,
    "registry-admin:build": ADMINISTRATION,
    "registry-admin:work": ADMINISTRATION,
    "registry-admin:edition": ADMINISTRATION,
    "registry-admin:edition-put-in-force": ADMINISTRATION,
    "registry-admin:edition-rejected": ADMINISTRATION,
    "registry-admin:edition-rejected-csv": ADMINISTRATION,
    "registry-admin:edition-changes": ADMINISTRATION,
    "registry-admin:edition-changes-csv": ADMINISTRATION,
    "registry-admin:edition-compare": ADMINISTRATION,
    "registry-admin:edition-go-back": ADMINISTRATION,
    "registry-alerts:list": frozenset({AGENT}),
    "registry-alerts:csv": frozenset({AGENT}),
    "registry-alerts:subscription": frozenset({AGENT}),
    "registry-alerts:review": frozenset({AGENT}),
    "alerts-unsubscribe": EVERYONE,
    # questions to the law, open to all; the answers that an authority keeps are its own
    **{
        f"{space}:{name}": EVERYONE
        for space in ("rulebook", "authority-rulebook")
        for name in ("rules", "rule", "rule-json", "rule-pdf")
    },
    "rulebook-notes:list": TEAM,
    "rulebook-notes:csv": TEAM,
    "rulebook-notes:keep": TEAM,
    "rulebook-notes:note": TEAM,
    "rulebook-notes:pdf": TEAM,
    "rulebook-notes:withdraw": TEAM_MANAGERS,
    "rulebook-notes:erase": TEAM_MANAGERS,
    "registry-admin:perimeters": ADMINISTRATION,
    "registry-admin:perimeter": ADMINISTRATION,
    "registry-admin:perimeter-new": ADMINISTRATION,
    # the values of the law
    **{
        f"{space}:{name}": EVERYONE
        for space in ("rulebook", "authority-rulebook")
        for name in ("values", "value", "value-json", "changes", "changes-feed")
    },
    # the kit: fiches and recipes, open to all
    **{
        f"{space}:{name}": EVERYONE
        for space in ("kit", "authority-kit")
        for name in (
            "contents",
            "whole-pdf",
            "fiche",
            "fiche-pdf",
            "recipes",
            "recipe",
            "recipe-json",
            "recipe-yaml",
        )
    },
    "rulebook-admin:local-values": ADMINISTRATION,
    "rulebook-admin:local-parameter-new": ADMINISTRATION,
    "rulebook-admin:local-value-new": ADMINISTRATION,
    "rulebook-admin:local-value-withdraw": ADMINISTRATION,
    # the support ecosystem
    **{
        f"{space}:{name}": EVERYONE
        for space in ("kit", "authority-kit")
        for name in ("support", "support-csv", "supporter", "aids", "aid")
    },
    **{
        f"{space}:{name}": EVERYONE
        for space in ("kit", "authority-kit")
        for name in ("orientation", "orientation-path", "orientation-pdf", "orientation-send")
    },
    **{f"kit:{name}": frozenset() for name in ("orientation-requests", "orientation-requests-csv")},
    **{
        f"authority-kit:{name}": frozenset({AGENT})
        for name in ("orientation-requests", "orientation-requests-csv")
    },
    "kit:aid-lists": EDITORS,
    "kit:aid-list": EDITORS,
    "authority-kit:aid-lists": frozenset(),
    "authority-kit:aid-list": frozenset(),
    **{f"kit:{name}": EDITORS for name in SUPPORT_KEEPING},
    **{f"authority-kit:{name}": frozenset({AGENT}) for name in SUPPORT_KEEPING},
}


# What each argument is, by address and argument, else by argument alone. A room that brings addresses adds makers here.
ARGUMENTS: dict[str, Callable[[World], Any]] = {
    "authority": lambda world: world.authority.slug,
    "slug": lambda world: world.authority.slug,
    "theme:version": lambda world: "abcdef0123",
    "file:file_id": lambda world: _logo(world).pk,
    "job_id": lambda world: _job(world).pk,
    "invitation:token": lambda world: _invitation(world) and "essai",
    "account_reset_password_from_key:uidb36": lambda world: "1",
    "account_reset_password_from_key:key": lambda world: "abc-def",
    "installation-person:pk": lambda world: _person(world).pk,
    "installation-role-add:pk": lambda world: _person(world).pk,
    "installation-role-end:pk": lambda world: _installation_role(world).pk,
    "installation-person-deactivate:pk": lambda world: _person(world).pk,
    "installation-person-reactivate:pk": lambda world: _person(world).pk,
    "installation-person-second-factor:pk": lambda world: _person(world).pk,
    "team-member:pk": lambda world: _member(world).pk,
    "team-member-move:pk": lambda world: _member(world).pk,
    "team-member-end:pk": lambda world: _member(world).pk,
    "team-role-add:pk": lambda world: _member(world).pk,
    "team-mandate-add:pk": lambda world: _member(world).pk,
    "team-role-end:pk": lambda world: _member(world).grants.get().pk,
    "team-mandate-end:pk": lambda world: _member(world).mandates.get().pk,
    "team-invitation-resend:pk": lambda world: _invitation(world).pk,
    "team-invitation-revoke:pk": lambda world: _invitation(world).pk,
    "team-service-rename:pk": lambda world: _service(world).pk,
    "team-service-close:pk": lambda world: _service(world).pk,
    "territories:territory:kind": lambda world: world.authority.territory.kind,
    "territories:territory:code": lambda world: world.authority.territory.code,
    "territories:backdrop:version": lambda world: "essai",
    "territories:backdrop:kind": lambda world: world.authority.territory.kind,
    "territories:backdrop:code": lambda world: world.authority.territory.code,
    "registry:map-tile:version": lambda world: "essai",
    "authority-registry:map-tile:version": lambda world: "essai",
    "z": lambda world: 0,
    "x": lambda world: 0,
    "y": lambda world: 0,
    "place": lambda world: "0",
    "extension": lambda world: "csv",
    "registry:export-prepare:extension": lambda world: "xlsx",
    "authority-registry:export-prepare:extension": lambda world: "xlsx",
    "registry:organisation:pk": lambda world: world.made["organisation"].pk,
    "registry:contact:pk": lambda world: world.made["organisation"].pk,
    "registry:report-error:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:organisation:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:contact:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:report-error:pk": lambda world: world.made["organisation"].pk,
    **{
        f"{space}:{name}:pk": _held
        for space in ("registry", "authority-registry")
        for name in ("merge-find", "link-add", "state", "tag-put")
    },
    "first": _held,
    "second": lambda world: _held(world, 2),
    "merge_id": lambda world: _merge(world).pk,
    "link_id": lambda world: _link(world).pk,
    "tag_id": lambda world: _proven_tag(world).pk,
    "label_id": lambda world: _label(world).pk,
    **_directory_arguments("registry", framed=False),
    **_directory_arguments("authority-registry", framed=True),
    "rule": lambda world: "scic_reserves",
    **{
        f"rulebook-notes:{name}:pk": lambda world: _note(world).pk
        for name in ("note", "pdf", "withdraw", "erase")
    },
    "registry:claim:pk": lambda world: world.made["organisation"].pk,
    "registry:hide:pk": lambda world: world.made["organisation"].pk,
    "registry:members:pk": lambda world: world.made["organisation"].pk,
    "registry:leave:pk": lambda world: world.made["organisation"].pk,
    "registry:profile:pk": lambda world: world.made["organisation"].pk,
    "registry:profile-conflict:pk": lambda world: world.made["organisation"].pk,
    "registry:correct:pk": lambda world: world.made["organisation"].pk,
    "registry:claim-proof:token": lambda world: "essai",
    "authority-registry:claim:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:hide:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:members:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:leave:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:profile:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:profile-conflict:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:correct:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:claim-proof:token": lambda world: "essai",
    "claim_id": lambda world: _claim(world).pk,
    "correction_id": lambda world: _correction(world).pk,
    "request-claim:pk": lambda world: _claim(world).pk,
    "request-correction:pk": lambda world: _correction(world).pk,
    "request-hidden-number:pk": lambda world: _hidden_number(world).pk,
    "request-hiding:pk": lambda world: _hiding(world).pk,
    "sign-up-open:token": lambda world: "essai",
    "registry:search-edit:pk": lambda world: _search(world).pk,
    "registry:search-erase:pk": lambda world: _search(world).pk,
    "authority-registry:search-edit:pk": lambda world: _search(world).pk,
    "authority-registry:search-erase:pk": lambda world: _search(world).pk,
    "registry:search-stop:token": lambda world: _search(world).token,
    "authority-registry:search-stop:token": lambda world: _search(world).token,
    "registry-admin:search-words-remove:pk": lambda world: _words(world).pk,
    "registry-admin:edition:pk": lambda world: _edition(world).pk,
    "registry-admin:edition-put-in-force:pk": lambda world: _edition(world).pk,
    "registry-admin:edition-rejected:pk": lambda world: _edition(world).pk,
    "registry-admin:edition-rejected-csv:pk": lambda world: _edition(world).pk,
    **{
        f"registry-admin:{name}:pk": lambda world: _edition(world).pk
        for name in ("edition-changes", "edition-changes-csv", "edition-compare", "edition-go-back")
    },
    "registry-alerts:review:pk": lambda world: _alert(world).pk,
    "alerts-unsubscribe:token": _unsubscribe_token,
    "registry-admin:perimeter:version": lambda world: "2026-11",
    "registry-admin:perimeter-new:base": lambda world: "2026-11",
    **{
        f"{space}:{name}:code": lambda world, code=code: code
        for space in ("kit", "authority-kit")
        for name, code in (
            ("fiche", "K12"),
            ("fiche-pdf", "K12"),
            ("recipe", "cit-er-44"),
            ("recipe-json", "cit-er-44"),
            ("recipe-yaml", "cit-er-44"),
        )
    },
    "identifier": lambda world: "procurement.no_publicity.supplies_services",
    "rulebook-admin:local-value-withdraw:pk": lambda world: _local_value(world).pk,
    **{
        f"{space}:{name}:token": lambda world, framed=framed: _path_token(world, framed=framed)
        for space, framed in (("kit", False), ("authority-kit", True))
        for name in ("orientation-path", "orientation-pdf", "orientation-send")
    },
    **{
        f"{space}:aid:pk": lambda world: world.once("aid", kit_factories.AidFactory).pk
        for space in ("kit", "authority-kit")
    },
    **{
        f"{space}:aid-list:pk": lambda world: world.once("aid list", kit_factories.AidImportFactory).pk
        for space in ("kit", "authority-kit")
    },
    **{
        f"kit:{name}:pk": lambda world: _supporter(world, framed=False).pk
        for name in ("supporter", "supporter-edit", "supporter-close")
    },
    **{
        f"authority-kit:{name}:pk": lambda world: _supporter(world, framed=True).pk
        for name in ("supporter", "supporter-edit", "supporter-close")
    },
}


def maker(route: Route, argument: str) -> Callable[[World], Any] | None:
    return ARGUMENTS.get(f"{route.name}:{argument}") or ARGUMENTS.get(argument)
