"""The Gherkin vocabulary. Steps act through the session and claim by rules; they never assert."""
