"""GET shows, POST does and redirects."""
