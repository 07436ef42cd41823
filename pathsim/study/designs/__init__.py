"""The kinds of design of a study, a module each."""
