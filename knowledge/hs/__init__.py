"""Tariff classification: the table of HS codes and the finder that leads a product's everyday name to its code.

Here live the table, the import of the customs' official files, the search and its measurement. What people read
(names, questions, notes) lives in the pack's ``hs`` folder; duty rates and rules of origin live elsewhere.
"""
