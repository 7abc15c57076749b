"""What many incidents share: organizations, services, techniques, mitigations, threat actors, tags."""
