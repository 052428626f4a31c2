"""Essor: the whole policy of support to the économie sociale et solidaire of a local authority."""
