"""`/api/v1/webhooks/`: a partner's endpoints and what was delivered to them."""
