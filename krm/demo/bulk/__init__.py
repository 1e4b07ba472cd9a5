"""A second writer beside the actions, for measuring only: a nationwide house and ten years of cases, in bulk.

What a case leaves behind follows the rules of its office: deadlines, log, numbers, retention. Left out are letters,
files, Verfügungen, statements and what was asked of single persons.
"""
