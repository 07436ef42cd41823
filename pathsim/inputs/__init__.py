"""What people write: parameter files, strategies and scenarios, read and checked."""
