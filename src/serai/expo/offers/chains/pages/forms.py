"""Forms of the chains of an organisation."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.offers.chains.models import Stage
from serai.world import chains as world

LONGEST = 2_000
"""Characters of a description, and of the words of a link in one language."""

LongText = partial(LocalizedTextFormField, long=True, max_length=LONGEST, required=False)


class ChainForm(forms.Form):
    """The title of a chain, and what it is about."""

    title = LocalizedTextFormField(label=_("Title of the chain"), max_length=120)
    summary = LongText(label=_("What it is about"), help_text=_("One sentence."))


class StageForm(forms.Form):
    """A stage: its title, and where it stands."""

    title = LocalizedTextFormField(label=_("Title of the stage"), max_length=120)
    position = forms.ChoiceField(
        label=_("Where it stands"),
        choices=Stage.Position.choices,
        help_text=_("Upstream is nearer to the raw material, downstream nearer to the user; a service serves all."),
    )

    def stage(self, code: str) -> world.Stage:
        given = self.cleaned_data
        return world.Stage(code, world.Position(given["position"]), given["title"])


class NodeForm(forms.Form):
    """A link of a chain: what it is, by which words and codes firms are found for it, and what it is made from."""

    title = LocalizedTextFormField(label=_("Name of the product or service"), max_length=120)
    stage = forms.ChoiceField(label=_("Stage"))
    summary = LongText(
        label=_("Description"),
        help_text=_("What firms of this node make or do, in a sentence or two."),
    )
    keywords = LongText(
        label=_("Words by which firms are found"),
        help_text=_("One a line, as firms write them: 'sheet metal bending'. The more exact, the better."),
    )
    examples = LongText(label=_("Examples"), help_text=_("Products or services that belong here, one a line."))
    hs = forms.CharField(
        label=_("HS headings"),
        max_length=LONGEST,
        required=False,
        help_text=_("Customs codes of the goods, four digits, with commas: 8462, 8466. A service has none."),
    )
    isic = forms.CharField(
        label=_("ISIC classes"),
        max_length=LONGEST,
        required=False,
        help_text=_("Codes of the industries that make it, four digits, with commas: 2822."),
    )
    made_from = forms.MultipleChoiceField(
        label=_("Made from"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nodes of this chain whose products go into it."),
    )
    goes_into = forms.MultipleChoiceField(
        label=_("Goes into"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nodes of this chain that it goes into. Each node has at least one neighbour."),
    )

    def __init__(self, chain: world.Chain, code: str, data: Mapping[str, Any] | None = None) -> None:
        node = next((node for node in chain.nodes if node.code == code), None)
        super().__init__(data, initial=_initial(chain, node) if node else {})
        self.present = node
        stages = [(stage.code, str(in_language(stage.title))) for stage in chain.stages]
        others = [(other.code, str(in_language(other.title))) for other in chain.nodes if other.code != code]
        for name, choices in (("stage", stages), ("made_from", others), ("goes_into", others)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def node(self, code: str) -> world.Node:
        """The link of this code as it was filled in; what the form does not show of it stays."""
        given = self.cleaned_data
        filled = {"stage": given["stage"], "title": given["title"], "summary": given["summary"]}
        filled |= {"hs": _codes(given["hs"]), "isic": _codes(given["isic"])}
        filled |= {"keywords": _lines(given["keywords"]), "examples": _lines(given["examples"])}
        return replace(self.present, **filled) if self.present else world.Node(code=code, **filled)


def _initial(chain: world.Chain, node: world.Node) -> dict[str, Any]:
    return {
        "title": dict(node.title),
        "stage": node.stage,
        "summary": dict(node.summary),
        "keywords": {language: "\n".join(words) for language, words in node.keywords.items()},
        "examples": {language: "\n".join(words) for language, words in node.examples.items()},
        "hs": ", ".join(node.hs),
        "isic": ", ".join(node.isic),
        "made_from": chain.suppliers_of(node.code),
        "goes_into": chain.users_of(node.code),
    }


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"[^\s,;，；、]+", text)))


def _lines(texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """By language the lines of a text that are not empty, each once."""
    lines = {language: [line.strip() for line in text.splitlines()] for language, text in texts.items()}
    kept = {language: tuple(dict.fromkeys(filter(None, some))) for language, some in lines.items()}
    return {language: some for language, some in kept.items() if some}


class FileForm(forms.Form):
    """The file of a chain."""

    file = forms.FileField(
        label=_("File of a chain"),
        help_text=_(
            "A text file in TOML or a zip of CSV files, as this page gives them out. Its name is the address of the"
            " chain."
        ),
        error_messages={"required": _("Choose a file."), "missing": _("Choose a file.")},
    )


class MovesForm(forms.Form):
    """For each link that goes: the one to which its firms go."""

    def __init__(self, removed: Iterable[world.Node], kept: world.Chain, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        links = [(node.code, str(in_language(node.title))) for node in kept.nodes]
        for node in removed:
            self.fields[f"to-{node.code}"] = forms.ChoiceField(
                label=_("Firms of “%s” go to") % in_language(node.title),
                choices=[("", _("where their texts place them")), *links],
                required=False,
            )

    def moves(self) -> dict[str, str]:
        """Code of a link that goes -> code of the one to which its firms go."""
        return {name.removeprefix("to-"): code for name, code in self.cleaned_data.items() if code}
