"""What is asked of the index: tokens that stand side by side, all of, any of, this without that.

The same expression means the same on both engines; nothing in it can be syntax, as tokens hold letters and digits only.
"""

from dataclasses import dataclass

from incidents.publication.query import Term, Words

ANYWHERE, NAMES, HEAD = "", "\ue001", "\ue002"
"""Where words may stand: in everything, in names and ids, in names or the title. Tokens of a scope begin with its sign."""

_MARK = "\ue000"
_CODED = {sign: chr(0xE010 + place) for place, sign in enumerate("-/.:_+ ")}
_SIGNS = str.maketrans(_CODED)
_SAID = str.maketrans({_MARK: "", **{coded: sign for sign, coded in _CODED.items()}})


@dataclass(frozen=True, slots=True)
class Side:
    """Tokens side by side."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """All of these."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Any of these."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Without:
    """What is in `kept` and not in `dropped`."""

    kept: "Expression"
    dropped: "Expression"


Expression = Side | All | AnyOf | Without


def mark(facet: str, value: object = "") -> Side:
    """Everything that carries a value of a facet."""
    return Side((mark_token(facet, value),))


def mark_token(facet: str, value: object = "") -> str:
    """A facet and its value as one token of the index."""
    return f"{_MARK}{facet}:{value}".translate(_SIGNS)


def name_of(token: str) -> str:
    """The facet and the value of a mark's token, `facet:value`."""
    return token.translate(_SAID)


def is_mark(token: str) -> bool:
    """Whether a token stands for a facet and its value, and is no word."""
    return token.startswith(_MARK)


def all_of(*parts: Expression) -> Expression:
    """All of these, as flat as can be."""
    return parts[0] if len(parts) == 1 else All(parts)


def any_of(*parts: Expression) -> Expression:
    """Any of these."""
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def sides_of(words: Words, scope: str = ANYWHERE) -> list[Expression]:
    """What has to occur in this scope, one expression for each term."""
    return [_side(term, scope) for term in words.wanted]


def without_unwanted(base: Expression, words: Words) -> Expression:
    """What is in `base` and has none of the words that are not wanted, anywhere."""
    return Without(base, any_of(*(_side(term, ANYWHERE) for term in words.unwanted))) if words.unwanted else base


def _side(term: Term, scope: str) -> Expression:
    """The tokens of a term side by side, whichever of those that are meant comes last."""
    *first, last = (scope + token for token in term.tokens)
    return any_of(*(Side((*first, end)) for end in ([scope + one for one in term.meant] or [last])))


def to_fts5(asked: Expression) -> str:
    """For SQLite's MATCH."""
    match asked:
        case Side(tokens):
            return f'"{" ".join(tokens)}"'
        case All(parts):
            return f"({' AND '.join(map(to_fts5, parts))})"
        case AnyOf(parts):
            return f"({' OR '.join(map(to_fts5, parts))})"
        case Without(kept, dropped):
            return f"({to_fts5(kept)} NOT {to_fts5(dropped)})"


def to_tsquery(asked: Expression) -> str:
    """For PostgreSQL, as the text of a tsquery."""
    match asked:
        case Side(tokens):
            quoted = [f"'{token}'" for token in tokens]
            return f"({' <-> '.join(quoted)})"
        case All(parts):
            return f"({' & '.join(map(to_tsquery, parts))})"
        case AnyOf(parts):
            return f"({' | '.join(map(to_tsquery, parts))})"
        case Without(kept, dropped):
            return f"({to_tsquery(kept)} & !{to_tsquery(dropped)})"
