"""The module that pytest collects: every scenario of the shipped features as a test."""
