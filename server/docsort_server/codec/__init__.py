"""The record format of a job's log: domain entries to bytes and back."""

from docsort_server.codec.records import ProtoRecordCodec

__all__ = ["ProtoRecordCodec"]
