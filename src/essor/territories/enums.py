"""Kinds of territory, of EPCI and of codes, with their French labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Levels of the administrative division; the value begins a reference (`epci:243100518`)."""

    FRANCE = "france", _("France")
    REGION = "region", _("Région")
    DEPARTEMENT = "departement", _("Département")
    COLLECTIVITE = "collectivite", _("Collectivité")
    EPCI = "epci", _("Intercommunalité (EPCI)")
    EPT = "ept", _("Établissement public territorial")
    COMMUNE = "commune", _("Commune")


class EpciType(models.TextChoices):
    """Legal forms of EPCI with their own taxation, as the DGCL codes them."""

    CC = "CC", _("Communauté de communes")
    CA = "CA", _("Communauté d’agglomération")
    CU = "CU", _("Communauté urbaine")
    METRO = "METRO", _("Métropole")
    MET69 = "MET69", _("Métropole de Lyon")


class Zone(models.TextChoices):
    """Where in the Republic: mainland with Corsica, overseas départements, overseas collectivities."""

    METRO = "metro", _("France métropolitaine")
    DROM = "drom", _("Département et région d’outre-mer")
    COM = "com", _("Collectivité d’outre-mer")


class CodeKind(models.TextChoices):
    """Why a code that is not a current commune's leads to one."""

    MUNICIPAL_DISTRICT = "arrondissement", _("Arrondissement municipal")
    DELEGATED = "deleguee", _("Commune déléguée")
    ASSOCIATED = "associee", _("Commune associée")
    FORMER = "ancien", _("Ancien code")


class PositionSource(models.TextChoices):
    """Where a position comes from; empty when there is none."""

    NONE = "", _("Position inconnue")
    GEONAMES = "geonames", _("GeoNames (CC BY 4.0), localité de même nom dans le département")
    MEAN = "moyenne", _("Moyenne des communes situées, pondérée par la population")
    OUTLINE = "contour", _("Point intérieur du contour chargé")


class LoadKind(models.TextChoices):
    """What a load brought."""

    REFERENCE = "reference", _("Découpage de référence livré avec Essor")
    COG = "cog", _("Code officiel géographique (CSV)")
    OUTLINES = "contours", _("Contours (GeoJSON)")
    QPV = "qpv", _("Quartiers prioritaires (GeoJSON)")
    ZONING = "zonage", _("Zonage des communes (CSV, Excel, JSON)")


class Zoning(models.TextChoices):
    """Official zonings that give each commune a class."""

    DENSITY = "densite", _("Grille communale de densité (Insee)")
    ZRR = "zrr", _("Zone de revitalisation rurale (ZRR, jusqu’au 30 juin 2024)")
    FRR = "frr", _("France ruralités revitalisation (FRR)")


class QpvGeneration(models.IntegerChoices):
    """The two lists of QPV: décret 2014-1750 (codes QP…), décret 2023-1314 (codes QN…)."""

    G2015 = 2015, _("Quartiers de 2015")
    G2024 = 2024, _("Quartiers de 2024")
