"""How the world tells us: the form for everybody, the link by which a sender follows a report, the API for partners."""
