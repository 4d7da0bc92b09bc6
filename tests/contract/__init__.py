"""What front-ends are promised, kept by running it: `python -m tests.contract.record` writes the examples anew."""
