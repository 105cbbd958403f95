"""What a run leaves behind: records, traces, verdicts, and their renderings. Knows no protocol."""
