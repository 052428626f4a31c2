"""The atlas: a document with one page for each intercommunality of a département or région, or each commune of an EPCI."""
