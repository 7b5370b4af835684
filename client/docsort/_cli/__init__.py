"""The command line. It alone uses rich and PyYAML, and does without where they are missing."""
