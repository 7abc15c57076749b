"""What people read: pages, rendered from documents and from the projection, never from the record."""
