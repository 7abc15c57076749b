"""What an insight is made of: a sentence, a table that is the truth, and what a drawing needs to show the same."""

from dataclasses import dataclass

TEXT, NUMBER, DATE, ID = "text", "number", "date", "id"

Cell = str | int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `kind` is text, number, date (as far as it is known) or id."""

    name: str
    kind: str = NUMBER


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `narrows` is the filter (name and value) that finds what it counts, if one does."""

    cells: tuple[Cell, ...]
    narrows: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A number with its name.

    Attributes:
        part: how many of them are what the drawing is about; all where it is None.
        before: the number it is compared with, if any.
    """

    label: str
    value: int
    part: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """Numbers to be compared by length.

    Attributes:
        legend: what full and outlined bars mean.
        out_of: what the numbers, and those before, are shares of, where shares are to be compared.
    """

    bars: tuple[Bar, ...]
    legend: str = ""
    out_of: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class Series:
    """One number for each month; `step` is 1 to 5 for a severity and 0 for all together."""

    label: str
    step: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Months:
    """Months without a gap, such as `2025-01`, and what is counted in them."""

    months: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Numbers by the two letters of a country, the greatest first."""

    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Insight:
    """One figure.

    Attributes:
        name: as its address names it.
        finding: what it says now, in one or two sentences.
        notes: what is counted, what is left out, and why.
        shown: how many rows of the table a page shows; files have them all.
        drawing: None where there is nothing to draw.
    """

    name: str
    title: str
    finding: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    drawing: Months | Bars | Places | None
    shown: int = 40
