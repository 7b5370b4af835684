"""How events are stored: generated messages of the internal record format."""
