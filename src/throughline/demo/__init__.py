"""The demonstration: a synthetic borough, people to try it as, and the command that serves it."""
