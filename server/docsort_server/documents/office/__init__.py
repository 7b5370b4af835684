"""Reading what office programs write; each format in a file of its own."""
