"""Forms check shape and existence and build the arguments of an action; the action decides."""
