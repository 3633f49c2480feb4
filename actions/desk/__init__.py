"""The people behind Naru: staff, the conversations handed to them, and what they do there.

What staff see and press is in ``channels/console``; here is what holds when two of them press at once.
"""
