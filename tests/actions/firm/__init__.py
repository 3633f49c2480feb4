"""Tests of the firm's conversations: troubles, readiness, matching, announcements."""
