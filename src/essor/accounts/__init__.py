"""People, authorities and their services, memberships and mandates with dates, sign-in."""
