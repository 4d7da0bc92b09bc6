"""Files that come in and go out: Common Transfer Files, and lists of support reports."""
