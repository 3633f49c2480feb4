"""Naru's own parts of Rasa's NLU pipeline; config.yml lists them in order."""
