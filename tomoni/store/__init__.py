"""The database: tables, migrations and sessions of everything that is remembered."""
