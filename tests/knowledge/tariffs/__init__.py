"""Duty: rates of the official texts, the way down year by year, money, and the reading of the texts."""
