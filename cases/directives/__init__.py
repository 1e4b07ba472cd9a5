"""The Verfügung: drafted, presented, issued; its points and its sheet."""
