"""Tests of explaining texts and letters of credit."""
