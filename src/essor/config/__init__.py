"""Settings, addresses, command line: the roof of the house."""
