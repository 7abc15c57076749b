"""A form as a browser would send it, read from the HTML of a page."""

from html.parser import HTMLParser

Sent = dict[str, list[str]]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: Sent = {}
        self.area = self.select = ""
        self.multiple = False
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        match tag:
            case "input" if name and "disabled" not in given and self._is_sent(given):
                self.sent.setdefault(name, []).append(
                    given.get("value") or ("on" if given["type"] == "checkbox" else "")
                )
            case "textarea":
                self.area, self.text = name, ""
            case "select":
                self.select, self.multiple = name, "multiple" in given
                self.first = True
            case "option" if self.select and ("selected" in given or (self.first and not self.multiple)):
                if "selected" in given and not self.multiple:
                    self.sent[self.select] = []
                self.sent.setdefault(self.select, []).append(given.get("value") or "")
                self.first = False

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.sent[self.area] = [self.text.removeprefix("\n")]
            self.area = ""
        if tag == "select":
            self.select = ""

    @staticmethod
    def _is_sent(given: dict[str, str | None]) -> bool:
        kind = given.get("type")
        return kind not in {"submit", "file", "button"} and (kind not in {"radio", "checkbox"} or "checked" in given)


def read_sent_form(html: str) -> Sent:
    """The names and values that the forms of a page would send, buttons and files left out."""
    reader = _Reader()
    reader.feed(html)
    return {name: values for name, values in reader.sent.items() if "__prefix__" not in name}


def add_row(sent: Sent, prefix: str, **values: str) -> None:
    """Add a row to a part, as the script of the page does."""
    total = f"{prefix}-TOTAL_FORMS"
    index = int(sent[total][0])
    sent[total] = [str(index + 1)]
    for name, value in values.items():
        sent[f"{prefix}-{index}-{name}"] = [value]
