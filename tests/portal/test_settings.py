"""Settings are read in a process of their own: what the environment says is all that counts."""

import json
import os
import subprocess
import sys

import pytest

from tests.run.checks import ROOT

ENOUGH = {
    "SECRET_KEY": "a-key-for-this-test-only-0123456789-abcdefghijklmnop",
    "ALLOWED_HOSTS": "tocsin.example",
    "SITE_URL": "https://tocsin.example/",
    "DATABASE_URL": "postgres://tocsin@127.0.0.1:5432/tocsin",
}


def read(module: str, expression: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Evaluate `expression` where `settings` are those of `module`, in a process with this environment alone."""
    program = f"import json; from django.conf import settings; print(json.dumps({expression}))"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": f"portal.settings.{module}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def value(module: str, expression: str, environment: dict[str, str] | None = None) -> object:
    """The value of `expression` there."""
    outcome = read(module, expression, environment or {})
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


@pytest.mark.parametrize("missing", sorted(ENOUGH))
def test_production_refuses_to_start_without_what_it_needs(missing: str) -> None:
    outcome = read("production", "settings.DEBUG", {**ENOUGH, missing: ""})

    assert outcome.returncode != 0
    assert (
        outcome.stderr.strip()
        .splitlines()[-1]
        .endswith(f"Set {missing} in the environment: production has no default for it.")
    )


def test_production_starts_with_it() -> None:
    seen = value("production", "[settings.SITE_URL, settings.REQUIRE_MFA_FOR_PUBLISHERS]", ENOUGH)

    assert seen == ["https://tocsin.example", True]


def test_production_cookies_travel_over_https_only() -> None:
    seen = value("production", "[settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE]", ENOUGH)

    assert seen == [True, True]


@pytest.mark.parametrize(("proxies", "header"), [("", None), ("10.0.0.1", ["HTTP_X_FORWARDED_PROTO", "https"])])
def test_production_believes_a_proxy_about_https_only_when_one_is_trusted(
    proxies: str, header: list[str] | None
) -> None:
    environment = {**ENOUGH, "TRUSTED_PROXIES": proxies}

    assert value("production", "settings.SECURE_PROXY_SSL_HEADER", environment) == header


def test_an_empty_variable_counts_as_not_set() -> None:
    empty = {"REQUIRE_MFA_FOR_PUBLISHERS": "", "PORT": "", "CACHE_URL": " "}

    seen = value("production", "[settings.REQUIRE_MFA_FOR_PUBLISHERS, settings.PORT]", {**ENOUGH, **empty})

    assert seen == [True, 8000]


def test_debug_is_never_on() -> None:
    seen = [value(module, "settings.DEBUG", {**ENOUGH, "DEBUG": "true"}) for module in ("dev", "production")]

    assert seen == [False, False]


def test_postgresql_connections_are_pooled() -> None:
    pool = value("production", "settings.DATABASES['default']['OPTIONS']['pool']", ENOUGH)

    assert pool == {"min_size": 1, "max_size": 10, "timeout": 10}


def test_the_port_shows_in_the_address_of_the_site() -> None:
    assert value("dev", "settings.SITE_URL", {"PORT": "8123"}) == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        (
            {"DJANGO_SETTINGS_MODULE": "portal.settings.production"},
            "Set SECRET_KEY, ALLOWED_HOSTS, SITE_URL, DATABASE_URL in the environment: production has no default for it.",
        ),
        (
            {"PORT": "abc"},
            "PORT in the environment cannot be understood: invalid literal for int() with base 10: 'abc'.",
        ),
        ({"FAST_LANE": "perhaps"}, "FAST_LANE in the environment must be true or false."),
        ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL must begin with one of sqlite://, postgres://, postgresql://."),
    ],
)
def test_a_command_says_in_one_line_what_is_wrong_with_the_settings(environment: dict[str, str], line: str) -> None:
    outcome = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (outcome.returncode, outcome.stderr) == (1, f"Tocsin is not configured rightly: {line}\n")


def test_limits_hold_in_production_and_not_on_ones_own_machine() -> None:
    everything = "settings.API_LIMITS"

    assert value("production", everything, ENOUGH) == {"public": [300, 60], "standard": [1200, 60], "high": [6000, 60]}
    assert value("dev", everything) == {}
    assert value("production", everything, {**ENOUGH, "API_LIMITS": "none"}) == {}
    assert value("production", everything, {**ENOUGH, "API_LIMITS": "public=1/2, standard=3/4"}) == {
        "public": [1, 2],
        "standard": [3, 4],
    }


@pytest.mark.parametrize(
    "said", ["public=1/2", "public=1/2,standard=0/60", "public=1/2,standard=3", "60/60", "a=1/2,b=1/2"]
)
def test_limits_that_cannot_be_understood_stop_the_start_and_say_what_is_expected(said: str) -> None:
    outcome = read("production", "settings.API_LIMITS", {**ENOUGH, "API_LIMITS": said})

    assert outcome.returncode != 0
    assert "API_LIMITS in the environment must be none, or list tiers" in outcome.stderr.strip().splitlines()[-1]
