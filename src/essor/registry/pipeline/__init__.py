"""From the national open-data files to an edition of the register: `build` makes it, `edition` says what it holds."""
