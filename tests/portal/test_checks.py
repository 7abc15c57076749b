from typing import Any

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

GOOD: dict[str, Any] = {
    "SITE_URL": "https://tocsin.example",
    "ALLOWED_HOSTS": ["tocsin.example"],
    "REQUIRE_MFA_FOR_PUBLISHERS": True,
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
    "SECURITY_CONTACT": "security@tocsin.example",
}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"SITE_URL": "http://tocsin.example"}, ["portal.E001"]),
        ({"SITE_URL": "https://tocsin.example/portal"}, ["portal.E002"]),
        ({"SITE_URL": "https://other.example"}, ["portal.E003"]),
        ({"SITE_URL": "https://www.tocsin.example", "ALLOWED_HOSTS": [".tocsin.example"]}, []),
        ({"ALLOWED_HOSTS": ["tocsin.example", "*"]}, ["portal.E004"]),
        ({"REQUIRE_MFA_FOR_PUBLISHERS": False}, ["portal.W001"]),
        ({"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}, ["portal.W002"]),
        (
            {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}, "WORKERS": 1},
            [],
        ),
        ({"SECURITY_CONTACT": ""}, ["portal.W003"]),
        ({"OUTGOING_ALLOW": ["10.0.0.0/8", "10.0.0.1/8"]}, ["portal.E005"]),
        ({"WEBHOOK_RETRIES": ["5s", "soon"]}, ["portal.E006"]),
    ],
)
def test_deploy_checks_find_what_is_unsafe(settings: Settings, changed: dict[str, Any], found: list[str]) -> None:
    for name, value in {**GOOD, **changed}.items():
        setattr(settings, name, value)

    messages = run_checks(include_deployment_checks=True)

    assert [message.id for message in messages if str(message.id).startswith("portal.")] == found
