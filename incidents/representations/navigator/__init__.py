"""Layers for MITRE's ATT&CK Navigator and ATLAS Navigator: the techniques of an incident on the matrix.

A layer belongs to one domain. ATT&CK's Navigator knows `enterprise-attack`, `mobile-attack` and `ics-attack`, ATLAS has a
Navigator of its own with the same format; so there are two files. `….navigator.json` is one layer, or the list of layers that
the Navigator itself saves and opens where an incident has techniques of several ATT&CK domains; `….atlas.json` is the ATLAS
layer. What has no place in a layer is named in its description and metadata, with where it is found.
"""
