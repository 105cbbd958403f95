"""The Federation Interconnect protocol: messages, operations, decisions, handlers, views."""
