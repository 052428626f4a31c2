"""Recipes that leave one authority as a file and are adopted in another."""
