"""Worker processes for what must not run in the server: hostile input and heavy computing.

What a worker imports stays small: this package itself imports nothing.
"""
