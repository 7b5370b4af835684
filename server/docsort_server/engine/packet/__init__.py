"""What tells the documents in a packet apart."""
