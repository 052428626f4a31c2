"""Addresses on the web that the kit gives: which still answer, looked at only when somebody asks."""
