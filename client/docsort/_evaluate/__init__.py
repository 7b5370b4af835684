"""How good the answers for labelled documents are: run, arithmetic, report, calibration.

It needs the extra `evaluate`; the command line imports it only for the commands that need it.
"""
