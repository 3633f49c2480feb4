"""Where everything is kept: tables, the engine, and their migrations. SQLite by default, PostgreSQL by setting."""
