"""How people reach Naru: the web service and widget, and the command line. Other channels are adapters here."""
