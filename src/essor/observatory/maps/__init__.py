"""Maps of the observatory: values of territories as surfaces or circles, establishments as points."""
