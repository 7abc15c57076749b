"""Where things stand in drawings."""

from incidents.insight.figures import Bar, Bars, Months, Places, Series
from incidents.insight.world import HEIGHT, OUTLINES, PLACES
from incidents.representations.html.insights.drawings import BarRow, Mark, Year, draw_bars, draw_map, draw_months
from incidents.vocabulary.countries import COUNTRIES


def widths(row: BarRow) -> list[str]:
    return [mark.width for mark in (row.full, row.outlined) if mark]


def test_bars_are_as_long_as_their_share_of_the_greatest() -> None:
    drawing = draw_bars(Bars((Bar("A", 4), Bar("B", 1), Bar("C", 0))))

    assert [row.full for row in drawing.rows] == [Mark("0", 20, "100", 12), Mark("0", 58, "25", 12), None]
    assert drawing.height == 3 * 38


def test_bars_show_a_part_or_what_was_before() -> None:
    part, before = draw_bars(Bars((Bar("A", 4, part=1), Bar("B", 2, before=3)))).rows

    assert (part.value, widths(part)) == ("1 of 4", ["25", "100"])
    assert (before.value, widths(before)) == ("2 after 3", ["50", "75"])


def test_a_name_too_long_for_a_phone_is_cut_there_only() -> None:
    (row,) = draw_bars(Bars((Bar("T1213.004 Customer Relationship Management Software", 12),))).rows

    assert (row.label, row.short) == (
        "T1213.004 Customer Relationship Management Software",
        "T1213.004 Customer Relationship Manage…",
    )


def test_months_of_all_series_are_drawn_to_one_scale() -> None:
    months = (*(f"2024-{month:02d}" for month in range(9, 13)), "2025-01")
    drawing = draw_months(Months(months, (Series("All", 0, (4, 0, 2, 0, 0)), Series("High", 4, (0, 0, 2, 0, 0)))))

    assert [[(one.x, one.height) for one in row.columns] for row in drawing.rows] == [
        [("2.4", 72), ("42.4", 36)],
        [("42.4", 36)],
    ]
    assert drawing.years == (Year("0", "2024"), Year("80", "2025"))


def test_the_first_year_is_not_named_where_the_next_begins_at_once() -> None:
    months = ("2024-12", *(f"2025-{month:02d}" for month in range(1, 12)))

    assert draw_months(Months(months, (Series("All", 0, (1,) * 12),))).years == (Year("8.33", "2025"),)


def test_bars_of_shares_are_as_long_as_the_shares() -> None:
    (row,) = draw_bars(Bars((Bar("T1566", 94, before=120),), out_of=(621, 1134))).rows

    assert (row.value, widths(row)) == ("94 after 120", ["100", "69.91"])


def test_circles_on_the_map_have_a_size_for_each_step() -> None:
    drawing = draw_map(Places((("US", 1204), ("CA", 340), ("SG", 12), ("MY", 11), ("IN", 2), ("FR", 1), ("XX", 1))))

    assert [(circle.radius, circle.label) for circle in drawing.circles] == [
        ("3.20", "1,204"),
        ("2.20", "340"),
        ("1.50", "12"),
        ("1.50", "11"),
        ("1.00", "2"),
        ("0.65", "1"),
    ]
    assert [circle.label for circle in drawing.numbers] == ["1204", "340"]
    assert [circle.label for circle in drawing.steps] == ["1", "2–9", "10–99", "100–999", "1,000+"]


def test_land_that_is_counted_is_drawn_apart() -> None:
    assert draw_map(Places((("US", 1),))).counted == OUTLINES["US"]


def test_every_country_that_an_organization_can_have_stands_on_the_map() -> None:
    missing = sorted(set(COUNTRIES) - set(PLACES))

    assert missing == ["AQ"]
    assert [code for code, (x, y) in PLACES.items() if not (0 <= x <= 1000 and -5 <= y <= HEIGHT + 20)] == []
