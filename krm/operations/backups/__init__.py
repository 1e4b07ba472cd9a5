"""The whole of KRM in one file, and back: rows as lines of JSON, documents as they are, a checksum on each.

The file is a compressed tar archive, so that any administrator can look into it: head.json first, then the tables
in slices (tables/cases.Case/000001.ndjson), the documents (documents/ab/…), and manifest.json last, with the number of
rows and a checksum over each table. It does not depend on the kind of database. Everything is read and written piece
by piece: memory does not grow with the number of cases.
"""
