"""What a request is once our middleware and predicates have seen it: names for types, nothing at run time."""

from django.http import HttpRequest

from essor.accounts.models import Authority, User
from essor.accounts.rights import Rights


class PersonRequest(HttpRequest):
    """The request of a person signed in."""

    user: User
    rights: Rights


class FramedRequest(PersonRequest):
    """The request of a person signed in, on a page of an authority."""

    authority: Authority
