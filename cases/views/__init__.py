"""Views: GET shows, POST does and redirects; for htmx the changed part comes back."""
