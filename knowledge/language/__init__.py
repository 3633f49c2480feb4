"""Korean and English as people type them: morphemes, keyboard slips, typos, sentence vectors.

No knowledge of trade lives here; the records do that.
"""
