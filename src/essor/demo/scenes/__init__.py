"""What people did in the demonstration: played by the real actions, as the accounts of the demonstration.

Each scene is played once: it looks first whether its result is there.
"""
