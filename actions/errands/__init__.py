"""Errands of exporting: guides followed step by step, papers and days of a shipment, payment, and selling online.

Guides (``guiding.py``) are plain actions; the others are interviews (``actions/interviews``). What is known lives in
``knowledge/guides`` and ``knowledge/platforms``; the sentences are in ``bot/domain/responses``.
"""
