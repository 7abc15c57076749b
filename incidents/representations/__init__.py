"""How the world reads an advisory: one package for each format, none of which knows another."""
