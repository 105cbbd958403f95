"""The Gherkin features: one file per documented table or milestone, shipped as package data."""
