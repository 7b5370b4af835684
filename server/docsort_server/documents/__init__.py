"""Documents: what is accepted, and how its pages are read out of harm's way."""
