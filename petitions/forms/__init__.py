"""What is typed in on the pages of petitions: shape and existence; actions decide."""
