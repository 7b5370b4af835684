"""Criteria of the embedded engine: what a sentence asks for, and what a page shows of it."""
