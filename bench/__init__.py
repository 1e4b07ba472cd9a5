"""`python -m bench`: how long the main pages take at two sizes of the database, beside a bare Django view and SQL."""
