"""Django's door to the desk: which admin belongs to which table."""

from django.contrib import admin

from incidents.audit.models import AuditEntry
from incidents.catalogue.models import Mitigation, Organization, Service, Tactic, Tag, Technique, ThreatActor
from incidents.editing.admins.actor import ThreatActorAdmin
from incidents.editing.admins.advisory import AdvisoryAdmin
from incidents.editing.admins.audit import AuditEntryAdmin
from incidents.editing.admins.incident import IncidentAdmin
from incidents.editing.admins.mitigation import MitigationAdmin
from incidents.editing.admins.organization import OrganizationAdmin
from incidents.editing.admins.partner import PartnerAdmin
from incidents.editing.admins.release import ReleaseAdmin
from incidents.editing.admins.service import ServiceAdmin
from incidents.editing.admins.submission import SubmissionAdmin
from incidents.editing.admins.tactic import TacticAdmin
from incidents.editing.admins.tag import TagAdmin
from incidents.editing.admins.technique import TechniqueAdmin
from incidents.editing.admins.webhook import DeliveryAdmin, EndpointAdmin
from incidents.intake.submissions.models import Submission
from incidents.partners.models import Partner
from incidents.publication.models import Advisory, Release
from incidents.record.models import Incident
from incidents.subscriptions.models import Delivery, Endpoint

admin.site.register(Incident, IncidentAdmin)
admin.site.register(Submission, SubmissionAdmin)
admin.site.register(Organization, OrganizationAdmin)
admin.site.register(Service, ServiceAdmin)
admin.site.register(Technique, TechniqueAdmin)
admin.site.register(Mitigation, MitigationAdmin)
admin.site.register(Tactic, TacticAdmin)
admin.site.register(ThreatActor, ThreatActorAdmin)
admin.site.register(Tag, TagAdmin)
admin.site.register(Release, ReleaseAdmin)
admin.site.register(Advisory, AdvisoryAdmin)
admin.site.register(AuditEntry, AuditEntryAdmin)
admin.site.register(Partner, PartnerAdmin)
admin.site.register(Endpoint, EndpointAdmin)
admin.site.register(Delivery, DeliveryAdmin)
