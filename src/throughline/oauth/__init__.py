"""Signing in: Authlib in, claims out."""
