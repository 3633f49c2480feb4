"""Letters of credit: fields, values, papers, dangers and contradictions, read from SWIFT messages and bank letters.

Nothing is guessed: what cannot be read is said to be unreadable, and what follows from UCP 600 is marked editorial.
"""
