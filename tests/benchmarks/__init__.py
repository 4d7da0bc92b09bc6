"""How fast, against what could be: `python -m tests.benchmarks --help`. Never timed by a test."""
