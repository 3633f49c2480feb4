"""Step-by-step guides, document checklists, deadlines and ways of payment: what to do next, and why.

Data are YAML in the pack (``guides``, ``checklists``, ``deadlines``, ``payments``), apart from the records: nothing is
searched or loaded into the database. Not here: the papers made of it (``actions/papers``) and the conversation.
"""
