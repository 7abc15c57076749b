"""The OpenAPI document: made of what views and parameters declare anyway, so that it cannot say anything else than they do."""
