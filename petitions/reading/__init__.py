"""What pages and actions ask about petitions; no writes."""
