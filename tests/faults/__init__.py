"""What happens to notices and mails when the processes that make them are killed: `make test-faults`."""
