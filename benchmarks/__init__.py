"""What the claims about speed and about detection rest on."""
