"""Interviews: Naru asks for one thing at a time, lets itself be interrupted, and tells a result at the end.

``frame.py`` says what an interview is, ``steps.py`` holds the Rasa actions that run one, ``all.py`` lists them.
What is asked, and what comes of it, lives with each subject (``actions/trade``, ``actions/firm``).
"""
