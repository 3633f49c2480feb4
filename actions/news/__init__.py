"""What Naru tells people without being asked just then, only with their consent and never at night.

``words.py`` knows the words that end it, ``consent.py`` keeps who wants what, ``quiet.py`` the night. ``noting.py``
writes down what happens, ``programmes.py`` finds new announcements, ``queue.py`` gives out what is due, ``telling.py``
words it; ``asking.py`` holds the steps of the conversation. Reminders of deadlines, which are asked for one by one,
live in ``actions/errands/reminding.py``.
"""
