"""Who asked to be told: webhook endpoints, what they want to hear, and what was delivered to them."""
