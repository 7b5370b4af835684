"""What `docsort-server status` tells operators about a server and its job engine."""
