"""Forms: label, help, error, field, in that order; a summary of errors whose links lead to the fields."""

import re

from django import forms

from essor.kernel.forms import DayInput, error_anchor, kind_of


class Sample(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Nom", help_text="Celui des statuts.")
    founded = forms.DateField(label="Création", widget=DayInput, required=False)
    legal = forms.ChoiceField(
        label="Forme", choices=[("a", "Association")], widget=forms.RadioSelect, help_text="Une seule."
    )
    tags = forms.MultipleChoiceField(
        label="Thèmes", choices=[("r", "Réemploi")], widget=forms.CheckboxSelectMultiple
    )
    statutes = forms.FileField(label="Statuts", required=False)
    when = forms.SplitDateTimeField(label="Moment")
    agreed = forms.BooleanField(label="D’accord")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        """A rule of the whole form."""
        self.add_error(None, "Deux réponses se contredisent.")


def ids(html):
    return set(re.findall(r'\sid="([^"]+)"', html))


def test_a_field_is_label_help_then_input():
    html = str(Sample()["name"].as_field_group())
    places = [
        html.index(part)
        for part in ('<label class="field__label" for="id_name">', "Celui des statuts.", "<input")
    ]
    assert places == sorted(places)
    assert 'aria-describedby="id_name_helptext"' in html
    assert "facultatif" not in html
    assert "(facultatif)" in Sample()["statutes"].as_field_group()


def test_a_wrong_field_tells_its_error_before_the_input_and_to_assistive_technology():
    html = str(Sample({})["name"].as_field_group())
    places = [html.index(part) for part in ("<label", "field__help", "field__errors", "<input")]
    assert places == sorted(places)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert {"id_name_helptext", "id_name_error", "id_name"} <= ids(html)


def test_every_description_named_exists():
    html = str(Sample({}))
    named = {name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()}
    assert named <= ids(html)


def test_the_summary_leads_to_every_wrong_field():
    html = str(Sample({"founded": "hier"}))
    summary = html[: html.index('<div class="field ')]
    assert 'role="alert"' in summary
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
    assert links == [
        ("id_name", "Nom"),
        ("id_founded", "Création"),
        ("id_legal", "Forme"),
        ("id_tags", "Thèmes"),
        ("id_when_0", "Moment"),
        ("id_agreed", "D’accord"),
    ]
    assert {anchor for anchor, _label in links} <= ids(html)
    assert "Deux réponses se contredisent." in summary


def test_a_form_without_error_has_no_summary_and_keeps_hidden_fields():
    html = str(Sample())
    assert "error-summary" not in html
    assert html.count('type="hidden" name="token"') == 1


def test_groups_are_fieldsets_with_a_legend():
    html = str(Sample()["legal"].as_field_group())
    assert '<legend class="field__label">Forme' in html
    assert '<fieldset aria-describedby="id_legal_helptext">' in html


def test_days_travel_as_iso_8601():
    form = Sample({"founded": "2026-03-01"})
    assert 'type="date" name="founded" value="2026-03-01"' in str(form["founded"])
    form.is_valid()
    assert form.cleaned_data["founded"].isoformat() == "2026-03-01"


def test_kinds_and_anchors():
    form = Sample()
    assert [kind_of(field) for field in form.visible_fields()] == [
        "line",
        "line",
        "choices",
        "choices",
        "file",
        "line",
        "checkbox",
    ]
    assert [error_anchor(form[name]) for name in ("name", "when")] == ["id_name", "id_when_0"]
