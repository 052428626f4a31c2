"""Who corrects the texts of the kit, and who adds « Chez nous »."""

from essor.accounts.access import agent_of_authority, content_editor
from essor.kernel.access import everyone

__all__ = ["agent_of_authority", "content_editor", "everyone"]
