"""Passing an advisory on: address, letter, card, and choosing what goes on paper."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from incidents.representations.html.build import Standing, build_html, render_advisory
from tests.factories import make_full_incident, publish_incident
from tests.factories.documents import make_document
from tests.incidents.representations.html.reading import Page

BASE = "https://tocsin.example"
HOSTILE = '"><script>alert(1)</script> & Söhne\nBcc: all@example.org'


def letter_of(page: Page) -> dict[str, list[str]]:
    (address,) = [href for href in page.attributes("a", "href") if href.startswith("mailto:")]
    return parse_qs(urlsplit(address).query)


def test_the_letter_needs_no_script_and_says_what_it_is_about():
    assert letter_of(Page(build_html(make_document(), BASE))) == {
        "subject": ["INC-2025-0001: Harbour Bank locked out of its ledgers"],
        "body": [
            "Harbour Bank locked out of its ledgers\nhttps://tocsin.example/incidents/INC-2025-0001/\n\n"
            "TLP:CLEAR, release 1"
        ],
    }


def test_a_title_cannot_add_a_recipient_to_the_letter():
    letter = letter_of(Page(build_html(make_document(title=HOSTILE), BASE)))

    assert set(letter) == {"subject", "body"}
    assert "\n" not in letter["subject"][0]


def test_the_card_to_copy_is_html_whose_title_stays_a_title():
    page = Page(build_html(make_document(title=HOSTILE), BASE))

    (frame,) = [attributes for tag, attributes, _ in Page(page.text_of("snippet")).elements if tag == "iframe"]
    assert frame["src"] == "https://tocsin.example/incidents/INC-2025-0001/card/"
    assert unescape(frame["title"]) == f"INC-2025-0001: {' '.join(HOSTILE.split())}"
    assert [tag for tag, _, _ in Page(page.text_of("snippet")).elements] == ["iframe"]


def test_the_page_of_a_release_shares_that_release_and_offers_no_card():
    document = make_document()

    page = Page(render_advisory(document, BASE, Standing(current=document.release, is_withdrawn=False)))

    assert page.text_of("address") == "https://tocsin.example/incidents/INC-2025-0001/releases/1/"
    assert "snippet" not in page.attributes("code", "id")


@pytest.mark.django_db
def test_every_section_can_be_left_out_on_paper_without_script():
    page = Page(build_html(publish_incident(make_full_incident()).document, BASE))
    sheet = (Path(settings.BASE_DIR) / "static" / "css" / "print.css").read_text()

    boxes = [name for name in page.attributes("input", "id") if name.startswith("print-")]
    ruled = set(re.findall(r"#(print-[\w-]+):not\(:checked\)\) #([\w-]+)", sheet))
    assert [box for box in boxes if (box, box.removeprefix("print-")) not in ruled] == []
    assert {"print-impact", "print-sources", "print-history"} <= set(boxes)
