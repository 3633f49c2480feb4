"""Tests, one folder a room; conversations/ holds whole dialogues, evaluation/ the questions Naru is measured on."""
