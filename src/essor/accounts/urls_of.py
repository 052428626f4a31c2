"""Addresses of the room in the frame of the request."""

from django.urls import reverse

from essor.accounts.frame import FramedRequest


def framed(request: FramedRequest, name: str, **kwargs: int | str) -> str:
    """Address of a page in the request's authority."""
    return reverse(name, kwargs={"authority": request.authority.slug, **kwargs})


def team_url(request: FramedRequest) -> str:
    """Address of the team."""
    return framed(request, "team")


def member_url(request: FramedRequest, membership_id: int) -> str:
    """Address of a person in the team."""
    return framed(request, "team-member", pk=membership_id)
