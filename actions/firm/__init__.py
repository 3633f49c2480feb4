"""The firm itself: what troubles it, how ready it is, which support fits, and what is announced today.

``hearing_profile.py`` takes facts out of free words, ``known.py`` keeps them, so that nothing is asked twice.
"""
