"""Who reads the observatory, draws areas, loads official tables. Published figures are open to all."""

from essor.accounts.access import agent_of_authority, everyone, installation_admin

__all__ = ["agent_of_authority", "everyone", "installation_admin"]
