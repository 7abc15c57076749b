"""Public addresses are answered from the replica alone, with no right but to read."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.conftest import ROOT, manage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
READER = "tocsin_test_reader"
ASK = """
import sys, warnings
warnings.simplefilter("ignore")
import django
django.setup()
from django.test import Client
from django.db import connections
for address in sys.argv[1:]:
    answer = Client(raise_request_exception=False).get(address)
    answer.getvalue()
    print(answer.status_code, address)
from portal.fastlane.stored import Stored
print(Stored().edition() > 1, "edition")
"""
ADDRESSES = (
    "/",
    "/incidents/",
    "/incidents/?q=deepseek&severity=critical",
    "/incidents/?q=deepsek",
    "/incidents/?technique=T1566&sort=severity",
    "/incidents/suggest.json?q=deep",
    "/incidents/INC-2025-0001/",
    "/incidents/INC-2025-0001.json",
    "/incidents/INC-2025-0001/history/",
    "/organizations/",
    "/organizations/deepseek/",
    "/techniques/",
    "/techniques/attack/T1566/",
    "/mitigations/",
    "/services/",
    "/actors/",
    "/tags/",
    "/sitemap.xml",
    "/about/",
)


@pytest.fixture
def reader(scratch_database: str) -> tuple[str, str]:
    """Addresses of the same database: for somebody without any right, and for somebody who may read."""
    manage("load_demo", database=scratch_database)
    if connection.vendor == "sqlite":
        return "sqlite:////nowhere/at/all.sqlite3", scratch_database
    place = urlsplit(scratch_database)
    with psycopg.connect(scratch_database, autocommit=True) as admin:
        for name in (READER, f"{READER}_not"):
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
                admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
        admin.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(sql.Identifier(READER)))
    there = place.netloc.rpartition("@")[2]
    return f"postgres://{READER}_not@{there}{place.path}", f"postgres://{READER}@{there}{place.path}"


def test_every_public_door_reads_from_the_replica_and_needs_no_right_to_write(reader: tuple[str, str]) -> None:
    primary, replica = reader

    answer = subprocess.run(
        [sys.executable, "-c", ASK, *ADDRESSES],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "DATABASE_URL": primary,
            "TEST_DATABASE_URL": "",
            "DATABASE_REPLICA_URL": replica,
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert answer.stdout.splitlines() == [*(f"200 {address}" for address in ADDRESSES), "True edition"], answer.stderr[
        -2000:
    ]
