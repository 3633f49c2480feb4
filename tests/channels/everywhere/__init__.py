"""One conversation held on every channel, through the channel's own wire, with the same facts."""
