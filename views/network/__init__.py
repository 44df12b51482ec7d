"""The chain picture of the app."""
