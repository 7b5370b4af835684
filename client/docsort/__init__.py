"""docsort's client: classify documents over gRPC, a page at a time."""
