"""Building the Markdown representation (CommonMark 0.31)."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from incidents.publication.document import (
    Advice,
    AdvisoryDocument,
    AttackStep,
    AttributionClaim,
    DatedClaim,
    LossFigure,
    ReleaseNote,
    SourceRef,
    TranslatedText,
    UpdateNote,
)
from incidents.publication.registry import Format, Purpose
from incidents.vocabulary.date_words import day_in_words
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.language_tags import language_name
from incidents.vocabulary.words import Certainty, Confidence, ReaderGroup

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_HTML = re.compile(r"<(?!https?://)")
_HEADINGS = {
    "what_happened": "What happened",
    "impact": "Impact",
    "who_is_responsible": "Who is responsible",
    "how_to_stay_protected": "How to stay protected",
    "takeaway": "The takeaway",
}


def build_markdown(document: AdvisoryDocument, base_url: str) -> bytes:
    """The advisory as CommonMark text in UTF-8; the same document gives the same bytes."""
    blocks = [block for part in _PARTS for block in part(document, base_url)]
    return ("\n\n".join(blocks) + "\n").encode()


def escape(text: str) -> str:
    """Text in which no character is markup, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _date(text: str) -> str:
    return PartialDate(text).for_people() if text else ""


def _span(start: str, end: str) -> str:
    return " – ".join(filter(None, [_date(start), _date(end)]))


def _cites(numbers: tuple[int, ...]) -> str:
    return "".join(f" [^{number}]" for number in numbers)


def _head(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    note = document.release
    yield f"# {escape(document.title)}"
    if document.is_withdrawn:
        yield f"**Withdrawn on {_day(note)}.** {escape(note.reason)}"
    facts = [
        f"**{document.id}**",
        f"Severity: {document.severity.label}",
        f"State: {document.state.label}",
        document.tlp.label,
        f"Release {note.number} of {_day(note)}",
    ]
    yield " · ".join(facts)
    if document.is_exercise:
        yield "*An exercise by researchers, not an attack.*"
    yield f"<{base_url}/incidents/{document.id}/>"
    if document.translations and not document.is_withdrawn:
        yield f"Reviewed translations: {'; '.join(map(_translation, document.translations))}."
    if document.summary:
        yield escape(document.summary)


def _translation(translated: TranslatedText) -> str:
    """A translation named, not told: its text is on the page and in the JSON."""
    stale = ", out of date" if translated.out_of_date else ""
    return f"{escape(language_name(translated.language))} (of release {translated.of_release}{stale})"


def _day(note: ReleaseNote) -> str:
    return day_in_words(note.released_at)


def _answers(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    rows = [
        ("Who is affected", document.who_is_affected),
        ("What to do now", document.what_to_do_now),
        ("What changed", document.release.reason),
    ]
    yield "\n".join(f"- **{name}:** {escape(text)}" for name, text in rows if text)


def _narrative(name: str, document: AdvisoryDocument) -> Iterator[str]:
    if text := getattr(document.narrative, name):
        yield f"## {_HEADINGS[name]}"
        yield _demote(text)


def _demote(text: str) -> str:
    return re.sub(r"^(#{1,2}) ", "### ", _without_html(text.strip()), flags=re.MULTILINE)


def _without_html(text: str) -> str:
    return _HTML.sub(r"\\<", text)


def _what_happened(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    yield from _narrative("what_happened", document)
    names = {"occurred_from": "Began", "occurred_to": "Ended"}
    dates = [
        f"- {names.get(name, name.capitalize())}: {_date(text)}"
        for name in document.timeline.__struct_fields__
        if (text := getattr(document.timeline, name))
    ]
    if dates:
        yield "\n".join(dates)
    if document.date_claims:
        yield "### What is said about the dates"
        yield "\n".join(_date_claim(claim) for claim in document.date_claims)


def _date_claim(claim: DatedClaim) -> str:
    said = f", according to {escape(claim.said_by)}" if claim.said_by else ""
    sure = f" (confidence: {claim.confidence.label.lower()})"
    return f"- {claim.event.label}: {_date(claim.at)}{said}{sure}{_cites(claim.cites)}"


def _impact(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    yield from _narrative("impact", document)
    if document.affected_services:
        yield "### Affected services"
        yield "\n".join(
            f"- {escape(effect.service.name)} ({escape(effect.service.organization)}): {effect.impact.label.lower()}"
            + "".join(f", {span}" for span in [_span(effect.occurred_from, effect.occurred_to)] if span)
            + (f". {escape(effect.note)}" if effect.note else "")
            + _cites(effect.cites)
            for effect in document.affected_services
        )
    if document.losses:
        yield "### Figures"
        yield "\n".join(_loss(loss) for loss in document.losses)


def _loss(loss: LossFigure) -> str:
    low, likely, high = (f"{Decimal(figure):,f}" if figure else "" for figure in (loss.low, loss.likely, loss.high))
    spread = [f"at least {low}" if low else "", likely, f"at most {high}" if high else ""]
    said = [
        f"according to {escape(loss.said_by)}" if loss.said_by else "",
        f"as of {_date(loss.as_of)}" if loss.as_of else "",
        "" if loss.confidence is Confidence.UNKNOWN else f"confidence: {loss.confidence.label.lower()}",
    ]
    text = f"- {loss.kind.label}: {', '.join(filter(None, spread))} {escape(loss.unit)}".rstrip()
    return ", ".join(filter(None, [text, *said])) + (f". {escape(loss.note)}" if loss.note else "") + _cites(loss.cites)


def _techniques(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    if document.attacks:
        yield "## Techniques"
    for certainty in Certainty:
        steps = [step for step in document.attacks if step.certainty is certainty]
        if steps:
            yield f"### {certainty.label}"
            yield "\n".join(_step(step) for step in steps)


def _step(step: AttackStep) -> str:
    text = f"- {step.technique.external_id} {escape(step.technique.name)}"
    tactics = [step.tactic] if step.tactic else list(step.technique.tactics)
    text += f" ({escape(', '.join(tactics))})" if tactics else ""
    text += f", {_span(step.occurred_from, step.occurred_to)}" if step.occurred_from or step.occurred_to else ""
    return text + (f": {_inline(step.description)}" if step.description else "") + _cites(step.cites)


def _inline(markdown: str) -> str:
    return _without_html(markdown.strip()).replace("\n", "\n  ")


def _responsible(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    yield from _narrative("who_is_responsible", document)
    if document.attributions:
        yield "### What is said"
        yield "\n".join(_claim(claim) for claim in document.attributions)


def _claim(claim: AttributionClaim) -> str:
    actor = escape(claim.actor.name) if claim.actor else "Nobody known"
    said = f", according to {escape(claim.said_by)}" if claim.said_by else ""
    text = f"- {actor}: {claim.status.label.lower()}{said} (confidence: {claim.confidence.label.lower()})"
    return text + (f". {_inline(claim.basis)}" if claim.basis else "") + _cites(claim.cites)


def _protection(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    if not document.recommendations:
        yield from _narrative("how_to_stay_protected", document)
        return
    yield f"## {_HEADINGS['how_to_stay_protected']}"
    if document.narrative.how_to_stay_protected:
        yield _demote(document.narrative.how_to_stay_protected)
    for group in ReaderGroup:
        advice = [one for one in document.recommendations if one.audience is group]
        if advice:
            yield f"### {group.label}"
            yield "\n".join(_advice(one) for one in advice)


def _advice(advice: Advice) -> str:
    text = f"- **{escape(advice.title)}** ({advice.priority.label.lower()}"
    text += f", by {_date(advice.due_on)})" if advice.due_on else ")"
    if advice.mitigation:
        text += f" {advice.mitigation.external_id}"
    if advice.counters:
        text += f", against {', '.join(key.split('/', 1)[1] for key in advice.counters)}"
    return text + (f": {_inline(advice.advice)}" if advice.advice else "") + _cites(advice.cites)


def _takeaway(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    yield from _narrative("takeaway", document)


def _updates(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    if document.updates:
        yield "## Updates"
        yield "\n".join(_update(update) for update in document.updates)


def _update(update: UpdateNote) -> str:
    impacts = "; ".join(f"{escape(then.service.name)}: {then.impact.label.lower()}" for then in update.impacts)
    text = f"- {_date(update.at)}, {update.kind.label.lower()}: **{escape(update.title)}**"
    text += f" ({impacts})" if impacts else ""
    return text + (f". {_inline(update.text)}" if update.text else "") + _cites(update.cites)


def _statements(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    if document.statements:
        yield "## Statements"
    for statement in document.statements:
        made_on = f", {_date(statement.made_on)}" if statement.made_on else ""
        kind = "" if statement.is_quotation else ", in short"
        yield f"**{escape(statement.organization.name)}**{made_on}{kind}:{_cites(statement.cites)}"
        mark = "> " if statement.is_quotation else ""
        yield "\n".join(f"{mark}{line}".rstrip() for line in _without_html(statement.text.strip()).splitlines())


def _related(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    if document.related:
        yield "## Related incidents"
        yield "\n".join(
            f"- [{one.id}]({base_url}/incidents/{one.id}/) {escape(one.title)} ({one.relation.label.lower()})"
            + (f": {escape(one.why)}" if one.why else "")
            for one in document.related
        )


def _sources(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    if document.sources:
        yield "## Sources"
        yield "\n".join(_source(source) for source in document.sources)


def _source(source: SourceRef) -> str:
    facts = [escape(source.author), escape(source.title), escape(source.publisher), _date(source.published_on)]
    text = f"[^{source.number}]: {', '.join(filter(None, facts))}. <{source.url}>"
    text += f" Archived: <{source.archive_url}>" if source.archive_url else ""
    return text + (f" Seen {_date(source.accessed_on)}." if source.accessed_on else "")


def _history(document: AdvisoryDocument, base_url: str) -> Iterator[str]:
    yield "## Releases"
    yield "\n".join(_release(note) for note in reversed(document.history))
    number = document.release.number
    yield f"This text is release {number}: <{base_url}/incidents/{document.id}/releases/{number}/>"


def _release(note: ReleaseNote) -> str:
    kind = f"{note.kind.label.lower()}, {note.significance.label.lower()}"
    return f"- Release {note.number}, {_day(note)}, {kind}: {escape(note.reason)}"


_PARTS = (
    _head,
    _answers,
    _what_happened,
    _impact,
    _techniques,
    _responsible,
    _protection,
    _takeaway,
    _updates,
    _statements,
    _related,
    _sources,
    _history,
)
FORMAT = Format(
    name="markdown",
    suffix=".md",
    media_type="text/markdown; charset=utf-8",
    label="Markdown",
    build=build_markdown,
    made_of=(Path(__file__).parent,),
    purpose=Purpose.READING,
)
