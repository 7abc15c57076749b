"""Starting the portal on one's own machine: make everything ready, run the processes, stop them cleanly."""
