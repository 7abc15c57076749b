"""People who sign in: the User class, roles, sign-in rules."""
