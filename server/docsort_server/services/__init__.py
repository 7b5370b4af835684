"""gRPC services: proto in, domain call, proto out."""
