"""Engines: what a page is classified with, and how pages become a document's answer."""
