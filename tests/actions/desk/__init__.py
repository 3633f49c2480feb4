"""The people behind Naru: what holds when several of them press at once."""
