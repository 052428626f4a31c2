"""Areas that people draw: from territories, a circle, a file or points placed on a map."""
