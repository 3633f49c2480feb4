"""Conversations about one product on its way to one country: its code, agreement, origin and duty.

The reasoning is the knowledge room's; here are only the questions, the answers, and what is remembered.
"""
