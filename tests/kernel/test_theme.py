"""The stylesheet of an authority's accent."""

from types import SimpleNamespace

import pytest
from django.http import Http404
from django.test import RequestFactory

from essor.kernel import views_theme
from essor.kernel.colour import accent_css, accent_from

AUTHORITY = SimpleNamespace(slug="toulouse", accent="#7A1F5C")


@pytest.fixture(autouse=True)
def _accents():
    before = list(views_theme._sources)
    views_theme.register_accents({"toulouse": "#7A1F5C", "pale": "#ffff00", "vide": ""}.get)
    yield
    views_theme._sources[:] = before


def ask(slug, version):
    return views_theme.theme_css(RequestFactory().get("/"), slug=slug, version=version)


def test_the_address_changes_with_the_colour():
    address = views_theme.theme_address(AUTHORITY)
    assert address == f"/theme/toulouse/{views_theme.digest('#7a1f5c')}.css"
    assert views_theme.theme_address(SimpleNamespace(slug="toulouse", accent="#7a1f5d")) != address


@pytest.mark.parametrize("authority", [None, SimpleNamespace(slug="x", accent=""), SimpleNamespace(slug="x")])
def test_no_accent_no_address(authority):
    assert views_theme.theme_address(authority) == ""


def test_the_stylesheet_is_kept_for_ever_at_its_address():
    response = ask("toulouse", views_theme.digest("#7a1f5c"))
    assert response.content.decode() == accent_css(accent_from("#7a1f5c"))
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_old_address_gives_the_new_colour_and_is_not_kept():
    assert ask("toulouse", "ancienne")["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("slug", ["inconnue", "vide", "pale"])
def test_no_usable_accent_is_not_found(slug):
    with pytest.raises(Http404):
        ask(slug, "x")
