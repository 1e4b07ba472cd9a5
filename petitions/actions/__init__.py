"""The only code of petitions that writes: check, change, record, announce, in one transaction each."""
