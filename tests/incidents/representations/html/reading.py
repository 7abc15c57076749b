"""Reading a page as a browser would, without one."""

from html.parser import HTMLParser

Element = tuple[str, dict[str, str], list[str]]
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Page(HTMLParser):
    """The elements of a page, each with its attributes and the text in it, in the order in which they begin."""

    def __init__(self, html: str | bytes) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html.decode() if isinstance(html, bytes) else html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element: Element = (tag, {name: value or "" for name, value in attrs}, [])
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}, []))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element[2].append(data)

    def texts(self, tag: str, css: str = "") -> list[str]:
        """The text of each element with this tag and, where one is given, this class; white space as a reader sees it."""
        return [
            " ".join("".join(text).split())
            for name, attributes, text in self.elements
            if name == tag and (not css or css in attributes.get("class", "").split())
        ]

    def attributes(self, tag: str, name: str) -> list[str]:
        """The values of an attribute of all elements with this tag that have it."""
        return [attributes[name] for found, attributes, _ in self.elements if found == tag and name in attributes]

    def text_of(self, anchor: str) -> str:
        """The text of the element with this id."""
        return next(" ".join("".join(text).split()) for _, found, text in self.elements if found.get("id") == anchor)

    def answers(self) -> dict[str, str]:
        """The five answers at the head of an advisory."""
        names, texts = self.texts("dt"), self.texts("dd")
        return dict(list(zip(names, texts, strict=True))[:5])
