"""Judge any implementation: requirements, targets, steps, rules, monitors, fuzzing, mutants, and the command line."""
