"""What is measured: event log in, table or figure out."""
