"""The rules of an office as typed, pure data: parameters K1-K24, published presets, deputies."""
