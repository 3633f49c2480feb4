"""The record of what is done for a firm: its profile, its applications, and their delivery."""
