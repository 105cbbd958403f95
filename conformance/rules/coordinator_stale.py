"""Rules of connections that were never finalized (CC-CONN-017)."""

from __future__ import annotations

from conformance.rules import rule
from conformance.rules.answers import exchange_of
from conformance.rules.coordinator_confirmation import key_valid
from conformance.view import TraceView
from reports.verdict import Finding, Waiting


@rule
def there_or_swept(
    view: TraceView, read: str, confirmed: str = "", deleted: str = "", placed: str = "", agreed: str = ""
) -> Finding | Waiting:
    """The connection is read, or it is gone: then its key is not ``confirmed``, a deletion is answered 2xx or 404, and the
    room and the values that it had are there for another one."""
    seen = exchange_of(view, read)
    if seen.succeeded:
        return Finding.passed("it is there", evidence=seen.evidence)
    if seen.status != 404 or not placed:
        return Finding.failed(want="the connection, or 404", got=seen.told(), evidence=seen.evidence)
    question, deletion = exchange_of(view, confirmed), exchange_of(view, deleted)
    if key_valid(question) is True:
        return Finding.failed(want="a key that is void", got=question.told(), evidence=question.evidence)
    if not deletion.succeeded and deletion.status != 404:
        return Finding.failed(want="2xx or 404", got=deletion.told(), evidence=deletion.evidence)
    for each in (exchange_of(view, placed), exchange_of(view, agreed)):
        if not each.succeeded:
            return Finding.failed(want="its room and values given back", got=each.told(), evidence=each.evidence)
    return Finding.passed("it is gone with all it took", evidence=seen.evidence)
