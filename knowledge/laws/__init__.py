"""Statutes as the records cite them: their articles by digest, and what to read again when one has changed."""
