@FI-RACE-004 @FI-RACE-005 @FI-RACE-007 @op1 @op2
Feature: Adds that overlap, cross or are repeated
  Whatever overlaps, each operator ends with one record of the other, one set of zones, and the roles that were gained.

  Background:
    Given the operators have zones and federations, and have arranged to be partners

  Rule: The same partner is added once

    Scenario: ten adds at once
      When its peer sends ten adds to the target at once
      Then the target accepts one of them, or answers all alike (FI-RACE-004/1)
      And its peer can register an offered zone of the target at once (FI-RACE-004/2)

    Scenario: the operator orders the same add twice
      When the target is asked twice at once to add its peer, which refuses a second add
      Then the target ends with access and the zones of its peer, once each (FI-RACE-004/3)

  Rule: Two adds cross

    Scenario: each adds the other, and neither waits
      When the target adds its peer, which holds the answer
      And its peer sends its own add meanwhile
      Then the target answers it while its own add is open (FI-RACE-005/1)
      When the answer to the target is released
      Then the target shows its peer once, with access and share (FI-RACE-005/2)
      And its peer can register an offered zone of the target at once (FI-RACE-005/3)

  Rule: An add whose answer was lost is repeated

    Scenario: the peer repeats its add byte by byte
      When its peer's add is answered in vain, a zone is registered, and the add is repeated byte by byte
      Then the target answers the repeat as before or with a conflict, and loses nothing (FI-RACE-007/1)

    Scenario: the target meets a conflict when it repeats its add
      When the target adds its peer, whose answer is lost and who refuses the repeat with 409
      And the target adds its peer
      Then the target ends with access and the zones of its peer, or with a clear report (FI-RACE-007/3)
