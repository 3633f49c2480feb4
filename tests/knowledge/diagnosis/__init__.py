"""Tests of the diagnosis and the readiness test."""
