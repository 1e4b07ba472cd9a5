"""Believable data of any size: a nationwide house and ten years of cases, written in bulk for trials of speed.

What a case leaves behind follows the rules of its office: deadlines, log, numbers, retention. Left out are letters,
files, Verfügungen, statements and what was asked of single persons.
"""
