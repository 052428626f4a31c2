"""Going back to an edition that was in force: its files are read again and put in force as any edition is.

What the differences keep (the followed fields) would not give back whole rows, so the files are needed: without them
going back is refused, and the register stays as it is.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.formats.problems import InputProblem
from essor.kernel import audit
from essor.kernel.jobs import start
from essor.kernel.models import Job
from essor.registry import comparison
from essor.registry.edition_words import scope_name
from essor.registry.editions import Show, find_edition, folder_of
from essor.registry.loading.force import Act, Counts
from essor.registry.loading.load import LoadRefused, load_edition
from essor.registry.models import Edition, Switch
from essor.registry.pipeline.edition import verify

audit.register(
    "registry.edition.taken_back",
    gettext_lazy("{actor} est revenu de l’édition du {undone} à celle du {day} ({scope})"),
)


def in_force() -> Edition:
    """The edition in force. Raises `LoadRefused` when there is none."""
    found = Edition.objects.filter(state=Edition.State.IN_FORCE).first()
    if found is None:
        raise LoadRefused(_("Aucune édition n’est en vigueur : il n’y a rien à défaire."))
    return found


def previous_of(edition: Edition) -> Edition | None:
    """The edition that this one replaced the last time it was put in force going forward; None for a first one."""
    switch = edition.switches.filter(going_back=False).select_related("replaced").first()
    return switch.replaced if switch else None


def target(reference: str = "") -> Edition:
    """The edition to go back to: the one named, else the one before. Raises `LoadRefused` when there is none."""
    current = in_force()
    if not reference:
        found = previous_of(current)
        if found is None:
            raise LoadRefused(
                _("Aucune édition n’a précédé celle qui est en vigueur : il n’y a rien à quoi revenir.")
            )
        return found
    found = find_edition(reference)
    if found.pk == current.pk:
        raise LoadRefused(_("Cette édition est déjà en vigueur."))
    if not found.switches.exists():
        raise LoadRefused(
            _(
                "Cette édition n’a jamais été en vigueur : pour la mettre en vigueur, « essor registry load %(code)s »."
            )
            % {"code": found.code}
        )
    return found


def check_files(edition: Edition) -> None:
    """Say why going back to the edition is impossible. Raises `LoadRefused`; the register does not change."""
    try:
        verify(folder_of(edition))
    except InputProblem as problem:
        raise LoadRefused(
            _(
                "Impossible de revenir à l’édition du %(day)s : ses fichiers ne sont plus tels quels sur le serveur "
                "(%(reason)s) Remettez le dossier « %(folder)s » depuis une sauvegarde, ou reconstruisez une édition "
                "à partir des mêmes fichiers. Le registre en vigueur n’a pas changé."
            )
            % {"day": edition.day, "reason": problem.reason, "folder": folder_of(edition)}
        ) from problem


def go_back(to: Edition, show: Show, *, undoing: Edition, actor_id: int | None, reason: str) -> Counts:
    """Put `to` in force again in place of `undoing`, log it with its reason.

    Raises `LoadRefused` when its files are gone, when another load is running, or when `undoing` is no longer in force.
    """
    check_files(to)

    def log(switch: Switch) -> None:
        data = {"scope": scope_name(to.scope), "day": to.day.isoformat(), "undone": undoing.day.isoformat()}
        for subject in (to, undoing):
            audit.record(
                "registry.edition.taken_back", actor_id=actor_id, subject=subject, data=data, reason=reason
            )
        start("registry.alerts", {"switch": switch.pk})

    act = Act(going_back=True, reason=reason, log=log)
    return load_edition(to, folder_of(to), show, force=True, act=act, instead_of=undoing.pk)


def start_going_back(*, actor_id: int, to: Edition, undoing: Edition, reason: str) -> Job:
    """Ask for the way back in the background."""
    params = {"edition": to.pk, "undoing": undoing.pk, "reason": reason}
    return start("registry.rollback", params, actor_id=actor_id)


def start_comparison(*, actor_id: int, edition: Edition) -> Job:
    """Ask for what the edition would change to be computed in the background."""
    return start("registry.compare", {"edition": edition.pk}, actor_id=actor_id)


def compare(edition: Edition) -> dict[str, int]:
    """What putting the edition in force would change, kept with it; counts by kind.

    Raises `LoadRefused` while it is being compared, `InputProblem` when its files are gone.
    """
    folder = folder_of(edition)
    verify(folder)
    return comparison.compare_with_register(edition, folder)
