"""Measurements of speed and agreement. They are run by hand, never by the tests."""
