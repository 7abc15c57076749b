"""The page of partners for themselves: their keys, what they use, what holds for them."""
