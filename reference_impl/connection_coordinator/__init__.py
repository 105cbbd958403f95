"""The Connection Coordinator protocol: messages, operations, decisions, handlers, views."""
