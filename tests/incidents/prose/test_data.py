"""JSON inside a page."""

import json

from incidents.prose.data import embed_json


def test_no_text_can_end_the_element_that_holds_it() -> None:
    said = {"name": "</script><!--<script>&amp;\u2028\u2029", "url": 'https://example.org/?a=1&b="2"'}

    text = embed_json(said)

    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == said
