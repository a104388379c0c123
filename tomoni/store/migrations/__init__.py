"""The steps from an empty data base to the tables of `store.tables`."""
