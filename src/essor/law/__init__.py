"""Dated legal parameters and rules: pure Python, knows no other room."""
