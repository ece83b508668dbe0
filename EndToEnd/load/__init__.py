"""Logins in numbers: a small provider that answers at once, and a driver of whole logins."""
