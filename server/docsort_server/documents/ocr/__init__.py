"""Reading pages off their pictures (optical character recognition)."""
