"""Duty at the border of the buyer's country: what it is without and with an agreement, and what that saves.

Official tariff texts are read once (``importing.py``) into ``packs/<pack>/tariffs/<market>.csv``; ``staging.yaml``
says how each agreement lowers a rate year by year; ``schedule.py`` finds lines and rates, ``estimate.py`` reckons with
money, ``wording.py`` puts the result into words. Whether a product has origin is decided in ``knowledge/origin``.
"""
