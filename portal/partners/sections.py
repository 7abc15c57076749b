"""The parts of the partners' page. A further one, such as webhooks, is a line here and its addresses in `urls.py`."""

from typing import NamedTuple


class Section(NamedTuple):
    """A part: its title, and the name of its address."""

    title: str
    address: str


SECTIONS = (Section("Keys and use", "partners:home"),)
