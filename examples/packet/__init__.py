"""The documents of the sample packet: invented companies and people, one module per document."""
