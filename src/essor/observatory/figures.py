"""Which indicators the pages of the observatory show, and in which order. The register's and the official tables'
never stand in one series: INSEE counts otherwise (ADR of the observatory).
"""

from django.utils.translation import gettext_lazy as _

ORGANISATIONS = "registre.organisations"
EMPLOYERS = "registre.employeurs"
ESTABLISHMENTS = "registre.etablissements"
EMPLOYING = "registre.etablissements_employeurs"
JOBS = "registre.emplois"
JOBS_LEAST, JOBS_MOST = "registre.emplois_min", "registre.emplois_max"
DENSITY = "registre.densite"
CREATIONS, CLOSURES = "registre.creations", "registre.fermetures"
FLORES_JOBS, FLORES_SHARE = "flores.effectifs", "flores.part_emploi_prive"
URSSAF_JOBS, URSSAF_SHARE = "urssaf.effectifs", "urssaf.part_emploi_prive"

# Lines of the table that compares, by source.
REGISTER_LINES = (
    ESTABLISHMENTS,
    EMPLOYING,
    ORGANISATIONS,
    EMPLOYERS,
    "registre.part_employeurs",
    JOBS,
    DENSITY,
    "registre.part_qpv",
    "registre.part_rural",
    "registre.esus",
    CREATIONS,
    CLOSURES,
)
INSEE_LINES = ("registre.etablissements_insee", "registre.emplois_insee")
FLORES_LINES = ("flores.etablissements", FLORES_JOBS, "flores.etp", "flores.remunerations", FLORES_SHARE)
URSSAF_LINES = ("urssaf.etablissements", URSSAF_JOBS, "urssaf.masse_salariale", URSSAF_SHARE)
GROUPS = (
    (_("Registre de l’ESS"), REGISTER_LINES),
    (_("Registre, au périmètre de l’Insee"), INSEE_LINES),
    (_("Insee, base Flores"), FLORES_LINES),
    (_("Urssaf"), URSSAF_LINES),
)
LINES = tuple(code for _label, codes in GROUPS for code in codes)
# Read with their parts: what the charts cut. The first that has the parts is the one shown.
CUT = {
    "famille": (ESTABLISHMENTS, ORGANISATIONS),
    "secteur": (ESTABLISHMENTS, ORGANISATIONS),
    "taille": (ESTABLISHMENTS,),
    "anciennete": (ORGANISATIONS, ESTABLISHMENTS),
}
WITH_PARTS = tuple(sorted({code for codes in CUT.values() for code in codes}))
READ = (*LINES, JOBS_LEAST, JOBS_MOST)
SERIES = (CREATIONS, CLOSURES, ESTABLISHMENTS)
# Lines with a rank: those where a high figure says something of the place beside its like.
RANKED = (
    ESTABLISHMENTS,
    JOBS,
    DENSITY,
    "registre.part_qpv",
    "registre.part_rural",
    FLORES_JOBS,
    FLORES_SHARE,
    URSSAF_JOBS,
    URSSAF_SHARE,
)
# What the list of territories inside shows, and what the first page says of a place.
MAIN = (ESTABLISHMENTS, JOBS, DENSITY, FLORES_SHARE)
