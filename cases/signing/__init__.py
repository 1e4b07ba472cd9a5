"""Who signs and co-signs a letter, and which signatures still hold."""
