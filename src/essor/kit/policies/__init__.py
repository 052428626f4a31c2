"""The list of sector policies that each authority keeps."""
