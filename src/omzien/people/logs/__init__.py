"""Two linked logs: who looked at whose data, and which processing took place.

The *access log* follows BIO2 8.15.01 (action, object, result, origin, actor, timestamp) and
NEN 7513 (on whose behalf, why). The *processing log* has the shape of the Dutch standard
Logboek Dataverwerkingen, which forbids users in its lines. An operation id links the two.
Both are append-only and hash-chained per municipality: docs/operations/logs.md.
"""
