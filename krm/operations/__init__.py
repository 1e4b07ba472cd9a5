"""Running the machine: backups, health, logs, processes, the technical page."""
