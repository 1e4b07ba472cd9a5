"""The only code that changes cases. Each action is atomic and has four beats: check, change, record, announce.

Arguments are keyword-only, `by` is the acting `Actor`; refusals are `NotAllowed` with a German sentence. Announcing
means leaving rows (a letter without PDF, a deadline) that background work picks up.
"""
