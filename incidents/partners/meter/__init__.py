"""Counting what is asked, exactly and across processes: for rate limits and for what partners see of their use."""
