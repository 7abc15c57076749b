"""Reading feeds as strict clients do: what every format says of an entry, and the rules of Atom, RSS and the W3C's validator."""

import datetime as dt
import json
import re
from collections import Counter
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

ATOM, CONTENT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
TAG_URI = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*")
WEB = re.compile(r"https?://[^/\s]+[^\s]*")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DAMAGED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd-\uffff]")
RELATIVE = re.compile(r"""(href|src)=["'](?!https?://)""")
FORBIDDEN = re.compile(r"<(script|style|iframe|object|embed|form|img)|\son\w+\s*=|javascript:", re.IGNORECASE)


class Said(NamedTuple):
    """What all formats say of an entry, so that it can be compared."""

    id: str
    title: str
    url: str
    summary: str
    content: str
    tags: tuple[str, ...]
    language: str


def read_atom(body: bytes) -> list[Said]:
    """The entries of an Atom feed."""
    root = ET.fromstring(body)
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    return [
        Said(
            text(entry, f"{ATOM}id"),
            text(entry, f"{ATOM}title"),
            links(entry)["alternate"],
            text(entry, f"{ATOM}summary"),
            text(entry, f"{ATOM}content"),
            tuple(one.attrib["label"] for one in entry.findall(f"{ATOM}category")),
            entry.attrib[lang],
        )
        for entry in root.findall(f"{ATOM}entry")
    ]


def read_rss(body: bytes) -> list[Said]:
    """The items of an RSS feed; its description is HTML and is read as such."""
    return [
        Said(
            text(item, "guid"),
            text(item, "title"),
            text(item, "link"),
            unescape(text(item, "description")),
            text(item, f"{CONTENT}encoded"),
            tuple(one.text or "" for one in item.findall("category")),
            text(item, f"{DC}language"),
        )
        for item in ET.fromstring(body).findall("channel/item")
    ]


def read_json(body: bytes) -> list[Said]:
    """The items of a JSON feed."""
    return [
        Said(
            item["id"],
            item["title"],
            item["url"],
            item["summary"],
            item["content_html"],
            tuple(item["tags"]),
            item["language"],
        )
        for item in json.loads(body)["items"]
    ]


READERS = {"atom": read_atom, "rss": read_rss, "json": read_json}


def unescape(html: str) -> str:
    """The text of HTML that holds no element."""
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        html = html.replace(entity, sign)
    return html


def text(element: ET.Element, name: str) -> str:
    """The text of the one child of this name."""
    (child,) = element.findall(name)
    return child.text or ""


def links(element: ET.Element) -> dict[str, str]:
    """The Atom links of an element by their relation, each of which it has once."""
    pairs = [(link.attrib["rel"], link.attrib["href"]) for link in element.findall(f"{ATOM}link")]
    assert max(Counter(rel for rel, _ in pairs).values(), default=0) <= 1
    return dict(pairs)


def check(ending: str, body: bytes, address: str) -> None:
    """The rules that a feed of this format has to keep, warnings of the W3C's validator included."""
    assert DAMAGED.search(body.decode()) is None
    entries = READERS[ending](body)
    assert len({entry.id for entry in entries}) == len(entries)
    for entry in entries:
        assert TAG_URI.fullmatch(entry.id)
        assert WEB.fullmatch(entry.url)
        assert entry.title.strip()
        assert entry.summary.strip()
        elements = " ".join(re.findall("<[^>]*>", entry.content))
        assert not RELATIVE.search(elements)
        assert not FORBIDDEN.search(elements)
    {"atom": _check_atom, "rss": _check_rss, "json": _check_json}[ending](body, address)


def _check_atom(body: bytes, address: str) -> None:
    root = ET.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    assert TAG_URI.fullmatch(text(root, f"{ATOM}id"))
    assert links(root)["self"] == address
    assert text(root.findall(f"{ATOM}author")[0], f"{ATOM}name")
    times = [text(entry, f"{ATOM}updated") for entry in root.findall(f"{ATOM}entry")]
    assert all(INSTANT.fullmatch(time) for time in times)
    assert times == sorted(set(times), reverse=True)
    assert not times or text(root, f"{ATOM}updated") == times[0]
    names = [child.tag for child in root]
    assert f"{ATOM}entry" not in names or names.index(f"{ATOM}entry") == len(names) - len(times)


def _check_rss(body: bytes, address: str) -> None:
    root = ET.fromstring(body)
    assert (root.tag, root.attrib["version"]) == ("rss", "2.0")
    (channel,) = list(root)
    assert all(text(channel, name).strip() for name in ("title", "link", "description", "language"))
    assert links(channel)["self"] == address
    for item in channel.findall("item"):
        date = text(item, "pubDate")
        assert parsedate_to_datetime(date).tzinfo == dt.UTC
        assert f"{parsedate_to_datetime(date):%a}" == date[:3]
        names = [child.tag for child in item]
        assert names.index("description") < names.index(f"{CONTENT}encoded")
        assert item.findall("guid")[0].attrib == {"isPermaLink": "false"}


def _check_json(body: bytes, address: str) -> None:
    told: dict[str, Any] = json.loads(body)
    assert (told["version"], told["feed_url"]) == ("https://jsonfeed.org/version/1.1", address)
    assert WEB.fullmatch(told["home_page_url"])
    assert all(INSTANT.fullmatch(item["date_published"]) for item in told["items"])
