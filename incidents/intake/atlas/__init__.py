"""MITRE ATLAS: case studies of attacks on systems with AI, from `ATLAS.yaml`."""
