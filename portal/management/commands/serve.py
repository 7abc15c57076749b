"""`make run`: everything from an empty folder to a running portal."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.accounts.models import User
from portal.start import prepare
from portal.start.processes import THRIFT, Company, count_workers, rq_command, server_command, worker_command

HOST = "127.0.0.1"


class Command(BaseCommand):
    """Prepare the installation in var/, start the server and the worker, and stop both on Ctrl-C."""

    help = "Make everything ready and serve the portal on this machine; PORT chooses the port."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until asked to stop.

        Raises:
            CommandError: the portal cannot start, or the server stopped by itself.
        """
        port = settings.PORT
        try:
            prepare.require_writable(settings.VAR_DIR)
            prepare.require_free_port(HOST, port)
            accounts = self.prepare()
        except prepare.StartError as problem:
            raise CommandError(str(problem)) from None
        except KeyboardInterrupt:
            self.stdout.write("\nStopped before everything was ready; the next run goes on from here.")
            sys.exit(130)
        connection.close()
        self.serve(port, accounts)

    def prepare(self) -> list[tuple[User, str]]:
        """Make ready what is not; returns the accounts made, with their passwords."""
        if prepare.prepare_secret(settings.VAR_DIR):
            self.stdout.write("Made a secret for this installation.")
        if prepare.prepare_database():
            self.stdout.write("The database is up to date.")
        if prepare.has_new_static_files():
            self.stdout.write("Collecting the static files …")
            prepare.collect_static_files()
        if prepare.prepare_demo():
            self.stdout.write("The demo is loaded: real incidents; the times of its releases are staged.")
        return prepare.prepare_accounts()

    def serve(self, port: int, accounts: list[tuple[User, str]]) -> None:
        """Run the processes until asked to stop."""
        commands = {
            "server": server_command(host=HOST, port=port, workers=count_workers(settings.WORKERS)),
            "worker": worker_command(),
        }
        if settings.RQ_QUEUES:
            commands["worker of RQ"] = rq_command()
        company = Company(
            commands,
            folder=str(settings.BASE_DIR),
            environment={**THRIFT, **os.environ},
        )
        company.start()
        if company.await_server(host=HOST, port=port):
            self.announce_addresses(port)
        if accounts:
            self.announce_accounts(accounts)
        if company.watch() != 0:
            raise CommandError("The server stopped by itself; its last words stand above.")
        self.stdout.write("\nStopped.")

    def announce_addresses(self, port: int) -> None:
        """Say where the portal is."""
        address = f"http://{HOST}:{port}"
        self.stdout.write(f"\n{settings.SITE_NAME} is running. Ctrl-C stops it.\n\n")
        self.stdout.write(f"  readers  {address}/\n  editors  {address}/admin/\n\n")
        self.stdout.flush()

    def announce_accounts(self, accounts: list[tuple[User, str]]) -> None:
        """Say how to get in; nothing else keeps these passwords."""
        width = max(len(user.email) for user, _ in accounts)
        self.stdout.write("Two accounts were made for this installation. Their passwords are shown only this once:\n\n")
        for user, password in accounts:
            self.stdout.write(f"  {user.email:<{width}}  {password}")
        self.stdout.write("\nWhat one of them wrote, the other approves. `make editor` makes another account.\n\n")
        self.stdout.flush()
