"""Kein KRM: what belongs elsewhere leaves with proof."""
