"""The data base: tables, migrations and sessions of everything that is remembered."""
