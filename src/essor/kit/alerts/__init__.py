"""Alerts on aids: a saved profile, and the messages that it asks for."""
