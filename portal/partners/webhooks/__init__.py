"""`/partners/webhooks/`: where members of a partner manage its endpoints and see what was delivered. In English."""
