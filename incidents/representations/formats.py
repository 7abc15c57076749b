"""The formats every advisory can be read as. A new format is one package and one line here."""

from incidents.publication.registry import register
from incidents.representations.citations.bibtex import FORMAT as BIBTEX
from incidents.representations.citations.csl import FORMAT as CSL
from incidents.representations.citations.ris import FORMAT as RIS
from incidents.representations.html.format import FORMAT as HTML
from incidents.representations.json.build import FORMAT as JSON
from incidents.representations.markdown.build import FORMAT as MARKDOWN
from incidents.representations.navigator.format import ATLAS_LAYER, ATTACK_LAYERS
from incidents.representations.picture.build import FORMAT as PICTURE
from incidents.representations.stix.build import FORMAT as STIX

FORMATS = (HTML, JSON, MARKDOWN, BIBTEX, RIS, CSL, ATTACK_LAYERS, ATLAS_LAYER, STIX, PICTURE)


def register_formats() -> None:
    """Register every format; called once at start-up."""
    for form in FORMATS:
        register(form)
