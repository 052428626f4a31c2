"""Addresses of an authority's team, under /<authority>/equipe/."""

from django.urls import URLPattern, path

from essor.accounts import views_member, views_team

urlpatterns: list[URLPattern] = [
    path("", views_team.team, name="team"),
    path("inviter/", views_team.invite, name="team-invite"),
    path("invitations/<int:pk>/renvoyer/", views_team.invitation_resend, name="team-invitation-resend"),
    path("invitations/<int:pk>/annuler/", views_team.invitation_revoke, name="team-invitation-revoke"),
    path("personnes/<int:pk>/", views_team.member, name="team-member"),
    path("personnes/<int:pk>/service/", views_member.member_move, name="team-member-move"),
    path("personnes/<int:pk>/depart/", views_member.member_end, name="team-member-end"),
    path("personnes/<int:pk>/roles/", views_member.role_add, name="team-role-add"),
    path("personnes/<int:pk>/mandats/", views_member.mandate_add, name="team-mandate-add"),
    path("roles/<int:pk>/fin/", views_member.role_end, name="team-role-end"),
    path("mandats/<int:pk>/fin/", views_member.mandate_end, name="team-mandate-end"),
    path("services/", views_member.services, name="team-services"),
    path("services/nouveau/", views_member.service_add, name="team-service-add"),
    path("services/<int:pk>/", views_member.service_rename, name="team-service-rename"),
    path("services/<int:pk>/fermer/", views_member.service_close, name="team-service-close"),
]
