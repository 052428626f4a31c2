"""Addresses of the kit: the same on the common pages and in each authority's frame."""

from django.urls import URLPattern

from essor.kit.diagnosis.urls import urlpatterns as diagnosis
from essor.kit.urls_course import urlpatterns as course
from essor.kit.urls_fiches import urlpatterns as fiches
from essor.kit.urls_orientation import urlpatterns as orientation
from essor.kit.urls_support import urlpatterns as support

app_name = "kit"

urlpatterns: list[URLPattern] = [*fiches, *orientation, *support, *course, *diagnosis]
