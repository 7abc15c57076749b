"""Tocsin's commands; each shows examples with `--help`."""

from argparse import RawDescriptionHelpFormatter

from django.core.management.base import BaseCommand, CommandParser, DjangoHelpFormatter


class ExamplesFormatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Help that keeps the line breaks of the examples."""


class ExampleCommand(BaseCommand):
    """A command whose `--help` ends with examples."""

    examples = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: object) -> CommandParser:
        """The parser, with the examples below the options."""
        kwargs.setdefault("formatter_class", ExamplesFormatter)
        kwargs.setdefault("epilog", f"examples:\n{self.examples.rstrip()}" if self.examples else None)
        return super().create_parser(prog_name, subcommand, **kwargs)
