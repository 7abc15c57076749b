"""The reference follower: a complete copy of what a portal publishes, in one SQLite file.

It knows a portal by its API alone, as any partner does, and imports nothing of the portal's own code nor of Django: from HTTP
(`fetching`) over the portal's words (`remote`) to the file (`copy_file`), and two acts on them, `mirror` and `verify`.
"""
