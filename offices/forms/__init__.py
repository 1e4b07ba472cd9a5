"""Forms: they validate shape and existence; what may happen is decided by the actions."""

from offices.forms.base import DateField, DateInput, number, try_action, whole_number

__all__ = ["DateField", "DateInput", "number", "try_action", "whole_number"]
