"""The starter catalogue: what a new installation needs to describe common attacks before it imports MITRE's files."""
