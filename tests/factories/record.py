"""Incidents: one with the least that can be published, one with something in every part."""

from typing import Any

from incidents.catalogue.models import Organization
from incidents.record.models import Incident, ServiceImpactAtUpdate, Translation
from incidents.record.workflow import begin_incident
from portal.accounts.models import User
from tests.factories.catalogue import (
    make_actor,
    make_mitigation,
    make_organization,
    make_service,
    make_tactic,
    make_tag,
    make_technique,
)
from tests.factories.people import make_editor


def make_incident(
    title: str = "Harbour Bank locked out of its ledgers", *, by: User | None = None, **fields: Any
) -> Incident:
    """A draft with a title and a summary, begun by an author."""
    values: dict[str, Any] = {"summary": "An outage that lasted a day.", "occurred_from": "2025-01-27", **fields}
    return begin_incident(incident=Incident(title=title, **values), by=by or make_editor("Author"))


def make_full_incident(title: str = "Harbour Bank locked out of its ledgers", **fields: Any) -> Incident:
    """A draft with something in every part of the record."""
    bank = make_organization()
    incident = make_incident(
        title,
        **{
            "severity": "high",
            "state": "contained",
            "organization": bank,
            "who_is_affected": "Customers of Harbour Bank",
            "what_to_do_now": "Use the branch until Monday.",
            "occurred_to": "2025-01-28T09:30Z",
            "disclosed": "2025-01",
            "what_happened": "On a Monday the ledgers were **unreadable** [^1].",
            "impact": "Payments stood still for a day [^2].",
            "who_is_responsible": "Nobody knows.",
            "how_to_stay_protected": "Keep copies that cannot be written to.",
            "takeaway": "Test the restore, not the backup.",
            **fields,
        },
    )
    _add_parts(incident, bank)
    return incident


def _add_parts(incident: Incident, bank: Organization) -> None:
    banking = make_service(organization=bank)
    flood = make_technique(tactics=[make_tactic()])
    encrypted = make_technique("T1486", "Data Encrypted for Impact")
    phishing = make_technique("T1566", "Phishing")
    incident.tags.add(make_tag())
    incident.sources.create(
        number=1, title="Statement of the bank", url="https://bank.example/news", kind="organization"
    )
    incident.sources.create(number=2, title="Report", url="https://news.example/1", publisher="The Courier")
    incident.involved.create(
        organization=make_organization("Cloudworks", sector="cloud", country="DE"), role="supplier"
    )
    incident.attacks.create(
        order=1, technique=encrypted, certainty="observed", description="Seen on 40 hosts.", cites="1"
    )
    incident.attacks.create(order=2, technique=flood, certainty="suspected")
    incident.attacks.create(order=3, technique=phishing, certainty="context")
    incident.affected_services.create(service=banking, impact="major_outage", occurred_from="2025-01-27", cites="1, 2")
    incident.recommendations.create(
        order=1,
        mitigation=make_mitigation("M1053", "Data Backup", encrypted),
        audience="operators",
        priority="now",
        advice="Keep one copy offline.",
    )
    incident.recommendations.create(order=2, title="Watch your account", audience="users", priority="soon")
    incident.attributions.create(
        actor=make_actor(), said_by="The Courier", status="claimed", confidence="low", cites="2"
    )
    incident.losses.create(kind="money", low="1000000", high="2500000.50", unit="EUR", said_by="The bank")
    incident.date_claims.create(
        event="occurred_from", at="2025-01-27", said_by="The bank", confidence="high", cites="1"
    )
    incident.date_claims.create(
        event="occurred_from", at="2025-01-25", said_by="The Courier", confidence="low", cites="2"
    )
    incident.statements.create(
        organization=bank, made_on="2025-01-28", text="We are sorry.", is_quotation=True, cites="1"
    )
    update = incident.updates.create(at="2025-01-28T09:30Z", kind="resolved", title="Ledgers readable again")
    ServiceImpactAtUpdate.objects.create(update=update, service=banking, impact="operational")


def make_translation(incident: Incident, language: str = "de", **fields: Any) -> Translation:
    """A translation of the first release, with a title and a summary."""
    texts = {"title": "Die Harbour Bank kommt nicht an ihre Bücher", "summary": "Ein Ausfall von einem Tag.", **fields}
    return Translation.objects.create(incident=incident, language=language, **{"of_release": 1, **texts})
