"""Self-diagnosis: an authority says where it stands on each lever of an ESS policy, together, and what to do next."""
