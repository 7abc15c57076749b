"""Closed vocabularies of the record. Values are stored and published; labels are for people."""

from django.db.models import TextChoices


class Severity(TextChoices):
    """How bad it is for those affected, in five steps."""

    INFORMATIONAL = "informational", "Informational"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    CRITICAL = "critical", "Critical"

    @property
    def rank(self) -> int:
        """0 (informational) to 4 (critical)."""
        return _SEVERITY_RANKS[self]


_SEVERITY_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class IncidentState(TextChoices):
    """Where the incident itself stands, as far as is known."""

    INVESTIGATING = "investigating", "Investigating"
    CONFIRMED = "confirmed", "Confirmed"
    CONTAINED = "contained", "Contained"
    RESOLVED = "resolved", "Resolved"
    DISPUTED = "disputed", "Disputed"

    @property
    def is_open(self) -> bool:
        """Whether readers should still expect news: neither resolved nor disputed."""
        return self in {IncidentState.INVESTIGATING, IncidentState.CONFIRMED, IncidentState.CONTAINED}


class IncidentDate(TextChoices):
    """The dates of an incident itself."""

    OCCURRED_FROM = "occurred_from", "Began"
    OCCURRED_TO = "occurred_to", "Ended"
    DETECTED = "detected", "Detected"
    DISCLOSED = "disclosed", "Disclosed"
    CONTAINED = "contained", "Contained"
    RESOLVED = "resolved", "Resolved"


class Certainty(TextChoices):
    """How sure it is that a technique was used in this incident."""

    OBSERVED = "observed", "Observed"
    SUSPECTED = "suspected", "Suspected"
    CONTEXT = "context", "Commonly used, not shown here"


class ServiceImpact(TextChoices):
    """What an incident does to a service, from nothing to the worst."""

    OPERATIONAL = "operational", "Operational"
    DEGRADED = "degraded", "Degraded"
    RESTRICTED = "restricted", "Restricted"
    PARTIAL_OUTAGE = "partial_outage", "Partial outage"
    MAJOR_OUTAGE = "major_outage", "Major outage"
    DATA_EXPOSED = "data_exposed", "Data exposed"
    COMPROMISED = "compromised", "Compromised"


class OrganizationRole(TextChoices):
    """What an organization has to do with an incident."""

    VICTIM = "victim", "Victim"
    OPERATOR = "operator", "Operator"
    SUPPLIER = "supplier", "Supplier"
    REPORTER = "reporter", "Reporter"


class Sector(TextChoices):
    """Industry sectors, worded after the STIX 2.1 industry-sector-ov vocabulary (section 10.9)."""

    AI = "artificial-intelligence", "Artificial intelligence"
    AEROSPACE = "aerospace", "Aerospace"
    AGRICULTURE = "agriculture", "Agriculture"
    AUTOMOTIVE = "automotive", "Automotive"
    CLOUD = "cloud", "Cloud and hosting"
    COMMUNICATIONS = "communications", "Communications"
    CONSTRUCTION = "construction", "Construction"
    DEFENCE = "defense", "Defence"
    EDUCATION = "education", "Education"
    ENERGY = "energy", "Energy"
    ENTERTAINMENT = "entertainment", "Entertainment"
    FINANCE = "financial-services", "Financial services"
    GOVERNMENT = "government", "Government"
    HEALTH = "healthcare", "Health care"
    HOSPITALITY = "hospitality-leisure", "Hospitality and leisure"
    INFRASTRUCTURE = "infrastructure", "Infrastructure"
    INSURANCE = "insurance", "Insurance"
    MANUFACTURING = "manufacturing", "Manufacturing"
    MINING = "mining", "Mining"
    NON_PROFIT = "non-profit", "Non-profit"
    PHARMACEUTICALS = "pharmaceuticals", "Pharmaceuticals"
    PROFESSIONAL = "professional-services", "Professional services"
    RETAIL = "retail", "Retail"
    SOFTWARE = "software", "Software"
    TECHNOLOGY = "technology", "Technology"
    TELECOMMUNICATIONS = "telecommunications", "Telecommunications"
    TRANSPORTATION = "transportation", "Transportation"
    UTILITIES = "utilities", "Utilities"
    OTHER = "other", "Other"


class ServiceKind(TextChoices):
    """What sort of thing an affected service is."""

    WEB_APP = "web-app", "Web application"
    API = "api", "API"
    MODEL = "model", "AI model"
    MOBILE_APP = "mobile-app", "Mobile app"
    INFRASTRUCTURE = "infrastructure", "Infrastructure"
    SOFTWARE = "software", "Software package"
    DATA_STORE = "data-store", "Data store"
    IDENTITY = "identity", "Sign-in and identity"
    OTHER = "other", "Other"


class Framework(TextChoices):
    """Where a technique or mitigation is defined."""

    ATTACK = "attack", "MITRE ATT&CK"
    ATLAS = "atlas", "MITRE ATLAS"
    LOCAL = "local", "Local"


class EntryStatus(TextChoices):
    """Whether a catalogue entry is still maintained by its framework."""

    ACTIVE = "active", "Active"
    DEPRECATED = "deprecated", "Deprecated"
    REVOKED = "revoked", "Revoked"


class ActorKind(TextChoices):
    """Kinds of threat actor, after the STIX 2.1 threat-actor-type-ov vocabulary (section 10.23)."""

    CRIME_SYNDICATE = "crime-syndicate", "Crime syndicate"
    NATION_STATE = "nation-state", "Nation state"
    HACKTIVIST = "hacktivist", "Hacktivist"
    INSIDER = "insider", "Insider"
    CRIMINAL = "criminal", "Criminal"
    RESEARCHER = "researcher", "Researcher"
    UNKNOWN = "unknown", "Unknown"


class Confidence(TextChoices):
    """Confidence of an assessment, on the STIX 2.1 None / Low / Med / High scale (appendix A)."""

    UNKNOWN = "unknown", "Not stated"
    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    HIGH = "high", "High"


class AttributionStatus(TextChoices):
    """How far a statement about who did it has been borne out."""

    UNCLAIMED = "unclaimed", "Nobody has claimed it"
    CLAIMED = "claimed", "Claimed"
    SUSPECTED = "suspected", "Suspected"
    CONFIRMED = "confirmed", "Confirmed"
    DISPUTED = "disputed", "Disputed"


class ReaderGroup(TextChoices):
    """For whom a recommendation is meant."""

    USERS = "users", "People who use the service"
    OPERATORS = "operators", "Operators and defenders"
    VENDORS = "vendors", "Vendors and service providers"


class Priority(TextChoices):
    """How soon a recommendation should be acted on."""

    NOW = "now", "Do now"
    SOON = "soon", "Within days"
    PLAN = "plan", "Plan for it"


class LossKind(TextChoices):
    """What a loss is counted in."""

    RECORDS = "records", "Records"
    MONEY = "money", "Money"
    DOWNTIME = "downtime", "Downtime"
    PEOPLE = "people", "People affected"


class SourceKind(TextChoices):
    """What sort of source it is; primary first."""

    ORGANIZATION = "organization", "The organisation itself"
    REGULATOR = "regulator", "Regulator or court"
    GOVERNMENT = "government", "Government agency"
    RESEARCH = "research", "Security research"
    VENDOR = "vendor", "Security vendor"
    NEWS = "news", "News report"
    DATABASE = "database", "Database record"
    ACTOR = "actor", "Claim by an actor"
    OTHER = "other", "Other"


class UpdateKind(TextChoices):
    """What a dated public note announces."""

    INVESTIGATING = "investigating", "Investigating"
    IDENTIFIED = "identified", "Identified"
    MONITORING = "monitoring", "Monitoring"
    RESOLVED = "resolved", "Resolved"
    CORRECTION = "correction", "Correction"
    POST_MORTEM = "post-mortem", "Post-mortem"


class Relation(TextChoices):
    """How two incidents are related."""

    SAME_CAMPAIGN = "same-campaign", "Same campaign"
    SAME_ACTOR = "same-actor", "Same actor"
    SAME_VICTIM = "same-victim", "Same organisation"
    SUPPLY_CHAIN = "supply-chain", "Supply chain"
    SIMILAR = "similar", "Similar case"
    BACKGROUND = "background", "Background"


class ReleaseKind(TextChoices):
    """Why a release was appended to the ledger."""

    INITIAL = "initial", "First publication"
    UPDATE = "update", "Update"
    CORRECTION = "correction", "Correction"
    WITHDRAWAL = "withdrawal", "Withdrawal"


class Significance(TextChoices):
    """Whether a release changes what readers know or do, or only how it is said."""

    MATERIAL = "material", "Material"
    EDITORIAL = "editorial", "Editorial"
