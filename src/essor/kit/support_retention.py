"""Personal data of the support ecosystem: contacts are those of organisations, not of persons."""

from essor.kernel.retention import not_personal

ORGANISATION = "coordonnées publiques d’un organisme, non d’une personne"

not_personal("kit.supporter.email", ORGANISATION)
not_personal("kit.supporter.phone", ORGANISATION)
