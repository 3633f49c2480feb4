"""What editors change at the desk, over the pack: versions of records, what is switched off, and when to review.

The pack's files stay as they are. ``served`` says what is on show instead of them, ``versions`` and ``switches`` change
it, ``typed`` and ``faults`` are about the form a record is written in. Pages are in ``channels/console``.
"""
