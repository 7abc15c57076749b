"""Text in cells of CSV files. Spreadsheets run what begins like a formula, whoever wrote it (INV-TEXT)."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert_cell(value: str | int) -> str | int:
    """The value as a cell that no spreadsheet takes for a formula: an apostrophe stands before text that begins like one."""
    if isinstance(value, str) and (value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)):
        return f"'{value}"
    return value
