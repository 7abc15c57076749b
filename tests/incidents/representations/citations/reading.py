"""Reading citations by the rules of their formats, without the code that writes them."""

import re

RIS_LINE = re.compile(r"([A-Z][A-Z0-9])  - (.*)")
COMMANDS = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{character}": character for character in "#$%&_"},
}
COMMAND = re.compile("|".join(map(re.escape, COMMANDS)))


def read_ris(text: str) -> list[tuple[str, str]]:
    """Tags and texts of a file of one record. Every line ends with CR LF and has a tag."""
    *lines, rest = text.split("\r\n")
    assert rest == ""
    found = [RIS_LINE.fullmatch(line) for line in lines]
    return [(match[1], match[2]) for match in found if match]


def read_bibtex(text: str) -> tuple[str, str, dict[str, str]]:
    """Type, key and fields of a file of one entry, read as BibTeX reads it: by counting braces, escaped ones too."""
    kind, key, body = re.fullmatch(r"@(\w+)\{([^\s,{}]+),\n(.*)\n\}\n", text, re.DOTALL).groups()  # type: ignore[union-attr]
    fields, place = {}, 0
    while place < len(body):
        name = re.compile(r"\s*(\w+) = ").match(body, place)
        assert name, f"No field begins at {body[place : place + 30]!r}"
        end = _end_of_value(body, name.end())
        fields[name[1]] = body[name.end() : end]
        assert body[end] == ","
        place = end + 1
    return kind, key, fields


def _end_of_value(body: str, start: int) -> int:
    depth, place = 0, start
    while depth or body[place] != ",":
        depth += {"{": 1, "}": -1}.get(body[place], 0)
        assert depth >= 0
        place += 1
    return place


def typeset(value: str) -> str:
    """What TeX prints for the value of a field: braces gone, commands as the characters they stand for."""
    marked = COMMAND.sub(lambda command: chr(0xE000 + list(COMMANDS).index(command[0])), value)
    assert "\\" not in marked
    assert not re.search(r"[#$%&_~^]", marked)
    bare = marked.replace("{", "").replace("}", "")
    return re.sub("[\ue000-\ue0ff]", lambda mark: list(COMMANDS.values())[ord(mark[0]) - 0xE000], bare)
