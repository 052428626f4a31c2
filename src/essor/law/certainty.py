"""How sure we are of a legal fact: shown to the user next to the fact."""

from essor.law.labelled import Labelled


class Certainty(Labelled):
    """Where a value of the law or of a nomenclature was read.

    Only ``SEEN`` is given as sure; every other one is shown with « à vérifier ».
    """

    SEEN = "seen", "Lu dans une source publique"
    PARTIAL = "partial", "Valeur lue, date ou article à vérifier"
    SECONDARY = "secondary", "Lu dans une source secondaire, à vérifier"
    MEMORY = "memory", "De mémoire, à vérifier sur Légifrance"
    UNKNOWN = "unknown", "Inconnu, à vérifier"

    @property
    def is_sure(self) -> bool:
        """True when nothing has to be verified before relying on the fact."""
        return self is Certainty.SEEN

    @property
    def public_note(self) -> str:
        """The words shown beside the fact: empty when it is sure, « à vérifier » otherwise."""
        return "" if self.is_sure else "à vérifier"

    @classmethod
    def weakest(cls, *certainties: "Certainty") -> "Certainty":
        """The least sure of several: a conclusion is worth what its weakest premise is worth."""
        order = list(cls)
        return max(certainties, key=lambda certainty: order.index(certainty))
