"""The fields of the observatory's forms; the chips of the list of indicators."""

import pytest
from django import forms
from django.test import Client
from pytest_django.asserts import assertHTMLEqual

from essor.observatory.fields import LongChecks


class Lists(forms.Form):
    """The same boxes, by Django and by us."""

    theirs = forms.MultipleChoiceField(choices=[("1", "Albe"), ("2", "L’Île & <Bray>")])
    ours = forms.MultipleChoiceField(choices=[("1", "Albe"), ("2", "L’Île & <Bray>")], widget=LongChecks)


def test_a_long_list_reads_as_djangos() -> None:
    form = Lists(initial={"theirs": ["2"], "ours": ["2"]})
    form.fields["theirs"].widget = forms.CheckboxSelectMultiple(choices=form.fields["theirs"].choices)  # type: ignore[attr-defined]
    assertHTMLEqual(str(form["ours"]).replace("ours", "theirs"), str(form["theirs"]))
    assert "&lt;Bray&gt;" in str(form["ours"])


@pytest.mark.django_db
def test_a_chip_says_the_words_of_its_filter() -> None:
    context = Client().get("/indicateurs/?salle=observatory").context
    assert [each["label"] for each in context["chips"]] == ["Tableaux officiels"]
    assert {each["indicator"].room_label for each in context["rows"]} == {"Tableaux officiels"}
