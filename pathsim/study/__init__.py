"""What people plan: jobs made of scenarios, run, stored and reported."""
