"""The commands: each says what it takes and prints; the work is done by `study`."""
