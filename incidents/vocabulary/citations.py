"""Citations: parts of a record name the sources they rest on by number, `1, 3`."""

import re

CITES_PATTERN = r"^([1-9][0-9]{0,3}(, ?[1-9][0-9]{0,3})*)?$"


def parse_cites(text: str) -> tuple[int, ...]:
    """Source numbers of a citation list, in order, each once: `"1, 3"` gives `(1, 3)`.

    Raises:
        ValueError: the text is not a list of positive numbers.
    """
    if not re.fullmatch(CITES_PATTERN, text.strip()):
        raise ValueError(f"“{text}” is not a list of source numbers; write them like 1, 3.")
    return tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", text)))
