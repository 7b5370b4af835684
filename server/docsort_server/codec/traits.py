"""Stored form of what a page shows of where documents start and end."""

from __future__ import annotations

from docsort_server.engine.packet.traits import Look, PageTraits
from docsort_server.record.v1 import record_pb2 as record


def traits_to_record(traits: PageTraits) -> record.TraitsRecord:
    """Return the stored form of a page's traits."""
    return record.TraitsRecord(
        width=traits.width,
        height=traits.height,
        length=traits.length,
        look=traits.look,
        number=traits.number,
        total=traits.total,
        loose=traits.loose,
        lines=traits.lines,
        reference=traits.reference,
        names=traits.names,
        words=traits.words,
        language=traits.language,
        form=traits.form,
        font=traits.font,
    )


def traits_from_record(message: record.TraitsRecord) -> PageTraits:
    """Return stored traits."""
    return PageTraits(
        width=message.width,
        height=message.height,
        length=message.length,
        look=Look(message.look),
        number=message.number if message.HasField("number") else None,
        total=message.total if message.HasField("total") else None,
        loose=tuple(message.loose),
        lines=message.lines,
        reference=message.reference,
        names=message.names,
        words=message.words,
        language=message.language,
        form=message.form,
        font=message.font,
    )
