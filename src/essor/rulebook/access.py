"""Who may see the pages of the law, and who may add to it."""

from essor.accounts.access import installation_admin
from essor.kernel.access import everyone

__all__ = ["everyone", "installation_admin"]
