"""A trend by quarter: what stands in it, what stands in no quarter, and that the drawing fits the figures."""

import datetime as dt

from incidents.representations.html.trend import BAR_ROOM, QUARTERS, Trend, draw_trend

TODAY = dt.date(2025, 2, 14)


def draw(*course: tuple[str, str, int], is_split: bool = True) -> Trend:
    trend = draw_trend(course, TODAY, is_split=is_split)
    assert trend is not None
    return trend


def counted(trend: Trend) -> dict[tuple[int, int], tuple[int, int]]:
    return {(one.year, one.number): (one.firm, one.suspected) for one in trend.quarters if one.total}


def test_nothing_gives_no_trend() -> None:
    assert draw_trend([], TODAY, is_split=True) is None


def test_the_last_quarter_is_the_present_one() -> None:
    trend = draw(("2025-01", "observed", 1))

    assert len(trend.quarters) == QUARTERS
    assert (trend.quarters[0].year, trend.quarters[0].number) == (2021, 2)
    assert (trend.quarters[-1].year, trend.quarters[-1].number) == (2025, 1)


def test_months_fall_into_their_quarters_by_certainty() -> None:
    trend = draw(
        ("2024-03", "observed", 2), ("2024-04", "observed", 1), ("2024-06", "suspected", 3), ("2024-05", "", 4)
    )

    assert counted(trend) == {(2024, 1): (2, 0), (2024, 2): (5, 3)}


def test_what_is_known_to_the_year_stands_in_no_quarter() -> None:
    trend = draw(("2024", "observed", 2), ("2024-01", "observed", 1))

    assert (trend.undated, counted(trend)) == (2, {(2024, 1): (1, 0)})


def test_earlier_years_are_counted_together() -> None:
    trend = draw(("2019-01", "observed", 2), ("2021-03", "suspected", 1), ("2021-04", "observed", 5))

    assert (trend.earlier, trend.total) == (3, 5)


def test_the_highest_bar_fills_the_room_and_suspected_stands_on_observed() -> None:
    trend = draw(("2024-01", "observed", 3), ("2024-01", "suspected", 1), ("2024-04", "observed", 1))

    highest, lower = (quarter for quarter in trend.quarters if quarter.total)
    assert [float(bar.height) for bar in highest.bars] == [BAR_ROOM * 3 / 4, BAR_ROOM / 4]
    assert float(highest.bars[1].top) + float(highest.bars[1].height) == float(highest.bars[0].top)
    assert [float(bar.height) for bar in lower.bars] == [BAR_ROOM / 4]
