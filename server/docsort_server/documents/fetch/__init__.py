"""Fetching documents that are named by a URI; nothing is fetched unless settings allow it."""
