"""Petitionen und Eingaben: a case with a shell, which comes down through outside bodies and goes back up through them.

What the request asks for, which stations it passes and until when, counted backward from the day it is due outside.
Stands on cases and offices; they know nothing of it.
"""
