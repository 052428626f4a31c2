"""The atlas: one page for each intercommunality of a département or région, or for each commune of an EPCI."""
