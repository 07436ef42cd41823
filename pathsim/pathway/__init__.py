"""What a pathway is: states, clocks, requests and resources, and the bricks that build them."""
