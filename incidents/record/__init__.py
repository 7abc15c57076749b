"""What editors know: the working copy of each incident and the workflow that moves it. Never public."""
