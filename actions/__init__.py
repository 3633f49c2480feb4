"""Conversation steps: Rasa custom actions that turn slots and knowledge into replies.

What a reply looks like lives here too (reply.py), because every room above speaks it.
Domain reasoning does not: it belongs to knowledge/.
"""
