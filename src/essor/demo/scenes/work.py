"""What agents did: an organisation added, duplicates, successions, groups, a closing, tags with their proof."""

from collections.abc import Callable
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.db import transaction

from essor.demo.evolution import SECOND_EDITION
from essor.demo.scenes.cast import Cast
from essor.kernel.documents import render_pdf
from essor.kernel.periods import today
from essor.registry.actions_additions import NewOrganisation, add_organisation
from essor.registry.actions_links import NewLink, declare_state, link
from essor.registry.actions_merge import merge
from essor.registry.actions_tags import Proof, name_label, put_tag
from essor.registry.enums import Tag
from essor.registry.models import LocalLabel, Organisation, OrganisationFacts, OrganisationLink

LABEL = "Fabriqué en Haute-Garonne solidaire"
ENDS_IN = timedelta(days=50)


def play() -> None:
    """Play the scene once."""
    if LocalLabel.objects.exists():
        return
    with transaction.atomic():
        cast = Cast()
        _collective(cast)
        _duplicates(cast)
        _life(cast)
        _tags(cast)


def _collective(cast: Cast) -> None:
    """A collective that no open data know."""
    near = cast.of_metropolis().exclude(commune=None).first()
    if near is None or near.commune is None:
        return
    add_organisation(
        cast.agent, cast.department,
        NewOrganisation(
            name="Collectif du Garage aux Vélos Bleus", legal_form="collective", commune=near.commune,
            statement="Une vingtaine d’habitantes et d’habitants réparent des vélos ensemble et prêtent leurs outils.",
            purpose="Réparer des vélos ensemble, apprendre, prêter des outils.", naf="95.29Z",
            address="2 place des Hirondelles", source="Rencontre lors de la fête du quartier",
        ),
    )  # fmt: skip


def _duplicates(cast: Cast) -> None:
    """Two organisations typed a second time by the métropole: one pair merged, one left to merge."""
    for rank, word in enumerate(("ressourcerie", "amis des haies")):
        known = cast.take(cast.of_metropolis().filter(family="association"), word)
        facts = OrganisationFacts.objects.select_related("commune").get(pk=known.pk)
        if facts.commune is None:
            continue
        twice = add_organisation(
            cast.metropolitan_agent, cast.metropolis,
            NewOrganisation(
                name=f"Association {facts.name}", legal_form="association", commune=facts.commune,
                statement="Association reçue au guichet de la Métropole.", source="Dossier papier",
            ),
        )  # fmt: skip
        if rank == 0:
            merge(cast.agent, cast.department, known, twice, reason="Même association, saisie deux fois.")


def _life(cast: Cast) -> None:
    """A succession, a group, and a closing that the edition contradicts."""
    cooperative = cast.take(
        cast.free().filter(organisation__tags__code="scop"), "bistrot", "table", "conseil"
    )
    before = cast.take(cast.free().filter(family="association"), "café associatif", "tiers-lieu", "atelier")
    _tie(cast, OrganisationLink.Kind.TRANSFORMATION, before, cooperative, date(2025, 1, 1),
         "L’association a transféré son activité à la coopérative.")  # fmt: skip
    scic = cast.take(cast.free().exclude(family="association"), "Scic", "intérêt collectif")
    founder = cast.take(cast.free().filter(family="association"), "Amap", "panier", "jardin")
    _tie(cast, OrganisationLink.Kind.GROUP, founder, scic, date(2024, 3, 1),
         "L’association a fondé la Scic et siège à son conseil.")  # fmt: skip
    closed = cast.take(cast.free().filter(family="association"), "comité de jumelage", "comité")
    declare_state(
        cast.agent, cast.department, closed,
        state=Organisation.State.CLOSED, day=min(SECOND_EDITION - timedelta(days=17), today()),
        reason="Assemblée générale de dissolution ; la formalité n’est pas encore faite.",
        source="Courrier de la présidence, reçu au Département",
    )  # fmt: skip


def _tie(
    cast: Cast, kind: str, source: Organisation, target: Organisation, day: date, note: str
) -> OrganisationLink:
    return link(cast.agent, cast.department, NewLink(kind, source, target, day, note))


def _tags(cast: Cast) -> None:
    """Marks that no open data give, with what proves them; two of them end soon."""
    day = today()
    label = name_label(
        cast.agent, cast.department, LABEL,
        "Label inventé pour la démonstration : fabrication locale par des structures de l’ESS.",
    )  # fmt: skip
    decision = _decision()

    def put(organisation: Organisation, code: str, proof: Proof) -> None:
        put_tag(cast.agent, cast.department, organisation, code, proof)

    since = day - timedelta(days=1000)
    pole = cast.take(cast.free().filter(is_employer=True), "matériauthèque", "coopération", "Scic")
    put(
        pole,
        str(Tag.PTCE.value),
        Proof("Appel à projets PTCE, liste des lauréats", since, day + timedelta(days=400)),
    )
    shared = cast.take(cast.free(), "tiers-lieu", "laboratoire citoyen")
    put(shared, str(Tag.THIRD_PLACE.value), Proof(
        "Convention d’objectifs avec le Département", since, day + timedelta(days=120), "2024-TL-017", decision(),
        document_is_public=True))  # fmt: skip
    board = cast.take(cast.free(), "régie de quartier", "ateliers")
    put(
        board,
        str(Tag.NEIGHBOURHOOD.value),
        Proof("Labellisation du réseau, vue à l’assemblée générale", since),
    )
    for rank, word in enumerate(("charpente", "agencement", "construction")):
        maker = cast.take(cast.free().filter(is_employer=True), word)
        ends = day + (ENDS_IN if rank == 0 else timedelta(days=300 * rank))
        put(
            maker,
            label.code,
            Proof("Délibération du 12 mars 2025 (inventée)", since, ends, upload=decision()),
        )


def _decision() -> Callable[[], ContentFile[bytes]]:
    """What gives the same invented document, opened anew each time."""
    content = render_pdf(
        "kernel/note.typ",
        {
            "sections": [
                {"title": "Décision inventée", "text": "Cette pièce n’existe que dans la démonstration."}
            ]
        },
        "Décision (démonstration)",
    )
    return lambda: ContentFile(content, name="decision.pdf")
