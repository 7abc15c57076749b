"""What is related to an advisory: chosen by editors, and found by what is shared, each with the reason."""

import pytest

from incidents.publication.document import RelatedRef
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import Relation, ReleaseKind
from tests.factories.corpus import claim, effect, release_document, step
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db


def read(client, public_id: str) -> Page:
    return Page(client.get(f"/incidents/{public_id}/related/").content)


def test_each_relative_says_what_it_shares_and_how_rare_that_is(client):
    this = release_document("This", attributions=(claim("grey-heron"),), attacks=(step("T1566"),))
    release_document("Other", attributions=(claim("grey-heron"),), attacks=(step("T1566"),))
    release_document("Third", attacks=(step("T1566"),))

    page = read(client, this.public_id)

    assert [text for text in page.texts("li") if ":" in text and "as in" in text and "INC" not in text] == [
        "Both name: Grey Heron, as in no other",
        "Same technique: T1566 T1566, as in 1 more",
        "Same technique: T1566 T1566, as in 1 more",
    ]
    assert "/actors/grey-heron/" in page.attributes("a", "href")


def test_what_editors_chose_stands_first_and_once(client):
    other = release_document("Other", attributions=(claim("grey-heron"),))
    chosen = RelatedRef(id=other.public_id, title="Other", relation=Relation.SAME_ACTOR, why="The same hand.")
    this = release_document("This", attributions=(claim("grey-heron"),), related=(chosen,))

    page = read(client, this.public_id)

    assert page.texts("h2") == ["Chosen by the editors", "Found by what they share"]
    assert [text for text in page.texts("li") if other.public_id in text] == [
        f"Other {other.public_id}Same actor The same hand."
    ]


def test_an_advisory_that_shares_nothing_says_so(client):
    this = release_document("This", affected_services=(effect("bank/ledger"),))

    assert "No other advisory shares" in " ".join(read(client, this.public_id).texts("main"))


def test_a_withdrawn_advisory_is_compared_with_nothing(client):
    release_document("Other", attributions=(claim("grey-heron"),))
    this = release_document("This", attributions=(claim("grey-heron"),), kind=ReleaseKind.WITHDRAWAL)

    page = read(client, this.public_id)

    assert page.texts("p", "notice") == ["This advisory was withdrawn, so nothing is compared with it."]


def test_what_the_public_may_not_see_is_not_found(client):
    secret = release_document("This", attributions=(claim("grey-heron"),), tlp=TLP.GREEN)

    assert client.get(f"/incidents/{secret.public_id}/related/").status_code == 404


def test_lower_case_ids_lead_on(client):
    this = release_document("This")

    answer = client.get(f"/incidents/{this.public_id.lower()}/related/")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"/incidents/{this.public_id}/related/")


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_asks_the_database_the_same_number_of_questions(client, count, django_assert_num_queries):
    parts = {"attacks": (step("T1566"), step("T1486")), "affected_services": (effect("bank/ledger"),)}
    this = release_document("This", **parts)
    for number in range(count):
        release_document(f"Other {number}", **parts)

    with django_assert_num_queries(4):
        client.get(f"/incidents/{this.public_id}/related/")


def test_the_advisory_leads_to_what_is_related(client):
    this = release_document("This", attacks=(step("T1566"),))
    bare = release_document("Bare")

    pages = [Page(client.get(f"/incidents/{one.public_id}/").content) for one in (this, bare)]

    assert [page.attributes("div", "data-related") for page in pages] == [[f"/incidents/{this.public_id}/related/"], []]
    assert f"/incidents/{this.public_id}/related/" in pages[0].attributes("a", "href")
