"""Tests of the offices app."""
