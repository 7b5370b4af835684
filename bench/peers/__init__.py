"""Other classifiers beside docsort, on the same slow model."""
