"""Words of the aids."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who may ask for an aid; codes of `formats.aid_cells`."""

    ASSOCIATION = "association", _("Associations")
    COMPANY = "company", _("Entreprises")
    INDIVIDUAL = "individual", _("Personnes")
    FARMER = "farmer", _("Agricultrices et agriculteurs")
    COMMUNE = "commune", _("Communes")
    EPCI = "epci", _("Intercommunalités")
    DEPARTEMENT = "departement", _("Départements")
    REGION = "region", _("Régions")
    OVERSEAS = "overseas", _("Collectivités d’outre-mer")
    LOCAL_COMPANY = "local_company", _("Entreprises publiques locales")
    PUBLIC = "public", _("Établissements publics")
    RESEARCH = "research", _("Recherche")
    OTHER = "other", _("Autres")


class Nature(models.TextChoices):
    """What an aid brings; `aid_words` reads it from the words of the list."""

    GRANT = "grant", _("Subvention")
    LOAN = "loan", _("Prêt ou avance")
    OTHER_MONEY = "money", _("Autre aide financière")
    ADVICE = "advice", _("Conseil et ingénierie")


class Recurrence(models.TextChoices):
    """How often an aid can be asked for."""

    PERMANENT = "permanent", _("Permanente")
    ONCE = "once", _("Ponctuelle")
    RECURRING = "recurring", _("Récurrente")


class LinkState(models.TextChoices):
    """What is known of an address on the web."""

    UNCHECKED = "unchecked", _("Non vérifié")
    ALIVE = "alive", _("Répond")
    MOVED = "moved", _("A déménagé")
    DEAD = "dead", _("Ne répond plus")
    UNREADABLE = "unreadable", _("Adresse illisible")
