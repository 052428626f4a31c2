"""Public site and the agent's home."""
