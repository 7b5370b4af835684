"""Domain values to proto messages and back; codec and services build on it."""
