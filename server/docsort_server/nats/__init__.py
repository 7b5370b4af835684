"""The nats-server that belongs to this process: finding it, starting it, keeping it alive."""
