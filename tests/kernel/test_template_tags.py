"""Tags and filters of every template, and the components that use them."""

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Engine, TemplateSyntaxError, engines
from django.test import RequestFactory

import essor.kernel
from essor.kernel.templatetags import essor as tags

KERNEL = Path(essor.kernel.__file__).parent
NB = "\u00a0"


def render(source: str, address: str = "/registre/", **context: object) -> str:
    """A template rendered for a request of this address."""
    engine: Engine = engines["django"].engine
    return engine.from_string(source).render(Context({"request": RequestFactory().get(address), **context}))


def words(html: str) -> str:
    """Text of a fragment, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_filters_are_there_without_loading_anything():
    source = (
        "{{ n|number }} | {{ n|euros }} | {{ r|percent }} | {{ d|day }} | {{ n|counted:'cheval,chevaux' }}"
    )
    assert render(source, n=1200, r=0.5, d=dt.date(2026, 3, 1)) == (
        f"1{NB}200 | 1{NB}200,00{NB}€ | 50{NB}% | 1er mars 2026 | 1{NB}200{NB}chevaux"
    )


def test_a_day_is_read_by_machines_too():
    assert (
        render("{% day_tag d %}", d=dt.date(2026, 3, 1)) == '<time datetime="2026-03-01">1er mars 2026</time>'
    )
    assert render("{% day_tag d %}", d=None) == "—"


def test_an_icon_is_hidden_from_assistive_technology():
    drawn = '<use href="/static/vendor/icons.svg#search"></use>'
    assert (
        render('{% icon "search" %}')
        == f'<svg class="icon" aria-hidden="true" focusable="false">{drawn}</svg>'
    )


def test_an_icon_that_is_not_in_the_sprite_is_refused():
    with pytest.raises(TemplateSyntaxError, match=r"kernel/icons\.txt"):
        render('{% icon "skull" %}')


def test_the_five_families_have_their_mark_and_others_their_word():
    marks = (KERNEL / "static/kernel/marks.svg").read_text(encoding="utf-8")
    for family in tags.FAMILIES:
        assert f'<symbol id="{family}"' in marks
    assert words(render("{% family_mark 'mutual' 'Mutuelle' %}")) == "Mutuelle"
    assert render("{% family_mark 'mutual' '<b>' %}").endswith(" &lt;b&gt;</span>")
    assert render("{% family_mark '' 'Inconnue' %}") == '<span class="family">Inconnue</span>'
    assert render("{% family_mark '' %}") == ""


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        ("url_with page=3", "/registre/?famille=a&amp;famille=b&amp;q=v%C3%A9lo&amp;page=3"),
        ("url_with page=None", "/registre/?famille=a&amp;famille=b&amp;q=v%C3%A9lo"),
        ("url_with tri='nom'", "/registre/?famille=a&amp;famille=b&amp;q=v%C3%A9lo&amp;tri=nom"),
        ("url_with q=''", "/registre/?famille=a&amp;famille=b"),
        ("url_without 'famille' 'a'", "/registre/?famille=b&amp;q=v%C3%A9lo"),
        ("url_without 'famille'", "/registre/?q=v%C3%A9lo"),
        ("url_without 'absent' 'x'", "/registre/?famille=a&amp;famille=b&amp;q=v%C3%A9lo"),
    ],
)
def test_addresses_keep_the_other_filters(tag, address):
    assert render("{% " + tag + " %}", "/registre/?famille=a&famille=b&q=v%C3%A9lo&page=2") == address


def test_hidden_query_carries_the_filters_but_the_page():
    assert render('{% hidden_query "tri" %}', "/r/?famille=a&famille=%22%3E&tri=nom&page=2") == (
        '<input type="hidden" name="famille" value="a"><input type="hidden" name="famille" value="&quot;&gt;">'
    )


@pytest.mark.urls("tests.kernel.frame_urls")
def test_an_address_follows_the_frame():
    source = '{% framed_url "registry:page" pk=3 %} {% framed_url "alone" %} {% framed_url "nowhere:page" %}'
    request = RequestFactory().get("/")
    template = engines["django"].engine.from_string(source)
    assert template.render(Context({"request": request})).split() == ["/registre/3/", "/seule/"]
    request.authority = SimpleNamespace(slug="toulouse")
    assert template.render(Context({"request": request})).split() == ["/toulouse/registre/3/", "/seule/"]


def test_every_component_says_what_it_needs():
    folder = KERNEL / "templates/kernel/components"
    first_lines = [path.read_text(encoding="utf-8").splitlines()[0] for path in sorted(folder.glob("*.html"))]
    assert [line for line in first_lines if not line.startswith("{#")] == []


def test_a_verdict_says_each_condition_with_its_word_and_source():
    conditions = [
        {"label": "Statut", "state": "met", "value": "9220", "source": "Sirene", "day": dt.date(2026, 3, 1)},
        {"label": "Salaires", "state": "unknown", "to_check": True, "reference": "Loi, article 1er"},
        {"label": "Activité", "state": "not_met"},
    ]
    verdict = {"label": "De l’ESS par son statut", "tone": "ok", "day": dt.date(2026, 3, 3)}
    html = render('{% include "kernel/components/verdict.html" %}', verdict=verdict, conditions=conditions)
    assert words(html) == (
        f"De l’ESS par son statut Pourquoi ? 3{NB}conditions Remplie Statut 9220 Source : Sirene, 1er mars 2026 "
        "Inconnue Salaires à vérifier Loi, article 1er Non remplie Activité Règle appliquée au 3 mars 2026"
    ).replace(NB, " ")


def test_pagination_offers_the_pages_around_and_the_sizes():
    page = Paginator(range(1000), 50).page(3)
    html = render(
        '{% include "kernel/components/pagination.html" %}',
        "/r/?q=a&page=3",
        page_obj=page,
        page_sizes=[(25, False), (50, True)],
    )
    assert re.findall(r'href="([^"]+)"', re.sub(r"<use[^>]+>", "", html)) == [
        "/r/?q=a&amp;page=2",
        "/r/?q=a&amp;page=1",
        "/r/?q=a&amp;page=2",
        "/r/?q=a&amp;page=4",
        "/r/?q=a&amp;page=20",
        "/r/?q=a&amp;page=4",
        "/r/?q=a&amp;par_page=25",
    ]
    assert words(html).startswith("Précédente Page 1 Page 2 Page 3 Page 4 … Page 20 Suivante Par page")


def test_one_page_without_sizes_shows_no_pagination():
    page = Paginator(range(3), 50).page(1)
    assert render('{% include "kernel/components/pagination.html" %}', page_obj=page).strip() == ""


def test_progress_is_read_by_machines_without_grouping():
    progress = {
        "label": "Édition",
        "done": 12400,
        "total": 40000,
        "steps": [{"label": "Lire", "state": "current"}],
    }
    html = render('{% include "kernel/components/progress.html" %}', progress=progress)
    assert re.search(r'<progress[^>]*\svalue="12400"\s+max="40000"', html)
    assert words(html).startswith("Édition 12 400 / 40 000")


def test_messages_and_hostile_names_are_escaped():
    name = "<img src=x onerror=alert(1)>"
    html = render('{% include "kernel/components/alert.html" with title=name text=name %}', name=name)
    html += render('{% include "kernel/components/facts.html" %}', facts=[{"label": name, "value": name}])
    assert "<img" not in html


FORBIDDEN = {
    "a style attribute": r"\sstyle=",
    "an inline handler": r"\son[a-z]+=\"",
    "hx-on": r"hx-on",
    "a js: value": r"js:|javascript:",
    "an event filter": r"hx-trigger=\"[^\"]*\[",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "an inline style": r"<style",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds_what_the_security_policy_blocks(what):
    folder = KERNEL.parent
    found = [
        str(path.relative_to(folder))
        for path in folder.glob("*/templates/**/*.html")
        if "mail" not in path.parts and re.search(FORBIDDEN[what], path.read_text(encoding="utf-8"))
    ]
    assert found == []
