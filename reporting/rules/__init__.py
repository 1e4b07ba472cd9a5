"""Pure: what a fact, a period, a figure is, what may leave the house; standard library and each other."""
