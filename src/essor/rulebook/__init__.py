"""Screens of the law: values and their history, rules with a form and a printable note, local values."""
