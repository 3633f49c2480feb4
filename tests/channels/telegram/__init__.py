"""Tests of the Telegram channel, end to end against a local server that speaks the Bot API."""
