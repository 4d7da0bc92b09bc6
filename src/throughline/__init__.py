"""A portal that agencies share to help children early."""

__version__ = "0.1.0"
