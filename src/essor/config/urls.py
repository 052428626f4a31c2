"""Addresses of the installation: common pages first, then each authority's own under its slug."""

from django.urls import URLPattern, URLResolver, include, path

# Common pages. Their first words are reserved: no authority may take one as its slug (`accounts.slugs`).
common: list[URLPattern | URLResolver] = [
    path("", include("essor.portal.urls_common")),
    path("compte/", include("essor.accounts.urls_account")),
    path("installation/", include("essor.accounts.urls_installation")),
    path("installation/registre/", include("essor.registry.urls_installation")),
    path("territoires/", include("essor.territories.urls")),
    path("registre/", include("essor.registry.urls", namespace="registry")),
    path("registre/", include("essor.registry.urls_mail")),
    path("installation/droit/", include("essor.rulebook.urls_installation")),
    path("droit/", include("essor.rulebook.urls", namespace="rulebook")),
    path("installation/boite-a-outils/", include("essor.kit.urls_installation")),
    path("kit/", include("essor.kit.urls", namespace="kit")),
    path("indicateurs/", include("essor.indicators.urls", namespace="indicators")),
    path("observatoire/", include("essor.observatory.urls", namespace="observatory")),
    path("", include("essor.kernel.urls")),
]

# The same rooms in an authority's frame; `accounts.middleware` turns the slug into `request.authority`.
framed: list[URLPattern | URLResolver] = [
    path("", include("essor.portal.urls_authority")),
    path("equipe/", include("essor.accounts.urls_authority")),
    path("alertes/", include("essor.registry.urls_alerts")),
    path("demandes/", include("essor.registry.urls_requests")),
    path("registre/", include("essor.registry.urls", namespace="authority-registry")),
    path("droit/notes/", include("essor.rulebook.urls_notes")),
    path("droit/", include("essor.rulebook.urls", namespace="authority-rulebook")),
    path("kit/", include("essor.kit.urls_authority")),
    path("kit/", include("essor.kit.urls", namespace="authority-kit")),
    path("indicateurs/", include("essor.indicators.urls", namespace="authority-indicators")),
    path("observatoire/", include("essor.observatory.urls", namespace="authority-observatory")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *common,
    path("<slug:authority>/", include(framed)),
]

handler400 = "essor.kernel.views.bad_request"
handler403 = "essor.kernel.views.forbidden"
handler404 = "essor.kernel.views.not_found"
handler500 = "essor.kernel.views.server_error"
