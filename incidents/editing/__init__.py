"""The editors' desk: the admin, its forms, the preview. It reads and writes the record; what becomes public is publication's."""
