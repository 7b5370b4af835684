"""Feed docsort what nobody would send in good faith."""
