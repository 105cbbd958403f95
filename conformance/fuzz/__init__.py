"""Fuzzing with our checks: schemathesis makes the requests, our monitors and rules judge what they do.

``ground`` brings a target to where there is something to break; ``contract`` is what schemathesis reads; ``courier``
carries its requests over the watched wire, in the counterpart's name; ``course`` runs it all and hands the trace to
the judge; ``finding`` tells what was found, and ``case`` keeps it so that it can be sent again.
"""
