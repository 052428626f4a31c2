"""What an edition holds: who is in, with which columns, from which files."""

import json
from collections.abc import Callable
from datetime import date

import pytest

from essor.registry.pipeline.edition import (
    ESTABLISHMENTS,
    FILES,
    ORGANISATIONS,
    editions,
    read_manifest,
    verify,
)
from tests.formats.stocks import establishment, siren, siret, unit, write_csv
from tests.registry.pipeline.conftest import FRANCE, Built

Make = Callable[..., Built]


def test_an_association_of_the_territory_is_described_whole(make: Make) -> None:
    built = make(
        [
            unit(
                1,
                denominationUniteLegale="Les Voisins du Canal",
                sigleUniteLegale="LVC",
                denominationUsuelle1UniteLegale="Le Canal",
                denominationUsuelle2UniteLegale="Chez Paulette",
                identifiantAssociationUniteLegale="W313001234",
                trancheEffectifsUniteLegale="03",
                anneeEffectifsUniteLegale="2023",
                caractereEmployeurUniteLegale="O",
                economieSocialeSolidaireUniteLegale="O",
                activitePrincipaleNAF25UniteLegale="88.99Y",
            )
        ],
        [
            establishment(
                1,
                complementAdresseEtablissement="Bâtiment B",
                indiceRepetitionEtablissement="B",
                distributionSpecialeEtablissement="BP 12",
                enseigne1Etablissement="L’Atelier",
                codeCommuneEtablissement="31300",
                trancheEffectifsEtablissement="03",
                anneeEffectifsEtablissement="2023",
                caractereEmployeurEtablissement="O",
                activitePrincipaleNAF25Etablissement="88.99Y",
            )
        ],
    )
    assert built.rows("organisations") == [
        {
            "siren": siren(1),
            "name": "Les Voisins du Canal",
            "acronym": "LVC",
            "usual_name": "Le Canal · Chez Paulette",
            "legal_category": "9220",
            "naf": "88.99B",
            "naf25": "88.99Y",
            "created_on": date(2001, 2, 3),
            "state": "A",
            "closed_on": None,
            "size_band": "03",
            "size_year": 2023,
            "is_employer": True,
            "rna": "W313001234",
            "ess_flag": "O",
            "mission_flag": None,
            "on_ess_list": False,
            "verdict": "ess_by_status",
            "family": "association",
            "conditions": '[{"code":"legal_form","state":"met","source":"sirene","value":"9220"},'
            '{"code":"activity","state":"met","source":"sirene"},'
            '{"code":"ess_flag","state":"met","source":"sirene","value":"O"}]',
            "commune": "31555",
            "head_office": siret(siren(1)),
            "head_office_outside": False,
            "establishments": 1,
            "purpose": None,
            "website": None,
            "updated_on": date(2026, 9, 1),
        }
    ]
    assert built.rows("establishments") == [
        {
            "siret": siret(siren(1)),
            "siren": siren(1),
            "is_head_office": True,
            "in_territory": True,
            "name": "L’Atelier",
            "address_complement": "Bâtiment B",
            "address_street": "1 B RUE DES LILAS",
            "address_distribution": "BP 12",
            "postal_code": "31000",
            "town": "TOULOUSE",
            "commune": "31555",
            "declared_commune": "31300",
            "naf": "88.99B",
            "naf25": "88.99Y",
            "size_band": "03",
            "size_year": 2023,
            "is_employer": True,
            "state": "A",
            "created_on": date(2001, 2, 3),
            "longitude": None,
            "latitude": None,
            "position_source": None,
            "position_quality": None,
            "position_error": None,
            "qpv": None,
        }
    ]
    assert list(built.rows("organisations")[0]) == list(ORGANISATIONS)
    assert list(built.rows("establishments")[0]) == list(ESTABLISHMENTS)


@pytest.mark.parametrize("form", ["csv", "zip"])
@pytest.mark.parametrize("naf25", [True, False])
def test_every_form_of_the_stocks_gives_the_same_rows(make: Make, form: str, naf25: bool) -> None:
    units = [
        unit(1, economieSocialeSolidaireUniteLegale="O"),
        unit(2, denominationUniteLegale="Été « vert », SCIC"),
    ]
    places = [establishment(1), establishment(1, 2, codeCommuneEtablissement="32013"), establishment(2)]
    told = make(units, places, form=form, naf25=naf25)
    reference = make(units, places, form="parquet")
    for file in FILES:
        name = file.removesuffix(".parquet")
        assert told.rows(name) == reference.rows(name)


def test_who_is_in_and_who_is_not(make: Make) -> None:
    built = make(
        [
            unit(1),
            unit(2, categorieJuridiqueUniteLegale="1000", economieSocialeSolidaireUniteLegale="O"),
            unit(3, etatAdministratifUniteLegale="C"),
            unit(4, statutDiffusionUniteLegale="P", denominationUniteLegale="SECRETE"),
            unit(5, statutDiffusionUniteLegale="N"),
            unit(6, categorieJuridiqueUniteLegale="5710"),
            unit(7, categorieJuridiqueUniteLegale="5710", economieSocialeSolidaireUniteLegale="O"),
            unit(8, categorieJuridiqueUniteLegale="7410", economieSocialeSolidaireUniteLegale="O"),
            unit(9, activitePrincipaleUniteLegale="94.20Z"),
            unit(10),
            unit(11),
            unit(12, categorieJuridiqueUniteLegale="", economieSocialeSolidaireUniteLegale="O"),
        ],
        [
            *(establishment(number) for number in range(1, 10)),
            establishment(10, codeCommuneEtablissement="32013"),
            establishment(11, etatAdministratifEtablissement="F"),
            establishment(12),
        ],
    )
    assert {row["siren"]: (row["verdict"], row["family"]) for row in built.rows("organisations")} == {
        siren(1): ("ess_by_status", "association"),
        siren(7): ("ess_declared", "ess_company"),
        siren(8): ("to_check", None),
    }
    counts = built.manifest.counts
    assert counts["candidates_closed"] == 1
    assert counts["candidates_natural_persons"] == 2
    assert counts["territory_units_not_diffusible"] == 2
    assert counts["outside_the_perimeter"] == 1  # 94.20Z; the unmarked SAS is not even a candidate
    assert counts["organisations"] == 3


def test_closed_units_are_known_by_their_number_alone(make: Make) -> None:
    closed = {"etatAdministratifUniteLegale": "C"}
    built = make(
        [
            unit(1),
            unit(2, **closed),
            unit(3, **closed, statutDiffusionUniteLegale="P"),
            unit(4, **closed, categorieJuridiqueUniteLegale="1000", economieSocialeSolidaireUniteLegale="O"),
            unit(5, **closed, categorieJuridiqueUniteLegale="5710"),
        ],
        [establishment(number) for number in range(1, 6)],
    )

    assert built.rows("closed") == [{"siren": siren(2)}]


def test_nothing_of_what_may_not_be_diffused_is_written(make: Make) -> None:
    built = make(
        [unit(1, statutDiffusionUniteLegale="P", denominationUniteLegale="SECRETE"), unit(2), unit(3)],
        [
            establishment(1, enseigne1Etablissement="SECRETE"),
            establishment(2),
            establishment(2, 2, statutDiffusionEtablissement="P", enseigne1Etablissement="SECRETE"),
            establishment(3, statutDiffusionEtablissement="N", libelleVoieEtablissement="SECRETE"),
        ],
    )
    assert built.column("establishments", "siret") == [siret(siren(2))]
    written = b"".join(path.read_bytes() for path in sorted(built.folder.iterdir()))
    assert b"SECRETE" not in written
    assert siren(1).encode() not in written
    assert built.manifest.counts["territory_establishments_not_diffusible"] == 2


def test_a_masked_text_is_an_absent_one(make: Make) -> None:
    built = make([unit(1, sigleUniteLegale="[ND]")], [establishment(1, libelleVoieEtablissement="[ND]")])
    assert built.column("organisations", "acronym") == [None]
    assert built.column("establishments", "address_street") == ["1 RUE"]


def test_a_head_office_elsewhere_is_kept_and_flagged(make: Make) -> None:
    built = make(
        [unit(1)],
        [
            establishment(1, codeCommuneEtablissement="75101"),
            establishment(1, 2, codeCommuneEtablissement="31069", trancheEffectifsEtablissement="NN"),
            establishment(1, 3, codeCommuneEtablissement="31555", trancheEffectifsEtablissement="11"),
            establishment(1, 4, codeCommuneEtablissement="32013"),
        ],
    )
    (organisation,) = built.rows("organisations")
    assert (organisation["head_office_outside"], organisation["commune"], organisation["establishments"]) == (
        True,
        "31555",
        2,
    )
    assert [
        (row["siret"][9:13], row["in_territory"], row["commune"]) for row in built.rows("establishments")
    ] == [
        ("0001", False, "75056"),
        ("0002", True, "31069"),
        ("0003", True, "31555"),
    ]


def test_all_france_takes_every_known_commune(make: Make) -> None:
    built = make(
        [unit(1), unit(2)],
        [
            establishment(1, codeCommuneEtablissement="75101"),
            establishment(2, codeCommuneEtablissement="97411"),
        ],
        scope=FRANCE,
    )
    assert built.column("organisations", "commune") == ["75056", "97411"]


def test_lists_bring_in_and_mark(make: Make, tmp_path) -> None:
    ess = write_csv(
        tmp_path / "liste_ess.csv", ["SIREN", "nom"], [{"SIREN": siren(1).lstrip("0"), "nom": "x"}]
    )
    siae = write_csv(
        tmp_path / "siae.csv",
        ["siret", "kind"],
        [{"siret": siret(siren(2)), "kind": "EI"}, {"siret": siret(siren(3)), "kind": "ACI"}],
    )
    esus = write_csv(
        tmp_path / "esus.csv",
        ["SIREN", "Date de décision", "Date de fin"],
        [
            {"SIREN": siren(4), "Date de décision": "01/03/2024", "Date de fin": "28/02/2029"},
            {"SIREN": siren(5), "Date de décision": "01/03/2015", "Date de fin": "28/02/2020"},
        ],
    )
    own = write_csv(
        tmp_path / "suivies.csv", ["SIRET"], [{"SIRET": siret(siren(3))}, {"SIRET": siret(siren(9))}]
    )
    company = {"categorieJuridiqueUniteLegale": "5710"}
    built = make(
        [unit(1, **company), unit(2, **company), unit(3), unit(4, **company), unit(5, **company)],
        [establishment(number) for number in range(1, 6)],
        ess_list=ess,
        siae=(siae,),
        esus=esus,
        own_list=own,
    )
    assert {row["siren"]: (row["verdict"], row["on_ess_list"]) for row in built.rows("organisations")} == {
        siren(1): ("ess_declared", True),
        siren(2): ("to_check", False),
        siren(3): ("ess_by_status", False),
        siren(4): ("ess_declared", False),
    }
    tags = {(row["siren"], row["siret"], row["code"], row["source"]) for row in built.rows("tags")}
    assert tags == {
        (siren(2), siret(siren(2)), "ei", "siae"),
        (siren(3), siret(siren(3)), "aci", "siae"),
        (siren(3), None, "esus", "siae"),
        (siren(3), siret(siren(3)), "local", "own_list"),
        (siren(4), None, "esus", "esus"),
    }
    (esus_tag,) = [row for row in built.rows("tags") if row["source"] == "esus"]
    assert (esus_tag["since"], esus_tag["until"]) == (date(2024, 3, 1), date(2029, 3, 1))
    assert [(row["file"], row["line"], row["siret"]) for row in built.rows("rejected")] == [
        ("suivies.csv", 3, siret(siren(9)))
    ]
    conditions = {row["siren"]: json.loads(row["conditions"]) for row in built.rows("organisations")}
    assert [each["state"] for each in conditions[siren(1)] if each["code"] == "ess_list"] == ["met"]
    assert [each["source"] for each in conditions[siren(3)] if each["code"] == "esus"] == ["siae"]


def test_tags_deduced_from_the_legal_category_and_the_mission_mark(make: Make) -> None:
    built = make(
        [
            unit(1, categorieJuridiqueUniteLegale="5458"),
            unit(
                2,
                categorieJuridiqueUniteLegale="5710",
                economieSocialeSolidaireUniteLegale="O",
                societeMissionUniteLegale="O",
            ),
        ],
        [establishment(1), establishment(2)],
    )
    assert [(row["siren"], row["code"], row["source"]) for row in built.rows("tags")] == [
        (siren(1), "scop", "perimeter"),
        (siren(2), "societe_mission", "sirene"),
    ]


def test_the_rna_gives_purpose_and_website(make: Make, tmp_path) -> None:
    columns = ["id", "siret", "date_disso", "objet", "siteweb", "position"]
    rna = write_csv(
        tmp_path / "rna_waldec.csv",
        columns,
        [
            dict(
                zip(
                    columns,
                    ("W313001234", "", "0001-01-01", "Faire le bien", "www.canal.fr", "A"),
                    strict=True,
                )
            ),
            dict(zip(columns, ("W999999999", "", "", "Autre", "", "A"), strict=True)),
        ],
        delimiter=";",
        encoding="cp1252",
    )
    built = make(
        [unit(1, identifiantAssociationUniteLegale="W313001234"), unit(2)],
        [establishment(1), establishment(2)],
        rna=rna,
    )
    assert [(row["purpose"], row["website"]) for row in built.rows("organisations")] == [
        ("Faire le bien", "https://www.canal.fr"),
        (None, None),
    ]


def test_the_manifest_tells_the_sources_and_verifies(make: Make) -> None:
    built = make([unit(1)], [establishment(1)])
    manifest = read_manifest(built.folder)
    assert manifest == built.manifest
    assert verify(built.folder) == manifest
    assert [(each.role, each.kind, each.rows, each.date) for each in manifest.sources] == [
        ("legal_units", "parquet", 1, "2026-09-01"),
        ("establishments", "parquet", 1, "2026-09-01"),
    ]
    assert manifest.id == built.folder.name
    assert editions(built.folder.parent) == [built.folder]
