"""Tests of the rules of origin."""
