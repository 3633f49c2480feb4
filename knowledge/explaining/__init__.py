"""Explains a text somebody was sent: its jargon, what it asks for, and a letter of credit field by field.

``explain`` in ``explained.py`` is the way in. What the words are and mean is in the pack (``explaining/`` and the
glossary); what people said or pasted is neither kept nor logged here.
"""
