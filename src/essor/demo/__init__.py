"""The demonstration territory: invented organisations in official files, loaded by the real pipeline."""
