"""What can keep a nats-server from serving."""


class NatsServerError(Exception):
    """No nats-server can be found, started or used; the text says why and what to do."""
