"""The embedded engine: cues, words and looks against a lexicon of document types."""
