"""The commands that try labelled documents: `evaluate` and `calibrate`."""
