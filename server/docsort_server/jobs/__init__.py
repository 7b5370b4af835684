"""Jobs: accepted, worked on, watched; everything that happens goes through one log per job."""
