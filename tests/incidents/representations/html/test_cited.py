"""From a source back to where it is cited."""

from incidents.publication.document import AttackStep, Narrative, SourceRef, TechniqueRef, UpdateNote
from incidents.representations.html.build import build_html
from incidents.representations.html.cited import cited_sources
from incidents.vocabulary.words import Certainty, Framework, SourceKind, UpdateKind
from tests.factories.documents import make_document
from tests.incidents.representations.html.reading import Page

TECHNIQUE = TechniqueRef(framework=Framework.ATTACK, external_id="T1498", name="Network Denial of Service")


def make_source(number: int) -> SourceRef:
    return SourceRef(number=number, title=f"Source {number}", url="https://news.example/", kind=SourceKind.NEWS)


def document():
    return make_document(
        narrative=Narrative(what_happened="One. [^1] Two. [^12] No citation: [^0] [1].", takeaway="Three. [^1]"),
        attacks=(AttackStep(technique=TECHNIQUE, certainty=Certainty.OBSERVED, description="Seen. [^2]", cites=(1,)),),
        updates=(UpdateNote(at="2025-01", kind=UpdateKind.MONITORING, title="Calm", cites=(2,)),),
        sources=(make_source(1), make_source(2), make_source(3), make_source(12)),
    )


def test_each_source_knows_the_places_that_cite_it_in_the_order_of_the_page():
    assert {cited.source.number: cited.places for cited in cited_sources(document())} == {
        1: (("what-happened", "What happened"), ("techniques", "Techniques"), ("takeaway", "Takeaway")),
        2: (("techniques", "Techniques"), ("update-1", "Update: Calm")),
        3: (),
        12: (("what-happened", "What happened"),),
    }


def test_the_page_leads_back_from_a_source_and_says_which_ones_nothing_cites():
    page = Page(build_html(document(), "https://tocsin.example"))

    assert page.texts("p", "cited-in") == [
        "Cited in: What happened, Techniques, Takeaway",
        "Cited in: Techniques, Update: Calm",
        "Not cited in the text.",
        "Cited in: What happened",
    ]
