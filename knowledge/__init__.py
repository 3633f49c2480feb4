"""The trade domain: facts with their sources, the database, search and reasoning.

This room knows nothing of Rasa, FastAPI or any channel; the other rooms ask it questions.
"""
