"""Domain values to proto messages and back: the only place, with codec and services, that knows both."""
