"""What is counted, and what each figure says of corpora whose numbers are known."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.utils.translation import override

from incidents.insight.figures import Bar, Bars, Insight, Places
from incidents.insight.report import NAMES, Report, read_report
from incidents.publication.audience import PUBLIC
from incidents.publication.document import Timeline
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.models import Advisory
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import AttributionStatus, Certainty, OrganizationRole, ReleaseKind, Severity
from tests.factories.catalogues import speak
from tests.factories.corpus import claim, involved, release_document, step

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen_time() -> Any:
    with time_machine.travel(dt.datetime(2025, 11, 27, 12, tzinfo=dt.UTC), tick=False):
        yield


def report(query: str = "") -> Report:
    return read_report(AdvisoryFilter(QueryDict(query), Advisory.objects.visible_to(PUBLIC)), PUBLIC)


def insight(name: str, query: str = "") -> Insight:
    return next(one for one in report(query).insights if one.name == name)


def drawing(name: str, query: str = "") -> Any:
    return insight(name, query).drawing


def cells(name: str, query: str = "") -> list[tuple[str | int, ...]]:
    return [row.cells for row in insight(name, query).rows]


def dated(began: str, disclosed: str = "") -> dict[str, Any]:
    return {"timeline": Timeline(occurred_from=began, disclosed=disclosed)}


def test_an_empty_corpus_gives_an_empty_report() -> None:
    assert report() == Report(total=0, exercises=0, as_of=None, insights=())


def test_what_is_counted_is_kept_and_told_in_the_language_of_each_reader(
    settings: Any, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    messages = {
        "It names nobody responsible./All %(count)s advisories name nobody responsible.": (
            "Sie nennt niemanden als Verantwortlichen./Niemand wird genannt."
        )
    }
    speak(settings, tmp_path, "de", messages)
    release_document()
    said = [insight("attribution").finding]

    with override("de"), django_assert_num_queries(1):
        said.append(insight("attribution").finding)
    said.append(insight("attribution").finding)

    assert said == [
        "It names nobody responsible.",
        "Sie nennt niemanden als Verantwortlichen.",
        "It names nobody responsible.",
    ]


def test_counted_nouns_follow_the_rules_of_the_language(settings: Any, tmp_path: Path) -> None:
    one, many = (
        "%(nobody)s %(out_of)s names nobody responsible; in the other it is confirmed.",
        "von %(count)s Meldungen",
    )
    messages = {
        f"{one}/{one.replace('names', 'name')}": "%(out_of)s: %(nobody)s ohne/%(out_of)s: %(nobody)s ohne",
        "9 of 12 advisories|of %(count)s advisory/of %(count)s advisories": f"von %(count)s Meldung/{many}",
    }
    speak(settings, tmp_path, "de", messages)
    release_document(attributions=(claim("grey-heron", status=AttributionStatus.CONFIRMED),))
    release_document()

    with override("de"):
        assert insight("attribution").finding == "von 2 Meldungen: 1 ohne"


def test_one_advisory_with_nothing_known_is_counted_and_nothing_is_drawn_of_it() -> None:
    release_document()

    found = report()

    assert (found.total, [one.name for one in found.insights]) == (1, list(NAMES))
    assert [one.finding for one in found.insights] == [
        "Of none of them is the month known in which it began.",
        "No advisory counted here names an organisation with a sector.",
        "No advisory counted here observes a technique in an incident that began in the eight quarters to September 2025.",
        "Of no incident counted here are both the day it began and the day it was disclosed known.",
        "It names nobody responsible.",
        "No advisory counted here names an organisation with a country.",
    ]
    assert [one.name for one in found.insights if one.drawing] == ["attribution"]


def test_withdrawn_exercises_and_what_the_public_may_not_see_are_not_counted() -> None:
    release_document()
    release_document(kind=ReleaseKind.WITHDRAWAL)
    release_document(is_exercise=True)
    release_document(tlp=TLP.GREEN)

    found = report()

    assert (found.total, found.exercises) == (1, 1)
    assert report("state=withdrawn").total == 0


def test_a_report_is_as_of_the_newest_release_that_readers_may_see() -> None:
    release_document()
    release_document(tlp=TLP.GREEN)

    assert report("severity=critical").as_of == dt.datetime(2025, 1, 1, 12, 1, tzinfo=dt.UTC)


def test_filters_narrow_every_figure_and_reports_are_kept_apart() -> None:
    release_document(severity=Severity.HIGH, organizations=(involved("a", sector="cloud"),))
    release_document(severity=Severity.LOW, organizations=(involved("b", sector="mining"),))

    assert cells("sectors") == [("Cloud and hosting", 1), ("Mining", 1)]
    assert cells("sectors", "severity=high") == [("Cloud and hosting", 1)]
    assert cells("sectors", "severity=low,high") == cells("sectors", "severity=high&severity=low&sort=severity")
    assert report("severity=critical").insights == ()


def test_months_are_counted_by_severity_and_vague_dates_are_named() -> None:
    release_document(severity=Severity.HIGH, **dated("2025-01"))
    release_document(severity=Severity.LOW, **dated("2025-01-31T23:59Z"))
    release_document(severity=Severity.CRITICAL, **dated("2024-11-05"))
    release_document(**dated("2025"))
    release_document()

    found = insight("months")

    assert [row.cells for row in found.rows] == [("2025-01", 2, 0, 1, 0, 1, 0), ("2024-11", 1, 1, 0, 0, 0, 0)]
    assert found.finding == (
        "The most that began in one month: 2, in January 2025. Of 3 incidents known to the month, 2 were critical or high."
    )
    assert found.notes == (
        "Left out: 1 incident of which only the year is known.",
        "Left out: 1 incident of which it is not known when it began.",
    )


def test_months_are_drawn_without_a_gap_for_a_year_at_least_and_three_at_most() -> None:
    release_document(**dated("2025-03"))

    short = drawing("months")
    release_document(**dated("2019-03"))
    long = insight("months")

    assert short.months == (*(f"2024-{month:02d}" for month in range(4, 13)), "2025-01", "2025-02", "2025-03")
    assert [(series.label, series.counts[-1]) for series in short.series] == [("All", 1), ("Medium", 1)]
    assert (len(drawing("months").months), drawing("months").months[0], long.shown, len(long.rows)) == (
        36,
        "2022-04",
        1,
        2,
    )
    assert long.notes == ("Drawn are the 36 months to March 2025; 1 incident that began earlier is in the CSV file.",)


def test_sectors_and_countries_count_an_advisory_once_for_each() -> None:
    bank = involved("bank", sector="financial-services", country="SG")
    shop = involved("shop", OrganizationRole.SUPPLIER, sector="retail", country="SG")
    release_document(organizations=(bank, shop))
    release_document(organizations=(bank, involved("fund", sector="financial-services")))
    release_document()

    assert cells("sectors") == [("Financial services", 2), ("Retail", 1)]
    assert insight("sectors").finding == "Named most: Financial services, in 2 of 3 advisories; then Retail, in 1."
    assert insight("sectors").notes == (
        "An advisory that names organisations of several sectors counts in each of them.",
        "Left out: 1 advisory names no organisation of which the sector is known.",
    )
    assert insight("sectors").rows[1].narrows == ("sector", "retail")
    assert cells("countries") == [("Singapore", "SG", 2)]
    assert insight("countries").drawing == Places((("SG", 2),))


def test_what_leads_together_is_named_together() -> None:
    for sector in ("mining", "retail", "energy"):
        release_document(organizations=(involved(sector, sector=sector),))
    three = insight("sectors").finding
    release_document(organizations=(involved("b", sector="defense"),))

    assert three == "Named most, each in 1 of 3 advisories: Energy, Mining and Retail."
    assert insight("sectors").finding == "None stands out: 4 sectors are each named in 1 of 4 advisories."


@pytest.mark.parametrize(
    ("days", "finding"),
    [
        ((1,), "Both days are known of 1 incident only: disclosed after 1 day."),
        ((0, 3), "Both days are known of 2 incidents only: disclosed after 0 and 3 days."),
        (
            (0, 3, 3, 9, 400),
            "Half of the 5 incidents of which both days are known were disclosed within 3 days; the longest took 400 days.",
        ),
    ],
)
def test_time_to_disclosure_says_how_many_are_known(days: tuple[int, ...], finding: str) -> None:
    for wait in days:
        release_document(**dated("2024-01-01", str(dt.date(2024, 1, 1) + dt.timedelta(days=wait))))

    assert insight("disclosure").finding == finding


def test_time_to_disclosure_leaves_out_what_is_not_known_to_the_day() -> None:
    spans = ("2024-01-01", "2024-01-08", "2024-01-09", "2024-12-31", "2025-01-01", "2023-12-31", "2024-02", "")
    for disclosed in spans:
        release_document(**dated("2024-01-01", disclosed))

    assert cells("disclosure") == [
        ("The same day", 1),
        ("1 to 7 days", 1),
        ("8 to 30 days", 1),
        ("31 to 90 days", 0),
        ("91 to 365 days", 1),
        ("More than a year", 1),
    ]
    assert insight("disclosure").notes == (
        "Left out: 1 incident of which a date is known to the month or the year only.",
        "Left out: 1 incident of which a date is not known at all.",
        "Left out: 1 incident of which the date of disclosure lies before that of the occurrence.",
    )


def test_nobody_named_is_counted_by_year_with_the_best_statement_of_each() -> None:
    release_document(**dated("2025"))
    release_document(**dated("2025-02"), attributions=(claim("grey-heron"),))
    release_document(**dated("2024"), attributions=(claim("a"), claim("b", status=AttributionStatus.CONFIRMED)))

    found = insight("attribution")

    assert found.finding == "1 of 3 advisories names nobody responsible; of the other 2, it is confirmed in 1."
    assert [row.cells for row in found.rows] == [("2025", 2, 1, 0, 0, 1, 0, 0), ("2024", 1, 0, 1, 0, 0, 0, 0)]
    assert found.drawing == Bars(
        (Bar("All years", 3, part=1), Bar("2025", 2, part=1), Bar("2024", 1, part=0)),
        "Full: nobody is named. Outlined: somebody is.",
    )


def observe(technique: str, began: str, count: int, certainty: Certainty = Certainty.OBSERVED) -> None:
    for _ in range(count):
        release_document(**dated(began), attacks=(step(technique, certainty),))


def test_techniques_rise_by_share_and_by_more_than_chance() -> None:
    observe("T1566", "2023-10-01", 18)
    observe("T1486", "2024-09-30", 4)
    observe("T1566", "2024-10", 18)
    observe("T1486", "2025-09-30", 16)
    observe("T1486", "2025-10-01", 3)
    observe("T1486", "2025", 3)
    observe("T1498", "2025-09", 9, Certainty.SUSPECTED)

    found = insight("techniques")

    assert [row.cells for row in found.rows] == [
        ("attack/T1566", "attack/T1566", 18, 18),
        ("attack/T1486", "attack/T1486", 16, 4),
    ]
    assert [column.name for column in found.columns[2:]] == [
        "October 2024 to September 2025",
        "October 2023 to September 2024",
    ]
    assert found.finding == (
        "T1486 rose most: observed in 16 of 34 advisories from October 2024 to September 2025, after 4 of 22 in the four "
        "quarters before."
    )
    assert [(bar.label, bar.value, bar.before) for bar in drawing("techniques").bars] == [("T1486", 16, 4)]


def test_too_little_to_compare_is_called_that() -> None:
    observe("T1566", "2024-09", 2)
    observe("T1566", "2025-09", 19)

    found = insight("techniques")

    assert found.finding == (
        "Too little to say what is rising: 19 and 2 advisories observe a technique in the two spans of four quarters; a "
        "comparison takes 20 in each."
    )
    assert cells("techniques") == [("attack/T1566", "attack/T1566", 19, 2)]


def test_equal_shares_do_not_rise() -> None:
    observe("T1566", "2024-09", 20)
    observe("T1566", "2025-09", 40)

    found = insight("techniques")

    assert found.finding == "No technique is observed so much more often than before that it could not be chance."
    assert drawing("techniques").bars == (Bar("T1566", 40, before=20),)


def test_an_old_corpus_is_compared_with_itself_and_a_year_with_nothing() -> None:
    observe("T1566", "2019-05", 1)

    assert [column.name for column in insight("techniques").columns[2:]] == [
        "July 2018 to June 2019",
        "July 2017 to June 2018",
    ]
    assert insight("techniques", "year=2019").finding == (
        "A year is chosen, so nothing is compared: this figure needs two years side by side."
    )


@pytest.mark.parametrize("count", [1, 30])
def test_a_report_takes_as_many_queries_however_much_there_is(count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        release_document(
            **dated(f"2025-0{number % 9 + 1}-01", "2025-10-01"),
            attacks=(step(f"T{1000 + number}"),),
            organizations=(involved(f"o{number}", sector="energy", country="SG"),),
        )

    with django_assert_num_queries(6):
        report()
    with django_assert_num_queries(1):
        report()
    with django_assert_num_queries(12):
        report("sector=energy")
    with django_assert_num_queries(1):
        report("sector=energy")


def test_counts_that_are_kept_say_what_counting_would() -> None:
    for number, severity in enumerate((Severity.HIGH, Severity.LOW, Severity.HIGH)):
        release_document(
            **dated(f"2025-0{number + 1}-05", ("2025-03-01", "2025", "")[number]),
            severity=severity,
            attacks=(step("T1486"), step("T1566", Certainty.SUSPECTED)),
            attributions=(claim("grey-heron", status=AttributionStatus.CLAIMED),) if number else (),
            organizations=(involved(f"o{number}", sector="energy", country="SG"), involved("b", sector="cloud")),
        )
    release_document(**dated("2024"))
    release_document(is_exercise=True, **dated("2024-07"))
    release_document(kind=ReleaseKind.WITHDRAWAL, **dated("2024-07"))

    counted = report("state=investigating,confirmed,contained,resolved,disputed")

    assert (counted.total, counted.exercises) == (4, 1)
    assert report() == counted


def test_of_many_that_filters_find_the_newest_are_counted_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for severity in (Severity.HIGH, Severity.HIGH, Severity.HIGH, Severity.LOW):
        release_document(severity=severity)
    monkeypatch.setattr("incidents.insight.report.MOST_COUNTED", 2)

    found = report("severity=high")

    assert (found.total, found.is_capped) == (2, True)
    assert {one.notes[0] for one in found.insights} == {
        "The filters find more than 2 advisories; the newest 2 are counted."
    }
    assert (report().total, report().is_capped) == (4, False)
