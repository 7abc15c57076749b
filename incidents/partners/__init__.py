"""Who may have more than the public: partners, their keys, their clearance."""
