"""Interceptors around every call, one concern each."""
