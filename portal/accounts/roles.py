"""What people may be: the groups that the workflow knows, by name."""

AUTHOR, REVIEWER, PUBLISHER = "Author", "Reviewer", "Publisher"
PARTNER_MANAGER = "Partner manager"

# The choices of `make editor`. Groups are made by a migration of the incidents.
ROLES = {
    "author": [AUTHOR],
    "reviewer": [REVIEWER],
    "publisher": [PUBLISHER],
    "partner-manager": [PARTNER_MANAGER],
    "editor": [AUTHOR, REVIEWER, PUBLISHER],
    "admin": [AUTHOR, REVIEWER, PUBLISHER],
}
ADMIN = "admin"
