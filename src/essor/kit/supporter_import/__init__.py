"""Lists of supporters that agents bring into their directory: their own table, files of data·inclusion."""
