"""Which programme fits a firm: conditions that can be checked, the trouble a programme helps with, and why.

The records of the pack tell what a programme is. ``packs/<pack>/programme_facts`` adds what a machine can weigh: who
can apply, which trouble it serves, cost and how to apply, each with its source. ``profile.py`` is what a firm says of
itself, ``conditions.py`` weighs conditions with three values (met, not met, unknown), ``finder.py`` ranks, and
``compare.py`` puts programmes side by side. Live announcements come in as further offers (``offers.Offer``).
Nothing here knows of Rasa or the web.
"""
