"""docsort's server: gRPC in front, an append-only event log per job in the middle."""
