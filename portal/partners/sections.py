"""The parts of the partners' page. A further one is a line here and its addresses."""

from typing import NamedTuple


class Section(NamedTuple):
    """A part: its title, and the name of its address."""

    title: str
    address: str


SECTIONS = (Section("Keys and use", "partners:home"), Section("Webhooks", "webhooks:list"))
