"""Loading outlines, QPV and any file: what is recognised, joined, refused; twice is once."""

import pytest

from essor.formats.problems import InputProblem
from essor.territories.actions import load_file, load_outlines
from essor.territories.models import Load, Outline, Qpv, Territory
from tests.plugins.geojson import feature, square, write_geojson

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_territories")]


def refs():
    return sorted(outline.territory.ref for outline in Outline.objects.select_related("territory"))


def test_each_level_gets_its_outline(tmp_path):
    report = load_file(
        write_geojson(
            tmp_path / "a.geojson",
            feature(square(1.4, 43.6), code="31555", nom="Toulouse"),
            feature(square(1.3, 43.5, 0.4), code_siren="243100518", nom="Toulouse Métropole"),
            feature(square(2.3, 48.9), code="200057867", nom="Plaine Commune"),
            feature(square(0.5, 42.7, 1.5), insee_dep="31", insee_reg="76", nom="Haute-Garonne"),
            feature(square(0.0, 42.5, 4), insee_reg="76", nom="Occitanie"),
            feature(square(-56.3, 46.8), insee_dep="975", nom="Saint-Pierre-et-Miquelon"),
        ),
        source="Essai",
    )
    assert refs() == [
        "collectivite:975", "commune:31555", "departement:31", "epci:243100518", "ept:200057867", "region:76",
    ]  # fmt: skip
    assert report.counts == {
        "placed": 0, "features": 6, "outlines": 6, "written": 6, "repaired": 0, "rejected": 0,
    }  # fmt: skip
    outline = Outline.objects.get(territory__code="31555")
    assert (outline.source, outline.west, outline.north) == ("Essai", 1.4, 43.7)


def test_loading_twice_changes_nothing(tmp_path):
    path = write_geojson(tmp_path / "a.geojson", feature(square(1.4, 43.6), code="31555", nom="Toulouse"))
    assert load_file(path).changed is True
    before = list(Outline.objects.values_list()), list(Load.objects.values_list())
    again = load_file(path)
    assert (again.changed, again.counts["written"]) == (False, 0)
    assert (list(Outline.objects.values_list()), list(Load.objects.values_list())) == before


def test_another_file_completes_and_corrects(tmp_path):
    load_file(write_geojson(tmp_path / "a.geojson", feature(square(1.4, 43.6), code="31555")))
    load_file(
        write_geojson(
            tmp_path / "b.geojson",
            feature(square(1.41, 43.6), code="31555"),
            feature(square(1.5, 43.6), code="31044"),
        )
    )
    assert refs() == ["commune:31044", "commune:31555"]
    assert Outline.objects.get(territory__code="31555").west == 1.41


@pytest.mark.parametrize(
    ("names", "kind"),
    [(("Seine-Maritime", "Hauts-de-Seine"), "departement"), (("Occitanie", None), "region")],
)
def test_names_tell_departements_from_regions(tmp_path, names, kind):
    # 76 is Seine-Maritime and Occitanie; 92 is only a département.
    second = "92" if kind == "departement" else "11"
    features = [
        feature(square(1, 43.6), code="76", nom=names[0]),
        feature(square(2, 43.6), code=second, nom=names[1]),
    ]
    load_file(write_geojson(tmp_path / "a.geojson", *features))
    assert {ref.partition(":")[0] for ref in refs()} == {kind}


def test_short_codes_without_names_are_departements_when_one_can_only_be_that(tmp_path):
    load_file(
        write_geojson(
            tmp_path / "a.geojson", feature(square(1, 43), code="76"), feature(square(2, 43), code="31")
        )
    )
    assert refs() == ["departement:31", "departement:76"]


def test_short_codes_that_nothing_tells_apart_are_refused(tmp_path):
    with pytest.raises(InputProblem) as refused:
        load_file(write_geojson(tmp_path / "a.geojson", feature(square(1, 43), code="76")))
    assert str(refused.value) == (
        "Fichier « a.geojson », colonne « code », valeur « 76 » : rien ne dit si ce sont des départements ou des "
        "régions : leurs codes se ressemblent. Ajoutez la propriété « nom » (ou nommez le code « insee_dep » ou "
        "« insee_reg »)."
    )


def test_arrondissements_make_the_outline_of_their_commune(tmp_path):
    load_file(
        write_geojson(
            tmp_path / "a.geojson",
            feature(square(5.3, 43.2), code="13201", nom="Marseille 1er"),
            feature(square(5.4, 43.2), code="13202", nom="Marseille 2e"),
        )
    )
    outline = Outline.objects.get(territory__code="13055")
    assert (outline.west, outline.east) == (5.3, pytest.approx(5.5))


def test_a_former_commune_is_joined_to_the_current_one_and_never_passes_for_it(tmp_path):
    former = feature(square(5.5, 45.7), code="01340", nom="Saint-Bois")
    with pytest.raises(InputProblem) as refused:
        load_file(write_geojson(tmp_path / "a.geojson", former))
    assert refused.value.reason == (
        "entité n° 1 : c’est une ancienne commune, et la commune actuelle manque dans le fichier."
    )
    current = feature(square(5.6, 45.7), code="01015", nom="Arbignieu")
    load_file(write_geojson(tmp_path / "b.geojson", former, current))
    outline = Outline.objects.get(territory__code="01015")
    assert (outline.west, outline.east) == (5.5, pytest.approx(5.7))


def test_unknown_codes_are_listed_and_the_rest_is_loaded(tmp_path):
    report = load_outlines(
        write_geojson(
            tmp_path / "a.geojson",
            feature(square(1.4, 43.6), code="31555"),
            feature(square(1.5, 43.6), code="31998"),
        )
    )
    assert report.as_dict()["rejected"] == [
        "Fichier « a.geojson », colonne « code », valeur « 31998 » : entité n° 2 : aucun territoire en vigueur n’a ce "
        "code. Chargez les contours du millésime en vigueur, ou le code officiel géographique de leur année."
    ]
    assert refs() == ["commune:31555"]


def test_an_empty_collection_is_refused(tmp_path):
    with pytest.raises(InputProblem) as refused:
        load_file(write_geojson(tmp_path / "a.geojson"))
    assert refused.value.reason == "le fichier ne contient aucun contour."


def test_a_truncated_file_leaves_what_was_there(tmp_path):
    good = write_geojson(tmp_path / "a.geojson", feature(square(1.4, 43.6), code="31555"))
    load_file(good)
    bad = write_geojson(
        tmp_path / "b.geojson",
        feature(square(1.0, 43.6), code="31555"),
        feature(square(1.5, 43.6), code="31044"),
    )
    bad.write_bytes(bad.read_bytes()[:-40])
    with pytest.raises(InputProblem):
        load_file(bad)
    assert refs() == ["commune:31555"]
    assert Outline.objects.get().west == 1.4


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"code,nom\n31,Haute-Garonne\n",
         "ce n’est pas un fichier de communes ni de mouvements du code officiel géographique."),
        ("a.parquet", b"PAR1" + b"x" * 20 + b"PAR1", "un fichier parquet n’est pas attendu ici."),
        ("a.html", b"<!doctype html><html></html>", "c’est une page web (HTML), pas un fichier de données."),
        ("a.json", b"", "le fichier est vide."),
    ],
)  # fmt: skip
def test_other_files_are_refused_in_words(tmp_path, name, content, reason):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputProblem) as refused:
        load_file(path)
    assert (refused.value.file, refused.value.reason) == (name, reason)
    assert refused.value.remedy


def qpv_file(path):
    south = {"code_qp": "QP031007", "nom_qp": "Grand Mirail", "code_commune": "31555"}
    north = {"code_qp": "QN09301A", "lib_qp": "Les Francs-Moisins", "insee_com": "93066, 93059"}
    return write_geojson(
        path, feature(square(1.44, 43.64, 0.01), **south), feature(square(2.35, 48.93, 0.01), **north)
    )


def test_neighbourhoods_of_both_generations_are_loaded_with_their_communes(tmp_path):
    report = load_file(qpv_file(tmp_path / "qpv.geojson"))
    assert report.counts == {"written": 2, "attached": 2, "rejected": 0, "qpv_2015": 1, "qpv_2024": 1}
    found = {
        (q.code, q.generation, q.name, tuple(c.code for c in q.communes.all())) for q in Qpv.objects.all()
    }
    assert found == {
        ("QP031007", 2015, "Grand Mirail", ("31555",)),
        # 93059 is a former code of the same commune.
        ("QN09301A", 2024, "Les Francs-Moisins", ("93066",)),
    }


def test_neighbourhoods_loaded_twice_change_nothing_and_once_more_correct(tmp_path):
    load_file(qpv_file(tmp_path / "qpv.geojson"))
    before = list(Qpv.objects.values_list()), Load.objects.count()
    assert load_file(qpv_file(tmp_path / "qpv.geojson")).changed is False
    assert (list(Qpv.objects.values_list()), Load.objects.count()) == before
    corrected = feature(square(1.45, 43.64, 0.01), code_qp="QP031007", nom_qp="Mirail", code_commune="31044")
    report = load_file(write_geojson(tmp_path / "qpv.geojson", corrected))
    assert (report.counts["written"], report.counts["attached"]) == (1, 2)
    qpv = Qpv.objects.get(code="QP031007")
    assert (qpv.name, qpv.sort_key, [c.code for c in qpv.communes.all()]) == ("Mirail", "mirail", ["31044"])
    assert Qpv.objects.count() == 2


def test_nothing_can_be_loaded_before_the_division(tmp_path):
    Territory.objects.filter(kind="commune").update(is_active=False)
    path = tmp_path / "v_commune_2027.csv"
    path.write_text(
        "TYPECOM,COM,REG,DEP,TNCC,LIBELLE,COMPARENT\nCOM,31555,76,31,0,Toulouse,\n", encoding="utf-8"
    )
    with pytest.raises(InputProblem) as refused:
        load_file(path)
    assert refused.value.reason == "aucune commune n’est encore chargée."


def test_the_report_is_told_in_words(tmp_path):
    path = write_geojson(
        tmp_path / "a.geojson",
        feature(square(1.4, 43.6), code="31555"),
        feature(square(1.5, 43.6), code="31998"),
    )
    assert load_file(path).in_words() == (
        "Contours (GeoJSON) — entités lues : 2 ; contours utilisables : 1 ; écrits : 1 ; refusés : 1."
    )
    assert load_file(path).in_words() == "Rien à changer : ces données étaient déjà chargées."
