"""Where to sell online and how to describe the product there: the adviser, registration checklists, product sheet.

Data stand in the pack (``packs/korea/platforms``). Names of places come from their records; nothing here talks to
a person or knows of a conversation.
"""
