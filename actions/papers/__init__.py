"""Papers: PDF documents a person can keep, print and send on. Layout lives here; facts and reasoning in `knowledge`."""
