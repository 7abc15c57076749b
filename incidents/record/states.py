"""The states of the editors' workflow."""

from django.db.models import TextChoices


class WorkflowState(TextChoices):
    """Where the working copy stands: draft → in review → approved → (scheduled →) published → withdrawn."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    SCHEDULED = "scheduled", "Scheduled"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"
