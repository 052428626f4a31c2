"""Organisations of the ESS: pipeline from open data, qualification, list, page."""
