"""What the tests notice: `python -m tests.mutation` turns single conditions and numbers around and runs the tests."""
