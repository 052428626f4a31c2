"""Forms of agents' work: adding an organisation, merging, linking, closing, tags with their proof."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.fields import TerritoryField
from essor.accounts.models import Authority
from essor.formats.identifiers import clean_number
from essor.kernel.forms import DayInput
from essor.kernel.periods import today
from essor.registry.models import Organisation, OrganisationLink
from essor.registry.nomenclatures import sectors
from essor.registry.queries_duplicates import find_for_agents
from essor.registry.queries_tags import tag_groups
from essor.registry.self_assessment import self_assessment_questions
from essor.territories.enums import Kind
from essor.territories.models import Territory

ASKED = ("ess_flag", "ess_list", "esus")  # the questions of the self-assessment asked of a company
CANDIDATES = 6


class OrganisationField(forms.CharField):
    """An organisation of the register named by a person: one, else candidates are named with their numbers."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        kwargs.setdefault(
            "help_text",
            gettext_lazy("Son SIREN, son numéro RNA, son nom, ou l’adresse de sa fiche."),
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What the input shows for an organisation."""
        return f"n° {value.pk}" if isinstance(value, Organisation) else value

    def clean(self, value: Any) -> Organisation | None:
        """The organisation; ValidationError says what was not found, or between which ones to choose."""
        text = super().clean(value)
        if not text:
            return None
        found = find_for_agents(text, CANDIDATES)
        if len(found) == 1:
            return found[0].organisation
        if not found:
            raise ValidationError(
                _("Aucune organisation du registre ne répond à « %(text)s ».") % {"text": text}
            )
        names = " ; ".join(
            f"{facts.name}{f' ({facts.commune.name})' if facts.commune else ''}, n° {facts.pk}"
            for facts in found
        )
        raise ValidationError(
            _("Plusieurs organisations répondent à « %(text)s » : %(names)s. Écrivez le numéro (« n° … »).")
            % {"text": text, "names": names}
        )


class CommuneField(TerritoryField):
    """A commune as people write it."""

    def clean(self, value: Any) -> Territory | None:
        """The commune; ValidationError for another level of territory."""
        found = super().clean(value)
        if found is not None and found.kind != Kind.COMMUNE:
            raise ValidationError(_("« %(name)s » n’est pas une commune.") % {"name": found.name})
        return found


class NumberField(forms.CharField):
    """A SIREN or an RNA number, with or without spaces."""

    def clean(self, value: Any) -> str:
        """The number without spaces, in capitals; the action checks its key."""
        return clean_number(str(super().clean(value) or "")).upper()


class AddForm(forms.Form):
    """An organisation that no source knows."""

    name = forms.CharField(label=gettext_lazy("Nom"), max_length=300)
    acronym = forms.CharField(label=gettext_lazy("Sigle"), max_length=60, required=False)
    legal_form = forms.ChoiceField(label=gettext_lazy("Forme"))
    commune = CommuneField(
        label=gettext_lazy("Commune"),
        max_length=120,
        help_text=gettext_lazy("Son nom ou son code Insee : « Auterive », « 31033 »."),
    )
    address = forms.CharField(
        label=gettext_lazy("Adresse"),
        help_text=gettext_lazy("Numéro et rue, sans la commune. Jamais le domicile d’une personne."),
        max_length=250,
        required=False,
    )
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label=gettext_lazy("Code postal"),
        required=False,
        error_messages={"invalid": gettext_lazy("Un code postal a cinq chiffres.")},
    )
    sector = forms.ChoiceField(label=gettext_lazy("Ce qu’elle fait"), required=False)
    purpose = forms.CharField(
        label=gettext_lazy("Son objet, en une phrase"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    website = forms.URLField(
        label=gettext_lazy("Site"), required=False, max_length=300, assume_scheme="https"
    )
    created_on = forms.DateField(label=gettext_lazy("Création"), required=False, widget=DayInput)
    siren = NumberField(
        label=gettext_lazy("SIREN"),
        help_text=gettext_lazy(
            "Neuf chiffres, si elle en a un. Une édition qui l’apporte prendra le relais."
        ),
        required=False,
        max_length=20,
    )
    rna = NumberField(
        label=gettext_lazy("Numéro RNA"),
        help_text=gettext_lazy("W et neuf caractères, pour une association déclarée."),
        required=False,
        max_length=20,
    )
    statement = forms.CharField(
        label=gettext_lazy("Pourquoi elle relève de l’ESS"),
        help_text=gettext_lazy("Ce texte est public. N’y nommez personne."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    source = forms.CharField(
        label=gettext_lazy("D’où vient l’information"),
        help_text=gettext_lazy("Rencontre, dossier de subvention, récépissé de la préfecture…"),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, alikes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = {question.code: question for question in self_assessment_questions(today())}
        choose = [("", _("Choisissez"))]
        self.fields["legal_form"].choices = [*choose, *questions["legal_form"].choices]  # type: ignore[attr-defined]
        known = [(sector.code, sector.label) for sector in sectors()]
        self.fields["sector"].choices = [("", _("Je ne sais pas")), *known]  # type: ignore[attr-defined]
        for code in ASKED:
            question = questions[code]
            self.fields[code] = forms.ChoiceField(
                label=question.text,
                help_text=_("Pour une société : %(help)s") % {"help": question.help},
                choices=[("unknown", _("Je ne sais pas")), ("yes", _("Oui")), ("no", _("Non"))],
                initial="unknown",
                required=False,
            )
        if alikes:
            self.fields["distinct"] = forms.BooleanField(
                label=_("J’ai regardé ces fiches : aucune n’est cette organisation."), required=False
            )


class ReasonForm(forms.Form):
    """An act that says why."""

    reason = forms.CharField(
        label=gettext_lazy("Motif"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FindForm(forms.Form):
    """The other row of a pair of duplicates."""

    other = OrganisationField(label=gettext_lazy("L’autre fiche de la même organisation"))


class MergeForm(forms.Form):
    """Which row is kept, and why the two are the same."""

    kept = forms.TypedChoiceField(label=gettext_lazy("Fiche à garder"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("À quoi voit-on que c’est la même ?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], different: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = choices  # type: ignore[attr-defined]
        if different:
            self.fields["numbers_confirmed"] = forms.BooleanField(
                label=_("Les SIREN sont différents, et c’est pourtant la même personne morale."),
                required=False,
            )


class LinkForm(forms.Form):
    """A tie between the organisation of the page and another one."""

    WAYS = (
        ("succeeds", gettext_lazy("Elle succède à")),
        ("precedes", gettext_lazy("Elle a pour successeur")),
        ("belongs", gettext_lazy("Elle appartient à")),
        ("holds", gettext_lazy("Elle a pour membre ou entité")),
    )
    way = forms.ChoiceField(label=gettext_lazy("Le lien"), choices=WAYS, widget=forms.RadioSelect)
    other = OrganisationField(label=gettext_lazy("L’autre organisation"))
    kind = forms.ChoiceField(label=gettext_lazy("Nature"), choices=OrganisationLink.Kind.choices)
    day = forms.DateField(
        label=gettext_lazy("Date d’effet"),
        help_text=gettext_lazy("Nécessaire pour une succession."),
        required=False,
        widget=DayInput,
    )
    note = forms.CharField(label=gettext_lazy("Précision"), max_length=300, required=False)
    upload = forms.FileField(
        label=gettext_lazy("Pièce"),
        help_text=gettext_lazy("Traité, récépissé, statuts : PDF, image ou texte."),
        required=False,
    )
    document_is_public = forms.BooleanField(label=gettext_lazy("La pièce est publique"), required=False)

    def clean(self) -> dict[str, Any]:
        """The nature must be of the way: a succession between two that follow, a group between two that belong."""
        found = super().clean() or {}
        succession = found.get("way") in ("succeeds", "precedes")
        kinds = OrganisationLink.SUCCESSIONS if succession else OrganisationLink.GROUPS
        if found.get("way") and found.get("kind") and found["kind"] not in kinds:
            labels = ", ".join(str(kind.label) for kind in kinds)
            self.add_error("kind", _("Pour ce lien, choisissez : %(labels)s.") % {"labels": labels})
        return found


class StateForm(forms.Form):
    """Closing, or reopening."""

    day = forms.DateField(label=gettext_lazy("Date"), widget=DayInput)
    reason = forms.CharField(
        label=gettext_lazy("Motif"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    source = forms.CharField(
        label=gettext_lazy("D’où vient l’information"),
        help_text=gettext_lazy("Annonce légale, courrier, visite… Ce texte est public."),
        max_length=200,
    )


class TagForm(forms.Form):
    """A tag and what proves it."""

    code = forms.ChoiceField(label=gettext_lazy("Étiquette"))
    origin = forms.CharField(
        label=gettext_lazy("D’où vient l’information"),
        help_text=gettext_lazy("Convention, arrêté du préfet, annuaire, délibération… Ce texte est public."),
        max_length=200,
    )
    number = forms.CharField(
        label=gettext_lazy("Numéro de convention ou d’agrément"), max_length=60, required=False
    )
    since = forms.DateField(label=gettext_lazy("Valable à partir du"), required=False, widget=DayInput)
    until = forms.DateField(
        label=gettext_lazy("Fin de validité"),
        help_text=gettext_lazy("Premier jour où elle ne vaut plus. Un rappel part 60 puis 15 jours avant."),
        required=False,
        widget=DayInput,
    )
    upload = forms.FileField(
        label=gettext_lazy("Pièce"), help_text=gettext_lazy("PDF, image ou texte."), required=False
    )
    document_is_public = forms.BooleanField(
        label=gettext_lazy("La pièce est publique"),
        help_text=gettext_lazy("Sinon, seuls les agents de votre collectivité la lisent."),
        required=False,
    )

    def __init__(self, *args: Any, authority: Authority | None, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed:
            del self.fields["code"]
            self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput)
        else:
            choices: list[Any] = [("", _("Choisissez")), *tag_groups(authority)]
            self.fields["code"].choices = choices  # type: ignore[attr-defined]


class LabelForm(forms.Form):
    """A label that the authority gives."""

    name = forms.CharField(label=gettext_lazy("Nom du label"), max_length=80)
    description = forms.CharField(label=gettext_lazy("Ce qu’il reconnaît"), max_length=300, required=False)
