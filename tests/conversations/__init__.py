"""Whole dialogues, written as they are spoken, and the test that holds them."""
