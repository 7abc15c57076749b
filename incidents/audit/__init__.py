"""The append-only log of every act: who did what to which thing, when, from where."""
