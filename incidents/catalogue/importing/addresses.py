"""Where MITRE describes an entry on the web."""

from incidents.vocabulary.words import Framework

SITES = {Framework.ATTACK: "https://attack.mitre.org", Framework.ATLAS: "https://atlas.mitre.org"}


def entry_url(framework: Framework, section: str, external_id: str) -> str:
    """MITRE's page about an entry.

    Args:
        framework: ATT&CK or ATLAS.
        section: `tactics`, `techniques`, `mitigations` or `groups`.
        external_id: the entry's id; an ATT&CK sub-technique such as `T1498.002` has its number as a folder of its own.
    """
    if framework == Framework.ATTACK:
        return f"{SITES[framework]}/{section}/{external_id.replace('.', '/')}/"
    return f"{SITES[framework]}/{section}/{external_id}"


def parent_id(framework: Framework, external_id: str) -> str:
    """The id of the technique a sub-technique's id names as its parent: `T1498` for `T1498.002`; empty for others."""
    prefix = "AML." if framework == Framework.ATLAS and external_id.startswith("AML.") else ""
    parent, dot, _ = external_id.removeprefix(prefix).partition(".")
    return prefix + parent if dot else ""
