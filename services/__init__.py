"""What an office asks, one module a question, with typed results: both front doors call the same function."""
