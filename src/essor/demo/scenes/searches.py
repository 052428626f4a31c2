"""Searches that the agent keeps, and words that the editor taught to the search."""

from django.db import transaction

from essor.demo.scenes.cast import Cast
from essor.registry.actions_search import Kept, save_search, write_words
from essor.registry.models import SavedSearch

KEPT = (
    ("Chantiers d’insertion autour de Toulouse", SavedSearch.Alert.EDITION,
     "etiquette=aci&etiquette=ei&pres=commune%3A31555&km=20"),
    ("Employeuses des quartiers prioritaires", SavedSearch.Alert.WEEKLY, "qpv=2024-dans&employeur=oui"),
    ("Réemploi", SavedSearch.Alert.NONE, "q=r%C3%A9emploi&employeur=oui"),
)  # fmt: skip
# What people of the département say, and the package does not know.
WORDS = (
    ("bricothèque", ("38.32Z", "77.29Z"), ("prêt d’outils", "outilthèque")),
    ("cantine solidaire", ("56.10A", "56.29A"), ("restaurant solidaire", "table d’hôtes associative")),
    ("garage à vélos", ("95.29Z",), ("atelier vélo", "vélonomie")),
)


def play() -> None:
    """Play the scene once."""
    if SavedSearch.objects.exists():
        return
    with transaction.atomic():
        cast = Cast()
        for name, alert, query in KEPT:
            save_search(cast.agent, Kept(name, alert), query, cast.department)
        editor = cast.person("redaction@essor.example.org")
        for words, naf, equivalents in WORDS:
            write_words(editor, words, naf, equivalents)
